import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { PageServer } from "../../../local/page/page-server";
import type { PageState } from "../../../local/page/page-state";
import { describeWithChromium, TestBrowser } from "./browser";
import { manyServices, service, state, task, tradingPlatform } from "./states";

jest.setTimeout(120_000);

describeWithChromium("the page", () => {
  let browser: TestBrowser;
  let server: PageServer;
  let current: PageState | Error;

  beforeAll(async () => {
    browser = await TestBrowser.start();
  });
  afterAll(() => browser.stop());
  beforeEach(async () => {
    current = tradingPlatform();
    const read = (): PageState => {
      if (current instanceof Error) throw current;
      return current;
    };
    server = await PageServer.start({ state: read, refreshMs: 20 });
  });
  afterEach(async () => {
    const { complaints, hosts } = browser;
    const seen = { complaints: [...complaints], hosts: [...hosts] };
    await browser.closePages();
    await server.stop();
    // no test leaves an error behind, and no page asks anybody else
    expect(seen).toEqual({ complaints: [], hosts: [new URL(server.url).host] });
  });

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await browser.open(server.url, options);
    await page.locator("#connection", { hasText: "Live" }).waitFor();
    await page.locator("#facts dd").first().waitFor();
    return page;
  }

  /** The cells of a table, row by row. */
  async function cells(page: Page, label: string): Promise<string[][]> {
    const rows = await page.getByRole("table", { name: label, exact: true }).locator("tbody tr").all();
    return Promise.all(rows.map((row) => row.getByRole("cell").allInnerTexts()));
  }

  const part = (page: Page, name: string): Locator => page.getByRole("region", { name, exact: true });

  test("says what runs where, and what is not as on AWS", async () => {
    const page = await open();
    expect(await page.title()).toBe("4/4 ready \u2013 trading-platform");
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe("trading-platform");
    expect(await page.locator("#facts > div").allInnerTexts()).toEqual([
      "Emulated AWS\nhttp://127.0.0.1:41234",
      "DNS server\n127.0.0.1:41235",
      "Services\n2 services, 4 of 4 tasks ready",
      "Last change\n14:52:03",
    ]);
    expect(await part(page, "Not as on AWS").getByRole("listitem").allInnerTexts()).toEqual(
      current instanceof Error ? [] : [...current.notes],
    );
  });

  test("shows the tasks of each service, and which address got which share of its requests", async () => {
    const page = await open();
    expect(await cells(page, "Tasks of stock-service")).toEqual([
      row("127.64.0.10:80", "0000000a", "3,000", "75.0%", "30.0", "0", "41010"),
      row("127.64.0.11:80", "0000000b", "1,000", "25.0%", "10.0", "7", "41011"),
    ]);
    expect(await page.getByRole("columnheader").allInnerTexts()).toEqual(
      expect.arrayContaining(["Address", "In Cloud Map", "Share of requests", "Requests/s", "Process"]),
    );
    const bars = page.locator("section", { hasText: "stock-service:1" }).locator(".service td.share .track");
    const parts = await bars.evaluateAll((all) =>
      all.map(
        (bar) =>
          (bar.firstElementChild?.getBoundingClientRect().width ?? 0) / bar.getBoundingClientRect().width,
      ),
    );
    expect(parts.map((width) => Math.round(width * 100))).toEqual(expect.arrayContaining([75, 25]));
    // a log that says nothing of requests
    expect((await cells(page, "Tasks of signal-processing-service"))[0]).toEqual(
      row("127.64.0.1:80", "00000001", "\u2013", "\u2013", "\u2013", "\u2013", "41001"),
    );
    const stock = part(page, "stock-service");
    const head = (await stock.locator(".service-head").innerText()).replaceAll(/\s+/g, " ");
    expect(head).toBe(
      "stock-service 2 of 2 ready Deployment completed stock-service.trading-platform.local \u00b7 stock-service:1 " +
        "\u00b7 cluster trading-platform \u00b7 4,000 requests \u00b7 40.0/s \u00b7 7 failed",
    );
  });

  test("shows what DNS answers, what was asked, and what happened", async () => {
    const page = await open();
    const name = "stock-service.trading-platform.local";
    expect(await cells(page, "DNS answers")).toEqual([
      [name, "A", "10 s", "127.64.0.10\n127.64.0.11"],
      [name, "SRV", "10 s", [10, 11].map((n) => `1 1 80 ${task(n).taskId}.${name}.`).join("\n")],
      ["signal-processing-service.trading-platform.local", "A", "60 s", "none"],
    ]);
    expect(await cells(page, "Latest questions to DNS")).toEqual([
      ["14:52:03", name, "A", "NOERROR", "127.64.0.10, 127.64.0.11", "127.64.0.1:40123"],
      ["14:52:03", name.replace("stock", "stork"), "A", "NXDOMAIN", "none", "127.64.0.1:40124"],
    ]);
    expect((await cells(page, "Events")).map(([, type, of]) => [type, of])).toEqual([
      ["task-healthy", "stock-service"],
      ["deployment-completed", "signal-processing-service"],
      ["api-answers", ""],
    ]);
    await page.getByLabel("Service", { exact: true }).selectOption("stock-service");
    expect(await cells(page, "Events")).toEqual([
      ["14:52:03", "task-healthy", "stock-service", "The task 0000000b of stock-service is healthy."],
    ]);
    // the choice stays, though nothing of it is left
    current = tradingPlatform({ events: [] });
    await page.getByText("Nothing has happened yet.").waitFor();
    expect(await page.getByLabel("Service", { exact: true }).inputValue()).toBe("stock-service");
  });

  test("draws who may call whom, and says it in words", async () => {
    const page = await open();
    const graph = page.getByRole("group", { name: "Call graph of 2 services and 2 calls" });
    expect(
      await graph.getByRole("link").evaluateAll((all) => all.map((a) => a.getAttribute("aria-label"))),
    ).toEqual(["signal-processing-service: 2 of 2 ready, deployed", "stock-service: 2 of 2 ready, deployed"]);
    expect(await graph.locator(".ports text").allTextContents()).toEqual([":80", ":80"]);
    expect(await graph.locator(".outside .name").allTextContents()).toEqual(["10.0.0.0/16"]);
    await page.getByText("The calls as text").click();
    expect(await page.locator("#calls-list li").allInnerTexts()).toEqual([
      "signal-processing-service may call stock-service on port 80.",
      "10.0.0.0/16 may call signal-processing-service on port 80.",
    ]);
    // a box leads to its service
    await graph.getByRole("link").nth(1).focus();
    await page.keyboard.press("Enter");
    await page.locator(".service:target", { hasText: "stock-service:1" }).waitFor();
  });

  test("follows a task that is killed: its row, the shares, the graph", async () => {
    const page = await open();
    const { services } = tradingPlatform();
    const [signal, stock] = services as [(typeof services)[number], (typeof services)[number]];
    const [first, second] = stock.tasks as [(typeof stock.tasks)[number], (typeof stock.tasks)[number]];
    await page.evaluate(() => {
      const rows = document.querySelectorAll("[aria-label='Tasks of stock-service'] tbody tr");
      rows.forEach((each, index) => each.setAttribute("data-was", `${index}`));
    });
    const killed = {
      ...first,
      status: "STOPPED" as const,
      health: "UNHEALTHY" as const,
      registered: false,
      pids: [],
      stoppedReason: "Essential container in task exited",
    };
    const busier = { ...second, requests: { total: 9000, failed: 7, perSecond: 40 } };
    const less = { ...stock, readyCount: 1, deployment: "IN_PROGRESS" as const };
    current = tradingPlatform({ services: [signal, { ...less, tasks: [killed, busier, task(12)] }] });
    await page.getByText("Essential container in task exited").waitFor();
    expect(await cells(page, "Tasks of stock-service")).toMatchObject(
      [
        ["127.64.0.10:80", "0000000a", "Stopped\nEssential container in task exited", "Unhealthy", "No"],
        ["127.64.0.11:80", "0000000b", "Running", "Healthy", "Yes"],
        ["127.64.0.12:80", "0000000c", "Running", "Healthy", "Yes"],
      ].map((start) => expect.arrayContaining(start) as string[]),
    );
    expect((await cells(page, "Tasks of stock-service")).map((each) => each[7])).toEqual([
      "25.0%",
      "74.9%",
      "0.1%",
    ]);
    const box = page.getByRole("link", { name: "stock-service: 1 of 2 ready, deploying" });
    expect(await box.locator(".fill").getAttribute("width")).toBe(
      `${Number(await box.locator(".track").getAttribute("width")) / 2}`,
    );
    current = tradingPlatform({ services: [signal, { ...less, tasks: [busier] }] });
    await page.getByText("Essential container in task exited").waitFor({ state: "detached" });
    expect((await cells(page, "Tasks of stock-service")).map((each) => each[7])).toEqual(["100.0%"]);
    // the row that stayed is the one that was there
    const rows = page.getByRole("table", { name: "Tasks of stock-service" }).locator("tbody tr");
    expect(await rows.first().getAttribute("data-was")).toBe("1");
  });

  test("keeps the selection, the focus and the scroll position while it changes", async () => {
    const fifty = Array.from({ length: 50 }, (_, n) => task(n + 1));
    current = tradingPlatform({ services: [service("stock-service", fifty)] });
    const page = await open();
    const region = part(page, "Tasks of stock-service");
    const selected = await region.evaluate((node) => {
      node.scrollTop = 400;
      (node as HTMLElement).focus();
      const cell = node.querySelectorAll("tbody td")[22];
      if (cell) getSelection()?.selectAllChildren(cell);
      return getSelection()?.toString();
    });
    expect(selected).toBe("127.64.0.3:80");
    current = tradingPlatform({
      services: [
        service(
          "stock-service",
          fifty.slice(1).map((one) => ({ ...one, status: "STOPPING" as const })),
        ),
      ],
    });
    await region.getByText("Stopping").nth(48).waitFor();
    const after = await region.evaluate((node) => ({
      selection: getSelection()?.toString(),
      focused: document.activeElement === node,
      scrolled: node.scrollTop > 300,
    }));
    expect(after).toEqual({ selection: "127.64.0.3:80", focused: true, scrolled: true });
  });

  test("shows HTML in names and messages as the text that it is", async () => {
    const html = `<img src=x onerror="document.title='hit'"><script>document.title='hit'</script>&amp;"'`;
    const evil = service(
      html,
      [task(1, { stoppedReason: html, address: html, taskId: html, status: "STOPPED" })],
      {
        cluster: html,
        host: html,
        taskDefinition: html,
      },
    );
    current = state({
      stack: html,
      endpoint: html,
      dns: html,
      notes: [html],
      services: [evil],
      calls: [
        { from: html, to: html, port: 80 },
        { from: "<b>outside</b>", to: html, port: 81 },
      ],
      names: [{ name: html, type: "A", ttl: 1, answers: [html] }],
      queries: [{ at: html, name: html, type: html, status: html, answers: [html], from: html }],
      events: [{ at: html, type: html, message: html, service: html }],
    });
    const page = await open();
    await page.getByText("Nothing", { exact: true }).waitFor({ state: "detached" });
    expect(await page.title()).toBe(`1/1 ready \u2013 ${html}`);
    expect(await page.locator("img, main script, main b").count()).toBe(0);
    expect(await page.locator("h1").innerText()).toBe(html);
    expect((await cells(page, "Events"))[0]).toEqual([html, html, html, html]);
    expect((await cells(page, `Tasks of ${html}`))[0]?.slice(0, 3)).toEqual([
      `${html}:80`,
      html.slice(0, 8),
      `Stopped\n${html}`,
    ]);
    expect(await page.locator(".node title").allTextContents()).toEqual([html, "<b>outside</b>"]);
    // its link still leads to it
    await page.locator("#graph a").focus();
    await page.keyboard.press("Enter");
    await page.locator(".service:target").waitFor();
  });

  test("says that there is nothing yet", async () => {
    current = state();
    const page = await open();
    expect(await page.title()).toBe("trading-platform");
    expect(await page.locator(".empty:visible").allInnerTexts()).toEqual([
      "There is nothing to draw yet.",
      "There are no services yet. They come here as soon as they have been deployed.",
      "Cloud Map has no names yet.",
      "Nobody has asked yet.",
      "Nothing has happened yet.",
    ]);
    // and gets all of it later
    current = tradingPlatform();
    await page.getByRole("link", { name: "stock-service: 2 of 2 ready, deployed" }).waitFor();
    expect(await page.locator(".empty:visible").count()).toBe(0);
    current = state();
    await page.getByText("There are no services yet.").waitFor();
  });

  test("shows why the state cannot be read, and goes on when it can", async () => {
    const page = await open();
    current = new Error("the emulator does not answer.");
    const alert = page.getByRole("alert");
    await alert.waitFor();
    expect(await alert.innerText()).toBe(
      "The state cannot be read: the emulator does not answer. Below is the state of 14:52:03.",
    );
    expect((await cells(page, "Tasks of stock-service")).length).toBe(2);
    current = tradingPlatform();
    await alert.waitFor({ state: "hidden" });
  });

  test("says that the platform has ended, and keeps its last state", async () => {
    const page = await open();
    await server.stop();
    await page.locator("#connection", { hasText: "Ended" }).waitFor();
    expect(await page.getByRole("alert").innerText()).toBe(
      "The platform has ended. Below is the state of 14:52:03. When it runs again, load this page anew.",
    );
    expect((await cells(page, "Tasks of stock-service")).length).toBe(2);
  });

  test("says that it connects again when the connection is lost, and is live when it has", async () => {
    const page = await open();
    await page.context().setOffline(true);
    // Chromium ends no stream that is open when it goes offline, so the stream is opened anew
    await page.route("**/events", (route) => route.abort("connectionrefused"));
    await page.context().setOffline(false);
    await page.reload();
    await page.locator("#connection", { hasText: "Reconnecting" }).waitFor();
    expect(await page.getByRole("alert").innerText()).toBe("The platform does not answer; trying again.");
    await page.unroute("**/events");
    await page.locator("#connection", { hasText: "Live" }).waitFor();
    await page.getByRole("alert").waitFor({ state: "hidden" });
    expect((await cells(page, "Tasks of stock-service")).length).toBe(2);
    // what Chromium itself writes of a refused connection
    expect(browser.complaints.every((text) => text.includes("ERR_CONNECTION_REFUSED"))).toBe(true);
    browser.complaints.length = 0;
  });

  test.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 400],
    ["dark", 400],
  ] as const)("can be read in %s, %i pixels wide", async (colorScheme, width) => {
    const page = await open({ colorScheme, viewport: { width, height: 900 } });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    // every text against what is behind it, as WCAG 2.2 measures it for level AA
    expect(await page.evaluate(contrasts)).toEqual([]);
    const hidden = await page
      .locator("td:visible")
      .evaluateAll((all) =>
        all.flatMap((td) => (td.scrollWidth > td.clientWidth + 1 ? [td.textContent] : [])),
      );
    expect(hidden).toEqual([]);
    // cells that are laid out as a card are cells still
    expect((await cells(page, "Tasks of stock-service"))[0]).toHaveLength(11);
  });

  test.each([1280, 400])(
    "draws 20 services with cycles, %i pixels wide, without a box on another",
    async (width) => {
      const many = manyServices(20, 2);
      const names = many.services.map(({ service }) => service);
      const more = [
        { from: "service-1", to: "service-1", port: 7946 },
        { from: "service-6", to: "service-5", port: 80 },
        { from: "service-5", to: "service-6", port: 80 },
      ];
      current = { ...many, calls: [...many.calls.filter(({ to }) => to !== "service-20"), ...more] };
      const page = await open({ viewport: { width, height: 900 } });
      const graph = page.getByRole("group", { name: /^Call graph of 20 services/ });
      expect(await graph.getByRole("link").count()).toBe(names.length);
      const { boxes, picture } = await graph.evaluate((svg) => ({
        picture: svg.getBoundingClientRect().toJSON() as DOMRect,
        boxes: [...svg.querySelectorAll(".frame")].map(
          (box) => box.getBoundingClientRect().toJSON() as DOMRect,
        ),
      }));
      const pairs = boxes.flatMap((a, index) => boxes.slice(index + 1).map((b) => [a, b] as const));
      const touching = pairs.filter(
        ([a, b]) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom,
      );
      expect(touching).toEqual([]);
      for (const box of boxes) {
        expect(box.left).toBeGreaterThanOrEqual(picture.left);
        expect(box.right).toBeLessThanOrEqual(picture.right);
        expect(box.top).toBeGreaterThanOrEqual(picture.top);
        expect(box.bottom).toBeLessThanOrEqual(picture.bottom);
      }
      // each call is one arrow, from the edge of its caller to the edge of whom it calls
      const pairsOfCalls = new Set(current.calls.map(({ from, to }) => `${from} ${to}`));
      expect(await graph.locator(".lines path").count()).toBe(pairsOfCalls.size);
      const arrows = await graph.evaluate((svg) => {
        const scale = svg.getBoundingClientRect().width / (svg as SVGSVGElement).viewBox.baseVal.width;
        const { left, top } = svg.getBoundingClientRect();
        const places = [...svg.querySelectorAll(".node")].map((node) => ({
          name: node.querySelector("title")?.textContent,
          box: node.getElementsByClassName("frame")[0]?.getBoundingClientRect() ?? new DOMRect(),
        }));
        const at = ({ x, y }: DOMPoint): string | undefined =>
          places.find(
            ({ box }) =>
              left + x * scale > box.left - 3 &&
              left + x * scale < box.right + 3 &&
              top + y * scale > box.top - 3 &&
              top + y * scale < box.bottom + 3,
          )?.name;
        return [...svg.querySelectorAll<SVGPathElement>(".lines path")].map(
          (path) => `${at(path.getPointAtLength(0))} ${at(path.getPointAtLength(path.getTotalLength()))}`,
        );
      });
      expect(arrows.sort()).toEqual([...pairsOfCalls].sort());
    },
  );
});

