import { INSTANT_PATTERN, parseInstant } from "./instant.js";

/** Most quotes that one request may write. */
export const MAX_QUOTES_PER_REQUEST = 1000;
/** Most items on a page. */
export const MAX_PAGE = 1000;
const DEFAULT_PAGE = 100;

/** What `format: "instant"` means to the validator. */
export const FORMATS = { instant: (text: string): boolean => parseInstant(text) !== undefined };

const price = (description: string): object => ({
  description,
  type: "number",
  exclusiveMinimum: 0,
  maximum: 1e12,
  examples: [101.25],
});

const instant = (description: string): object => ({
  description,
  type: "string",
  format: "instant",
  examples: ["2025-01-02", "2025-01-02T14:30:00Z"],
});

/** Shared schemas, by the names that they have in the OpenAPI document. */
export const SHARED_SCHEMAS = [
  {
    $id: "Quote",
    description:
      "What a ticker traded at in one period. `low` is not above, and `high` not below, the other prices.",
    type: "object",
    additionalProperties: false,
    required: ["timestamp", "open", "high", "low", "close", "volume"],
    properties: {
      timestamp: instant(
        `When the period begins: ISO 8601, to the millisecond; a date alone is its midnight in UTC. Given out in UTC, as
        2025-01-02T00:00:00Z. Pattern: ${INSTANT_PATTERN}`.replace(/\s+/g, " "),
      ),
      open: price("First price."),
      high: price("Highest price."),
      low: price("Lowest price."),
      close: price("Last price."),
      volume: {
        description: "How many were traded.",
        type: "integer",
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        examples: [125_000],
      },
    },
  },
  {
    $id: "Problem",
    description: "An error, as RFC 9457 has it.",
    type: "object",
    required: ["type", "title", "status", "detail"],
    properties: {
      type: { type: "string", format: "uri", examples: ["tag:trading-platform.local,2026:unknown-ticker"] },
      title: { type: "string" },
      status: { type: "integer" },
      detail: { type: "string" },
      requestId: { description: "Find the request in the log by it.", type: "string" },
      errors: {
        description: "The places in the request that are wrong.",
        type: "array",
        items: {
          type: "object",
          properties: {
            in: { type: "string", enum: ["body", "path", "query"] },
            pointer: { description: "JSON pointer into that part, as a fragment.", type: "string" },
            detail: { type: "string" },
          },
        },
      },
    },
  },
];

export const tickerParams = {
  type: "object",
  additionalProperties: false,
  required: ["ticker"],
  properties: {
    ticker: {
      description: "Capital letters, digits and . _ -, at most 32; begins with a letter or a digit.",
      type: "string",
      pattern: "^[A-Z0-9][A-Z0-9._-]{0,31}$",
      examples: ["TICKER_1"],
    },
  },
};

const range = {
  from: instant("The first instant of the range. Default: the beginning."),
  to: instant("The last instant of the range; a date alone is its whole day. Default: the end."),
};

const paging = {
  limit: {
    description: "Most items on the page.",
    type: "integer",
    minimum: 1,
    maximum: MAX_PAGE,
    default: DEFAULT_PAGE,
  },
  cursor: { description: "`nextCursor` of the page before.", type: "string", minLength: 1, maxLength: 200 },
};

const query = (properties: object): object => ({ type: "object", additionalProperties: false, properties });

export const rangeQuery = query(range);
export const pageQuery = query(paging);
export const rangePageQuery = query({ ...range, ...paging });

export const quotesBody = {
  type: "object",
  additionalProperties: false,
  required: ["quotes"],
  properties: {
    quotes: {
      description: "All are written, or none.",
      type: "array",
      minItems: 1,
      maxItems: MAX_QUOTES_PER_REQUEST,
      items: { $ref: "Quote#" },
    },
  },
};

const object = (description: string, properties: Record<string, object>): object => ({
  description,
  type: "object",
  required: Object.keys(properties),
  properties,
});

const ticker = { type: "string" };
const count = { type: "integer", minimum: 0 };
const nextCursor = { description: "Begins the next page; null on the last one.", type: ["string", "null"] };
const givenOut = { type: "string", format: "date-time" };

export const tickersPage = object("A page of tickers, in alphabetical order.", {
  tickers: {
    type: "array",
    items: object("A ticker, and when its first and last quotes are.", {
      ticker,
      first: givenOut,
      last: givenOut,
    }),
  },
  nextCursor,
});
export const quotesPage = object("A page of quotes, in order of time.", {
  ticker,
  quotes: { type: "array", items: { $ref: "Quote#" } },
  nextCursor,
});
export const added = object("All quotes were added.", { ticker, added: count });
export const put = object("All quotes were added, or replaced where they were there.", {
  ticker,
  added: count,
  replaced: count,
});
export const removed = object("The quotes were removed.", { ticker, removed: count });
export const healthy = object("The service can answer.", {
  status: { type: "string", enum: ["ok"] },
  database: { description: "busy: locked by another process.", type: "string", enum: ["ok", "busy"] },
});

/** Problem documents for some statuses, as a part of a route's responses. */
export function problems(descriptions: Readonly<Record<number, string>>): Record<string, object> {
  return Object.fromEntries(
    Object.entries(descriptions).map(([status, description]) => [
      status,
      { description, content: { "application/problem+json": { schema: { $ref: "Problem#" } } } },
    ]),
  );
}
