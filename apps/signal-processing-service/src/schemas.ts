import { TIMEOUT_HEADER } from "./deadline.js";
import { INDICATOR_NAMES, PARAMETERS } from "./indicators.js";
import { INSTANT_PATTERN } from "./instant.js";
import { PROBLEM_JSON } from "./problem.js";

const time = (description: string) => ({
  type: "string",
  pattern: INSTANT_PATTERN,
  description: `${description} ISO 8601: a date, or a date and time with its offset (its + written as %2B).`,
  examples: ["2025-01-02", "2025-01-02T15:30:00Z"],
});

const SIGNAL = {
  type: "object",
  required: ["action", "reason"],
  properties: {
    action: { type: "string", enum: ["buy", "sell"] },
    reason: { type: "string", description: "The rule that says so, such as price-crosses-above-sma." },
  },
};

const ITEM = {
  type: "object",
  required: ["timestamp", "close", "value", "signals"],
  properties: {
    timestamp: { type: "string", format: "date-time" },
    close: { type: "number" },
    value: {
      description:
        "The indicator at this quote: a number; for macd {macd, signal, histogram}, for bollinger {lower, middle, upper}; " +
        "null until it has seen enough quotes.",
      anyOf: [
        { type: "number" },
        { type: "object", additionalProperties: { type: "number" } },
        { type: "null" },
      ],
    },
    signals: { type: "array", items: SIGNAL },
  },
};

const COUNTS = {
  type: "object",
  required: ["quotes", "buy", "sell"],
  properties: { quotes: { type: "integer" }, buy: { type: "integer" }, sell: { type: "integer" } },
};

const PROBLEM = {
  type: "object",
  description: "A problem document, RFC 9457.",
  required: ["type", "title", "status", "detail", "requestId"],
  properties: {
    type: {
      type: "string",
      description: "What sort of problem it is: a tag URI, to be compared and not to be opened.",
    },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    requestId: { type: "string", description: "What to look for in the logs." },
    errors: {
      type: "array",
      items: {
        type: "object",
        required: ["in", "pointer", "detail"],
        properties: {
          in: { type: "string", enum: ["path", "query", "header"] },
          pointer: { type: "string", description: "JSON pointer into that part, as a fragment." },
          detail: { type: "string" },
        },
      },
    },
  },
  additionalProperties: true,
};

const problem = (description: string) => ({ description, content: { [PROBLEM_JSON]: { schema: PROBLEM } } });
const json = (description: string, schema: object) => ({
  description,
  content: { "application/json": { schema } },
});

/** Tickers as stock-service takes them. */
export const TICKER = {
  type: "string",
  pattern: "^[A-Z0-9][A-Z0-9._-]{0,31}$",
  description: "For example TICKER_1.",
};

export const SIGNALS_SCHEMA = {
  summary: "An indicator's value at each quote, and the signals where lines cross",
  description:
    "Streamed: an answer that cannot be completed ends in a broken connection, never in a complete document. " +
    "The indicator begins with the first quote of the range.",
  params: { type: "object", required: ["ticker"], properties: { ticker: TICKER } },
  querystring: {
    type: "object",
    required: ["indicator"],
    additionalProperties: false,
    properties: {
      indicator: { type: "string", enum: INDICATOR_NAMES },
      from: time("Where the range begins. Without it at the first quote."),
      to: time(
        "Where the range ends; this moment, or all of this day, belongs to it. Without it at the last quote.",
      ),
      only: { type: "string", enum: ["signals"], description: "Leaves out the quotes without a signal." },
      ...PARAMETERS,
    },
  },
  headers: {
    type: "object",
    properties: {
      [TIMEOUT_HEADER]: {
        type: "integer",
        minimum: 1,
        maximum: 2_147_483_647,
        description:
          "Milliseconds that the caller will wait; the service's own limit holds where it is shorter.",
      },
    },
  },
  response: {
    200: json("The signals.", {
      type: "object",
      required: ["ticker", "indicator", "parameters", "items", "counts"],
      properties: {
        ticker: { type: "string" },
        indicator: { type: "string" },
        parameters: { type: "object", additionalProperties: { type: "number" } },
        items: { type: "array", items: ITEM },
        counts: COUNTS,
      },
    }),
    400: problem("A parameter is wrong, unknown or not one of the indicator's."),
    404: problem("Stock-service does not know the ticker."),
    422: problem("The range has fewer quotes than the indicator needs."),
    502: problem("Stock-service gave an answer that makes no sense."),
    503: problem("No task of stock-service can be reached; see retry-after."),
    504: problem("Stock-service did not answer in time."),
  },
};

export const HEALTH_SCHEMA = {
  summary: "Whether this task is alive; says nothing of stock-service",
  response: {
    200: json("Alive.", { type: "object", properties: { status: { type: "string", const: "ok" } } }),
  },
};

const nullable = (type: string) => ({ anyOf: [{ type }, { type: "null" }] });

export const ENDPOINTS_SCHEMA = {
  summary: "What this task's discovery client knows of stock-service's tasks; for debugging",
  response: {
    200: json("The tasks.", {
      type: "object",
      required: ["hostname", "endpoints"],
      properties: {
        hostname: { type: "string" },
        endpoints: {
          type: "array",
          items: {
            type: "object",
            properties: {
              address: { type: "string" },
              port: { type: "integer" },
              inflight: { type: "integer" },
              ejectedUntil: { ...nullable("number"), description: "Milliseconds since 1970; null: in use." },
              consecutiveFailures: { type: "integer" },
            },
          },
        },
      },
    }),
  },
};
