import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { findChromium, type Chromium } from "./chromium";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const installed = findOrSkip();

/** Like `describe`; its tests count as skipped where Chromium is missing and cannot be fetched, and fail in CI. */
export const describeWithChromium = installed === undefined ? describe.skip : describe;

function findOrSkip(): Chromium | undefined {
  try {
    return findChromium();
  } catch (error) {
    if (process.env.CI === "true") throw error;
    process.stderr.write(`\n${(error as Error).message}The tests that need it are skipped.\n\n`);
    return undefined;
  }
}

/** A headless Chromium that notes what a page must not do. */
export class TestBrowser {
  public static async start(): Promise<TestBrowser> {
    return new TestBrowser(await chromium.launch({ ...installed, args: FLAGS }));
  }

  /** What pages wrote to their consoles, and errors in them. */
  public readonly complaints: string[] = [];
  /** The hosts that were asked for something. */
  public readonly hosts = new Set<string>();

  private constructor(private readonly browser: Browser) {}

  public async open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({
      viewport: { width: 1280, height: 900 },
      timezoneId: "UTC",
      ...options,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on("console", (message) => this.complaints.push(message.text()));
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("request", (request) => this.hosts.add(new URL(request.url()).host));
    await page.goto(url);
    return page;
  }

  public async closePages(): Promise<void> {
    await Promise.all(this.browser.contexts().map((context) => context.close()));
    this.complaints.length = 0;
    this.hosts.clear();
  }

  public stop(): Promise<void> {
    return this.browser.close();
  }
}
