import { type Dispatcher, request } from "undici";
import { type Deadline, TIMEOUT_HEADER } from "./deadline.js";
import { PROBLEM_TYPE } from "./problem.js";
import { type Quote, type QuotePage, readQuotePage } from "./quote-page.js";
import { StockFailure, badAnswer, failureOfError, failureOfStatus } from "./stock-failure.js";

/** Tasks that are asked for one page before the request fails. Three, as the discovery client's own two retries make. */
const MAX_ATTEMPTS = 3;
/** Bytes of the largest answer that is read: a thousand quotes take a tenth of it. */
const MAX_BYTES = 2 * 1024 * 1024;
/** In the problem document of a ticker that stock-service does not know. Another 404 is not its, or of another path. */
const UNKNOWN_TICKER = `${PROBLEM_TYPE}unknown-ticker`;

export interface StockClientOptions {
  readonly baseUrl: URL;
  /** Finds a task for each request: the discovery client. */
  readonly dispatcher: Dispatcher;
  /** For which a task may pause in the middle of an answer. Until its beginning it is the dispatcher that watches. */
  readonly bodyTimeoutMs: number;
  /** Quotes to ask for at once. */
  readonly pageSize: number;
}

/** Which quotes. Both ends belong to the range, and an end that is not given is open. */
export interface QuoteRange {
  readonly ticker: string;
  readonly from?: string;
  readonly to?: string;
}

/** On whose behalf. */
export interface Call {
  readonly deadline: Deadline;
  /** Ties the log lines of both services together. */
  readonly requestId: string;
  /** Told of each failed attempt that was made up for. */
  readonly onRetry?: (failure: StockFailure) => void;
}

/** Reads quotes from stock-service. Rejects with a `StockFailure`, or with `CallerGone`. */
export class StockClient {
  public constructor(private readonly options: StockClientOptions) {}

  /**
   * The quotes of a range, oldest first, page by page. A page is fetched when it is asked for and not before, so a slow
   * reader slows stock-service down instead of filling our memory.
   */
  public async *quotes(range: QuoteRange, call: Call): AsyncGenerator<readonly Quote[]> {
    let cursor: string | undefined;
    let last: number | undefined;
    do {
      const page = await this.page(range, cursor, call);
      last = assertAscending(page.quotes, last);
      if (page.quotes.length === 0 && page.next !== undefined)
        throw badAnswer("stock-service gave an empty page that is not the last one");
      if (page.quotes.length > 0) yield page.quotes;
      cursor = page.next;
    } while (cursor !== undefined);
  }

  private async page(range: QuoteRange, cursor: string | undefined, call: Call): Promise<QuotePage> {
    const url = this.pageUrl(range, cursor);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(url, range.ticker, call);
      } catch (error) {
        if (!(error instanceof StockFailure && error.worthRetrying) || attempt === MAX_ATTEMPTS) throw error;
        call.onRetry?.(error);
      }
    }
  }

  private pageUrl({ ticker, from, to }: QuoteRange, cursor: string | undefined): URL {
    const { baseUrl, pageSize } = this.options;
    const url = new URL(baseUrl);
    url.pathname = `${baseUrl.pathname.replace(/\/$/, "")}/api/v1/data/${encodeURIComponent(ticker)}`;
    const query = { from, to, limit: String(pageSize), cursor };
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, value);
    return url;
  }

  /** Asks once. Nothing of the answer is used before all of it has come: two tasks' halves are never put together. */
  private async attempt(url: URL, ticker: string, { deadline, requestId }: Call): Promise<QuotePage> {
    let begun = false;
    try {
      const response = await deadline.race(
        request(url, {
          dispatcher: this.options.dispatcher,
          signal: deadline.signal,
          bodyTimeout: this.options.bodyTimeoutMs,
          headers: {
            accept: "application/json",
            "x-request-id": requestId,
            [TIMEOUT_HEADER]: String(deadline.remainingMs),
          },
        }),
      );
      begun = true;
      const { statusCode, headers, body } = response;
      if (statusCode === 200) return readQuotePage(await deadline.race(readText(body)), ticker);
      const explanation = await deadline.race(readText(body));
      if (statusCode === 404 && explanation.includes(`"${UNKNOWN_TICKER}"`)) throw unknownTicker(ticker);
      throw failureOfStatus(statusCode, headers["retry-after"]?.toString());
    } catch (error) {
      // undici and its interceptors wrap the reason of an abort, each in its way; the signal has it as it was
      throw failureOfError(deadline.signal.aborted ? deadline.signal.reason : error, begun);
    }
  }
}

async function readText(body: Dispatcher.ResponseData["body"]): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    // leaving the loop destroys the body, and with it the connection
    if (length > MAX_BYTES) throw badAnswer(`stock-service gave an answer of more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * Indicators need the order of time. It also is what ends the walk through a cursor that leads in a circle.
 * @returns the time of the last quote, milliseconds
 */
function assertAscending(quotes: readonly Quote[], last: number | undefined): number | undefined {
  for (const { timestamp } of quotes) {
    const time = Date.parse(timestamp);
    if (last !== undefined && time <= last)
      throw badAnswer(`stock-service gave the quote of ${timestamp} after a later one`);
    last = time;
  }
  return last;
}

function unknownTicker(ticker: string): StockFailure {
  return new StockFailure({
    status: 404,
    kind: "unknown-ticker",
    detail: `stock-service has no quotes of ${ticker}`,
  });
}
