import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import type { PageState } from "./page-state";
import { StateFeed, type Update } from "./state-feed";

export interface PageServerOptions {
  /** What the page shows, at the moment of the call. Where it throws, the page shows why until it does not. */
  readonly state: () => PageState | Promise<PageState>;
  /** @default 0, a free one */
  readonly port?: number;
  /** How long to wait between two readings of the state while a browser is connected, in milliseconds. @default 500 */
  readonly refreshMs?: number;
  /** How long `state` may take until the page shows that as an error, in milliseconds. @default 5000 */
  readonly timeoutMs?: number;
}

interface PageFile {
  readonly type: string;
  readonly content: Buffer;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

const ADDRESS = "127.0.0.1";
/** What runs in the browser. */
const FOLDER = join(__dirname, "browser");
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};
const SECURITY = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-store",
};
const METHODS: readonly string[] = ["GET", "HEAD"];
const TEXT = "text/plain; charset=utf-8";
/** What a browser waits before it connects again, in milliseconds. */
const RETRY_MS = 1000;
/** What a browser has to take the last message, in milliseconds. */
const FAREWELL_MS = 500;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Serves the live page of the local platform, to this machine alone: the page at `/`, the state as JSON at
 * `/state.json`, and at `/events` the state as server-sent events whenever it changed.
 *
 * ```ts
 * const page = await PageServer.start({ state: () => platform.state() });
 * console.log(page.url); // http://127.0.0.1:41236/
 * await page.stop();
 * ```
 */
export class PageServer {
  /** @throws Error where an option cannot be used, or the port cannot be had */
  public static async start(options: PageServerOptions): Promise<PageServer> {
    const { state, port = 0, refreshMs = 500, timeoutMs = 5000 } = options;
    checkState(state);
    checkPort(port);
    checkDuration("refreshMs", refreshMs);
    checkDuration("timeoutMs", timeoutMs);
    const files = await readFiles();
    const server = createServer();
    server.listen(port, ADDRESS);
    try {
      await once(server, "listening");
    } catch (error) {
      throw new Error(
        `the page cannot be served on ${ADDRESS}, port ${port}: ${(error as Error).message}. ` +
          advice((error as NodeJS.ErrnoException).code),
        { cause: error },
      );
    }
    return new PageServer(server, files, new StateFeed({ state, refreshMs, timeoutMs }));
  }

  /** Where the page is, for example `http://127.0.0.1:41236/`. */
  public readonly url: string;
  private readonly hosts: ReadonlySet<string>;
  private readonly streams = new Set<ServerResponse>();
  private stopping: Promise<void> | undefined;

  private constructor(
    private readonly server: Server,
    private readonly files: ReadonlyMap<string, PageFile>,
    private readonly feed: StateFeed,
  ) {
    const { port } = server.address() as AddressInfo;
    const names = [ADDRESS, "localhost", "[::1]"];
    this.url = `http://${ADDRESS}:${port}/`;
    // browsers leave out the port that a scheme has by default
    this.hosts = new Set([...names.map((name) => `${name}:${port}`), ...(port === 80 ? names : [])]);
    server.on("request", (request, response) => void this.serve(request, response));
  }

  /** Tells the browsers that it ends, then ends all connections and timers. May be called twice. */
  public stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  private async end(): Promise<void> {
    const closed = once(this.server, "close");
    this.feed.stop();
    this.server.close();
    this.streams.forEach((stream) => stream.end("event: ended\ndata: {}\n\n"));
    const deadline = setTimeout(() => this.server.closeAllConnections(), FAREWELL_MS);
    await closed;
    clearTimeout(deadline);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    const refusal = this.refusalOf(request);
    if (!refusal && path === "/events") {
      this.serveEvents(request, response);
      return;
    }
    const { status, type, body, headers } = refusal ?? (await this.answer(path));
    response.writeHead(status, {
      ...SECURITY,
      ...headers,
      "Content-Type": type,
      "Content-Length": Buffer.byteLength(body),
    });
    // to HEAD, Node sends the headers alone
    response.end(body);
  }

  private refusalOf({ method = "", headers }: IncomingMessage): Answer | undefined {
    // a page of somewhere else may have had its name pointed at this machine, to read what is served here
    if (!this.hosts.has((headers.host ?? "").toLowerCase())) {
      return { status: 421, type: TEXT, body: `This is ${this.url} and answers to no other host.\n` };
    }
    if (METHODS.includes(method)) return undefined;
    const body = `Here everything is read only: use ${METHODS.join(" or ")}.\n`;
    return { status: 405, type: TEXT, body, headers: { Allow: METHODS.join(", ") } };
  }

  private async answer(path: string): Promise<Answer> {
    if (path === "/state.json") {
      const { type, json } = await this.feed.read();
      return { status: type === "state" ? 200 : 503, type: "application/json", body: json };
    }
    const file = this.files.get(path);
    if (file) return { status: 200, type: file.type, body: file.content };
    const body = "There is no such page. The page is at /, its data at /state.json.\n";
    return { status: 404, type: TEXT, body };
  }

  private serveEvents(request: IncomingMessage, response: ServerResponse): void {
    const type = "text/event-stream; charset=utf-8";
    response.writeHead(200, { ...SECURITY, "Content-Type": type, Connection: "close" });
    if (request.method === "HEAD") {
      response.end();
      return;
    }
    response.write(`retry: ${RETRY_MS}\n\n`);
    let waiting: Update | undefined;
    const tell = (update: Update): void => {
      if (response.writableEnded) return;
      // a browser that does not read gets the latest state when it does, and not all those in between
      waiting = response.writableNeedDrain ? update : undefined;
      if (!waiting) response.write(`event: ${update.type}\ndata: ${update.json}\n\n`);
    };
    response.on("drain", () => waiting && tell(waiting));
    const leave = this.feed.listen(tell);
    this.streams.add(response);
    response.once("close", () => {
      leave();
      this.streams.delete(response);
    });
  }
}

/** By their paths. */
async function readFiles(): Promise<Map<string, PageFile>> {
  const files = new Map<string, PageFile>();
  for (const name of await readdir(FOLDER)) {
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    files.set(name === "index.html" ? "/" : `/${name}`, {
      type,
      content: await readFile(join(FOLDER, name)),
    });
  }
  return files;
}

function checkState(state: unknown): void {
  if (typeof state === "function") return;
  throw new Error(`the page's state is ${String(state)}: it must be a function that returns a PageState.`);
}

function checkPort(port: number): void {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return;
  throw new Error(`the page's port is ${port}: it must be 0, for a free one, or 1 to 65535.`);
}

function checkDuration(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= LONGEST_TIMER_MS) return;
  throw new Error(
    `the page's ${name} is ${value}: it must be a whole number of milliseconds from 1 to ${LONGEST_TIMER_MS}.`,
  );
}

function advice(code = ""): string {
  if (code === "EADDRINUSE") return "Another process listens there: end it, or use port 0 for a free one.";
  if (code === "EACCES")
    return "Ports below 1024 need root or CAP_NET_BIND_SERVICE: use port 0 for a free one.";
  return "Use port 0 for a free one.";
}