/** The cells of a task that runs, is healthy and in Cloud Map. */
function row(
  address: string,
  id: string,
  requests: string,
  share: string,
  perSecond: string,
  failed: string,
  pid: string,
): string[] {
  return [address, id, "Running", "Healthy", "Yes", "14:50:00", requests, share, perSecond, failed, pid];
}

/** Runs in the browser: texts that are too faint, with their contrast. */
function contrasts(): string[] {
  const channels = (color: string): number[] => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color: string): number => {
    const [r = 0, g = 0, b = 0] = channels(color).map((value) =>
      value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node: Element | null): string => {
    if (!node) return "rgb(255, 255, 255)";
    const frame = node.closest("svg") ? node.parentElement?.querySelector(":scope > .frame") : undefined;
    if (frame) return getComputedStyle(frame).fill;
    const color = getComputedStyle(node).backgroundColor;
    return channels(color)[3] === 0 ? behind(node.parentElement) : color;
  };
  return [...document.body.querySelectorAll("*")].flatMap((node) => {
    const text = [...node.childNodes].some(
      (child) => child.nodeType === Node.TEXT_NODE && child.nodeValue?.trim(),
    );
    if (!text || !node.checkVisibility() || node.tagName === "title") return [];
    const style = getComputedStyle(node);
    const [a, b] = [luminance(node.closest("svg") ? style.fill : style.color), luminance(behind(node))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    return contrast < 4.5 ? [`${node.textContent}: ${contrast.toFixed(2)}`] : [];
  });
}
