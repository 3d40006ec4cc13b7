import { badAnswer } from "./stock-failure.js";

/** What signals are computed from; the rest of a quote is not looked at. */
export interface Quote {
  /** ISO 8601, as stock-service writes it. */
  readonly timestamp: string;
  /** Closing price, above zero. */
  readonly close: number;
}

export interface QuotePage {
  readonly quotes: readonly Quote[];
  /** Cursor of the next page, if there is one. */
  readonly next: string | undefined;
}

/**
 * Reads a page of `GET /api/v1/data/{ticker}`. Fields that are not known are let through, so stock-service may be
 * deployed first when it learns something new.
 * @throws StockFailure for anything that is no such page
 */
export function readQuotePage(text: string, ticker: string): QuotePage {
  const page = parse(text);
  if (!isRecord(page) || !Array.isArray(page.quotes)) throw badAnswer("stock-service gave no list of quotes");
  const { nextCursor } = page;
  if (page.ticker !== ticker)
    throw badAnswer(`stock-service gave quotes of ${JSON.stringify(page.ticker)} instead of ${ticker}`);
  if (nextCursor !== undefined && nextCursor !== null && typeof nextCursor !== "string")
    throw badAnswer("stock-service gave a cursor that is no text");
  return { quotes: page.quotes.map(readQuote), next: nextCursor ?? undefined };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badAnswer("stock-service gave something that is not JSON", error);
  }
}

function readQuote(quote: unknown): Quote {
  if (!isRecord(quote)) throw badAnswer("stock-service gave a quote that is no object");
  const { timestamp, close } = quote;
  if (typeof timestamp !== "string" || Number.isNaN(Date.parse(timestamp)))
    throw badAnswer("stock-service gave a quote without a timestamp");
  if (typeof close !== "number" || !(close > 0) || close > Number.MAX_SAFE_INTEGER)
    throw badAnswer(`stock-service gave a quote without a sound closing price, at ${timestamp}`);
  return { timestamp, close };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
