import { once } from "node:events";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface FakeQuote {
  readonly timestamp: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** Closing prices as quotes of successive days. */
export const quotesOf = (closes: readonly number[]): FakeQuote[] =>
  closes.map((close, i) => quoteAt(i, close));

export function quoteAt(index: number, close: number): FakeQuote {
  const timestamp = new Date(Date.UTC(2000, 0, 1 + index)).toISOString().replace(".000Z", "Z");
  return { timestamp, open: close, high: close, low: close, close, volume: 1 };
}

/** A wave, so that every indicator has crossings. */
export const wave = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => 100 + 20 * Math.sin(i / 7) + (i % 3));

type Behaviour = (request: IncomingMessage, response: ServerResponse, url: URL) => void;

/**
 * Speaks stock-service's protocol on a real socket, and misbehaves where a test says so: `behaviours` are used up one per
 * request, `always` is used when there are none left.
 */
export class FakeStockService {
  public readonly requests: { url: URL; headers: IncomingMessage["headers"]; aborted: boolean }[] = [];
  public behaviours: Behaviour[] = [];
  public always: Behaviour = (_request, response, url) => this.servePage(response, url);
  /** How many quotes TICKER_1 has, and what they closed at. */
  public count = 0;
  public closeAt: (index: number) => number = () => 1;

  private readonly server = createServer((request, response) => {
    const url = new URL(String(request.url), "http://fake");
    const entry = { url, headers: request.headers, aborted: false };
    this.requests.push(entry);
    response.on("close", () => (entry.aborted = !response.writableFinished));
    (this.behaviours.shift() ?? this.always)(request, response, url);
  });

  public async listen(host = "127.0.0.3", port = 0): Promise<this> {
    this.server.listen(port, host);
    await once(this.server, "listening");
    return this;
  }

  public get address(): AddressInfo {
    return this.server.address() as AddressInfo;
  }

  public get url(): string {
    return `http://${this.address.address}:${this.address.port}`;
  }

  public use(closes: readonly number[]): void {
    this.count = closes.length;
    this.closeAt = (index) => Number(closes[index]);
  }

  public servePage(response: ServerResponse, url: URL): void {
    const ticker = decodeURIComponent(String(url.pathname.split("/").pop()));
    if (ticker !== "TICKER_1") {
      const type = "tag:trading-platform.local,2026:unknown-ticker";
      send(
        response,
        404,
        { type, title: "Not Found", status: 404, detail: "none" },
        "application/problem+json",
      );
      return;
    }
    const start = Number(url.searchParams.get("cursor") ?? 0);
    const end = Math.min(this.count, start + Number(url.searchParams.get("limit")));
    const quotes = Array.from({ length: end - start }, (_, i) => quoteAt(start + i, this.closeAt(start + i)));
    send(response, 200, { ticker, quotes, nextCursor: end < this.count ? String(end) : null });
  }

  public async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

export function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  type = "application/json",
): void {
  response.writeHead(status, { "content-type": type });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

/** Half of a page, and then nothing. */
export function sendHalf(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json", "content-length": 10_000 });
  response.write('{"ticker":"TICKER_1","quotes":[');
}
