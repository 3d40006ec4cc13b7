import type { FastifyInstance } from "fastify";
import { encodeCursor, instantOf, tickerOf } from "./cursor.js";
import { parseInstant, parseLastInstant } from "./instant.js";
import { invalidRequest, Problem, sentence, type Finding } from "./problem.js";
import type { Quote, Quotes, Range } from "./quotes.js";
import * as schemas from "./schemas.js";

interface TickerRoute {
  Params: { ticker: string };
}
interface RangeQuery {
  from?: string;
  to?: string;
}
interface PageQuery {
  limit: number;
  cursor?: string;
}
interface QuotesBody {
  quotes: Quote[];
}

const BUSY = { 503: "The database is locked by another process, or cannot be used." };
/** A ticker, as Fastify writes it. */
export const TICKER_PATH = "/api/v1/data/:ticker";

/** The API: `/api/v1/data` and `/api/v1/data/{ticker}`. */
export function dataRoutes(app: FastifyInstance, quotes: Quotes): void {
  app.get<{ Querystring: PageQuery }>(
    "/api/v1/data",
    {
      schema: {
        operationId: "listTickers",
        summary: "Lists the tickers",
        querystring: schemas.pageQuery,
        response: {
          200: schemas.tickersPage,
          ...schemas.problems({ 400: "The query is wrong.", ...BUSY }),
        },
      },
    },
    async ({ query: { limit, cursor } }) => {
      const after = cursor === undefined ? undefined : (tickerOf(cursor) ?? wrongCursor());
      const { tickers, more } = await quotes.tickers({ after, limit });
      const last = tickers.at(-1);
      return { tickers, nextCursor: more && last ? encodeCursor([last.ticker]) : null };
    },
  );

  app.get<TickerRoute & { Querystring: RangeQuery & PageQuery }>(
    TICKER_PATH,
    {
      schema: {
        operationId: "getQuotes",
        summary: "Gives out a ticker's quotes",
        params: schemas.tickerParams,
        querystring: schemas.rangePageQuery,
        response: {
          200: schemas.quotesPage,
          ...schemas.problems({
            400: "The ticker or the query is wrong.",
            404: "The ticker has no quotes.",
            ...BUSY,
          }),
        },
      },
    },
    async ({ params: { ticker }, query: { limit, cursor, ...range } }) => {
      const after = cursor === undefined ? undefined : (instantOf(cursor, ticker) ?? wrongCursor());
      const page = (await quotes.page(ticker, { ...rangeOf(range), after, limit })) ?? unknown(ticker);
      const last = page.quotes.at(-1);
      const nextCursor = page.more && last ? encodeCursor([ticker, Date.parse(last.timestamp)]) : null;
      return { ticker, quotes: page.quotes, nextCursor };
    },
  );

  app.post<TickerRoute & { Body: QuotesBody }>(
    TICKER_PATH,
    {
      schema: {
        operationId: "addQuotes",
        summary: "Adds quotes, all or none",
        params: schemas.tickerParams,
        body: schemas.quotesBody,
        response: {
          201: schemas.added,
          ...schemas.problems({
            400: "The ticker or the body is wrong.",
            409: "One of the quotes is there already; none was added.",
            413: "The body is too large.",
            415: "The body is not JSON.",
            422: "Quotes that contradict themselves or each other.",
            ...BUSY,
          }),
        },
      },
    },
    async ({ params: { ticker }, body }, reply) => {
      checkQuotes(body.quotes);
      await quotes.add(ticker, body.quotes);
      reply.code(201).header("location", `/api/v1/data/${ticker}`);
      return { ticker, added: body.quotes.length };
    },
  );

  app.put<TickerRoute & { Body: QuotesBody }>(
    TICKER_PATH,
    {
      schema: {
        operationId: "putQuotes",
        summary: "Adds quotes and replaces those that are there, all or none",
        description: "Quotes at other times stay. Doing it twice leaves what doing it once leaves.",
        params: schemas.tickerParams,
        body: schemas.quotesBody,
        response: {
          200: schemas.put,
          201: { ...schemas.put, description: "The ticker is new, and all quotes were added." },
          ...schemas.problems({
            400: "The ticker or the body is wrong.",
            413: "The body is too large.",
            415: "The body is not JSON.",
            422: "Quotes that contradict themselves or each other.",
            ...BUSY,
          }),
        },
      },
    },
    async ({ params: { ticker }, body }, reply) => {
      checkQuotes(body.quotes);
      const { isNewTicker, ...counts } = await quotes.put(ticker, body.quotes);
      reply.code(isNewTicker ? 201 : 200);
      return { ticker, ...counts };
    },
  );

  app.delete<TickerRoute & { Querystring: RangeQuery }>(
    TICKER_PATH,
    {
      schema: {
        operationId: "removeQuotes",
        summary: "Removes a ticker, or a range of its quotes",
        params: schemas.tickerParams,
        querystring: schemas.rangeQuery,
        response: {
          200: schemas.removed,
          ...schemas.problems({
            400: "The ticker or the query is wrong.",
            404: "The ticker has no quotes.",
            ...BUSY,
          }),
        },
      },
    },
    async ({ params: { ticker }, query }) => ({
      ticker,
      removed: (await quotes.remove(ticker, rangeOf(query))) ?? unknown(ticker),
    }),
  );
}

function unknown(ticker: string): never {
  throw new Problem("unknown-ticker", `${ticker} has no quotes.`);
}

function wrongCursor(): never {
  const detail = "must be the nextCursor of the page before, of the same listing";
  throw invalidRequest({ in: "query", pointer: "#/cursor", detail });
}

/** The validator has seen that both are instants. */
function rangeOf(query: RangeQuery): Range {
  const from = query.from === undefined ? undefined : parseInstant(query.from);
  const to = query.to === undefined ? undefined : parseLastInstant(query.to);
  if (from !== undefined && to !== undefined && from > to) {
    throw invalidRequest({ in: "query", pointer: "#/from", detail: "must not be after to" });
  }
  return { from, to };
}

/** What a schema cannot say: how the prices of a quote relate, and that no two quotes are for the same time. */
function checkQuotes(quotes: readonly Quote[]): void {
  const errors: Finding[] = [];
  const at = (index: number, property: string, detail: string): void => {
    errors.push({ in: "body", pointer: `#/quotes/${index}/${property}`, detail });
  };
  const indexByInstant = new Map<number | undefined, number>();
  quotes.forEach(({ timestamp, open, high, low, close }, index) => {
    if (high < Math.max(open, low, close)) at(index, "high", "must not be below the other prices");
    if (low > Math.min(open, high, close)) at(index, "low", "must not be above the other prices");
    const instant = parseInstant(timestamp);
    const other = indexByInstant.get(instant);
    if (other !== undefined) at(index, "timestamp", `must not be that of #/quotes/${other}`);
    indexByInstant.set(instant, index);
  });
  const [first] = errors;
  if (!first) return;
  throw new Problem("contradictory-quotes", sentence(first), { errors: errors.slice(0, 10) });
}
