import type { Database } from "./database.js";
import { formatInstant, parseInstant } from "./instant.js";

/** What a ticker traded at in one period, which begins at `timestamp`. */
export interface Quote {
  /** ISO 8601. */
  readonly timestamp: string;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** A ticker, and when its first and its last quote are. */
export interface TickerSummary {
  readonly ticker: string;
  readonly first: string;
  readonly last: string;
}

/** Both ends belong to the range; milliseconds since 1970. */
export interface Range {
  readonly from?: number;
  readonly to?: number;
}

/** Where a page begins and how long it is at most. */
export interface PageRequest<Position> {
  /** What the last page ended with. @default - the beginning */
  readonly after?: Position;
  readonly limit: number;
}

/** Quotes were to be added that are there already; none was added. */
export class QuotesExistError extends Error {
  public override readonly name = "QuotesExistError";

  /** @param timestamps of the quotes that are there, as they are stored */
  public constructor(
    public readonly ticker: string,
    public readonly timestamps: readonly string[],
  ) {
    super(`${ticker} has ${timestamps.length} of these quotes already`);
  }
}

interface Row extends Omit<Quote, "timestamp"> {
  readonly timestamp: number;
}

/** The first and last instants that ECMAScript knows. */
const EVER = 8.64e15;

/**
 * The stored quotes. All pages are cut by position (after this ticker, after this instant), never by counting rows, so
 * that a quote that is there while all pages are read is on exactly one of them, whatever is written in between.
 */
export class Quotes {
  readonly #statements;

  public constructor(private readonly database: Database) {
    this.#statements = prepare(database);
  }

  /** Tickers in alphabetical order. */
  public tickers({
    after = "",
    limit,
  }: PageRequest<string>): Promise<{ tickers: TickerSummary[]; more: boolean }> {
    return this.database.read(() => {
      const rows = this.#statements.tickers.all({ after, limit: limit + 1 });
      const tickers = rows.slice(0, limit).map(({ ticker, first, last }) => ({
        ticker,
        first: formatInstant(first),
        last: formatInstant(last),
      }));
      return { tickers, more: rows.length > limit };
    });
  }

  /** Quotes of a ticker in order of time, or undefined for a ticker that has none at all. */
  public page(
    ticker: string,
    { from = -EVER, to = EVER, after = -EVER - 1, limit }: Range & PageRequest<number>,
  ): Promise<{ quotes: Quote[]; more: boolean } | undefined> {
    return this.database.read(() => {
      const rows = this.#statements.page.all(ticker, Math.max(from, after + 1), to, limit + 1);
      if (rows.length === 0 && !this.#isKnown(ticker)) return undefined;
      const quotes = rows
        .slice(0, limit)
        .map(({ timestamp, ...values }) => ({ timestamp: formatInstant(timestamp), ...values }));
      return { quotes, more: rows.length > limit };
    });
  }

  /**
   * Adds all of the quotes or none.
   * @throws QuotesExistError if one is there already
   */
  public add(ticker: string, quotes: readonly Quote[]): Promise<void> {
    return this.database.write(() => {
      const existing = quotes
        .filter((quote) => !this.#insert(ticker, quote))
        .map(({ timestamp }) => timestamp);
      if (existing.length === 0) return;
      throw new QuotesExistError(
        ticker,
        existing.map((timestamp) => formatInstant(instantOf(timestamp))),
      );
    });
  }

  /** Adds the quotes that are not there and leaves the others alone; returns how many were added. */
  public addMissing(ticker: string, quotes: readonly Quote[]): Promise<number> {
    return this.database.write(() => quotes.filter((quote) => this.#insert(ticker, quote)).length);
  }

  /** Adds quotes, and replaces those that are there; all or none. */
  public put(
    ticker: string,
    quotes: readonly Quote[],
  ): Promise<{ isNewTicker: boolean; added: number; replaced: number }> {
    return this.database.write(() => {
      const isNewTicker = !this.#isKnown(ticker);
      const added = quotes.filter((quote) => {
        if (this.#insert(ticker, quote)) return true;
        this.#statements.replace.run({ ...quote, ticker, timestamp: instantOf(quote.timestamp) });
        return false;
      }).length;
      return { isNewTicker, added, replaced: quotes.length - added };
    });
  }

  /** Removes the quotes of a range, or undefined for a ticker that has none at all; returns how many there were. */
  public remove(ticker: string, { from = -EVER, to = EVER }: Range): Promise<number | undefined> {
    return this.database.write(() => {
      if (!this.#isKnown(ticker)) return undefined;
      return this.#statements.remove.run(ticker, from, to).changes;
    });
  }

  #isKnown(ticker: string): boolean {
    return this.#statements.isKnown.get(ticker) !== undefined;
  }

  #insert(ticker: string, quote: Quote): boolean {
    const row = { ...quote, ticker, timestamp: instantOf(quote.timestamp) };
    return this.#statements.insert.run(row).changes === 1;
  }
}

/** Every value is a parameter: a ticker cannot be SQL. */
function prepare(database: Database) {
  type Stored = Row & { ticker: string };
  return {
    // jumps from ticker to ticker through the key, instead of reading every quote
    tickers: database.prepare<
      [{ after: string; limit: number }],
      { ticker: string; first: number; last: number }
    >(
      `WITH RECURSIVE page (ticker, position) AS (
         SELECT min(ticker), 1 FROM quotes WHERE ticker > :after
         UNION ALL
         SELECT (SELECT min(ticker) FROM quotes WHERE ticker > page.ticker), position + 1
         FROM page WHERE page.ticker IS NOT NULL AND position < :limit
       )
       SELECT ticker,
              (SELECT min(timestamp) FROM quotes WHERE quotes.ticker = page.ticker) AS first,
              (SELECT max(timestamp) FROM quotes WHERE quotes.ticker = page.ticker) AS last
       FROM page WHERE ticker IS NOT NULL`,
    ),
    page: database.prepare<[ticker: string, from: number, to: number, limit: number], Row>(
      `SELECT timestamp, open, high, low, close, volume FROM quotes
       WHERE ticker = ? AND timestamp BETWEEN ? AND ? ORDER BY timestamp LIMIT ?`,
    ),
    insert: database.prepare<[Stored], never>(
      `INSERT INTO quotes (ticker, timestamp, open, high, low, close, volume)
       VALUES (:ticker, :timestamp, :open, :high, :low, :close, :volume)
       ON CONFLICT (ticker, timestamp) DO NOTHING`,
    ),
    replace: database.prepare<[Stored], never>(
      `UPDATE quotes SET open = :open, high = :high, low = :low, close = :close, volume = :volume
       WHERE ticker = :ticker AND timestamp = :timestamp`,
    ),
    remove: database.prepare<[ticker: string, from: number, to: number], never>(
      "DELETE FROM quotes WHERE ticker = ? AND timestamp BETWEEN ? AND ?",
    ),
    isKnown: database.prepare<[ticker: string], unknown>("SELECT 1 FROM quotes WHERE ticker = ? LIMIT 1"),
  };
}

function instantOf(timestamp: string): number {
  const instant = parseInstant(timestamp);
  if (instant === undefined) throw new RangeError(`${timestamp} is no ISO 8601 date or date-time`);
  return instant;
}
