import { STATUS_CODES } from "node:http";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { DatabaseBusyError } from "./database.js";
import { QuotesExistError } from "./quotes.js";

/** What can go wrong, by its name in the problem's type, with the status that it is answered with. */
const STATUS = {
  "invalid-request": 400,
  "unknown-ticker": 404,
  "unknown-path": 404,
  "method-not-allowed": 405,
  "request-timeout": 408,
  "quotes-exist": 409,
  "body-too-large": 413,
  "address-too-long": 414,
  "unsupported-media-type": 415,
  "contradictory-quotes": 422,
  "headers-too-large": 431,
  "internal-error": 500,
  "database-busy": 503,
  "database-unavailable": 503,
} as const;

export type ProblemName = keyof typeof STATUS;

/** One place in a request that is wrong. */
export interface Finding {
  /** The part of the request. */
  readonly in: "body" | "path" | "query";
  /** JSON pointer into that part, as a fragment: `#/quotes/0/close`. */
  readonly pointer: string;
  readonly detail: string;
}

/** An answer other than the one asked for. Throw it in a route; the error handler sends it. */
export class Problem extends Error {
  public override readonly name = "Problem";
  public readonly status: number;

  public constructor(
    public readonly problem: ProblemName,
    /** A sentence for whoever made the request. */
    public readonly detail: string,
    public readonly more: {
      readonly errors?: readonly Finding[];
      readonly headers?: Readonly<Record<string, string>>;
      /** What it came from, for the log. */
      readonly cause?: unknown;
    } = {},
  ) {
    super(detail, { cause: more.cause });
    this.status = STATUS[problem];
  }
}

/**
 * The document of RFC 9457. Types are tag URIs (RFC 4151): they identify and lead nowhere, which is what RFC 9457,
 * section 4.2.1, has them for.
 */
export function problemDocument({ problem, status, detail, more }: Problem, requestId?: string): string {
  return JSON.stringify({
    type: `tag:trading-platform.local,2026:${problem}`,
    title: STATUS_CODES[status],
    status,
    detail,
    errors: more.errors,
    requestId,
  });
}

/** Sends an error of any kind as a problem document; what is nobody's fault but ours is logged. */
export function sendProblem(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(error);
  if (problem.status >= 500) request.log.error({ err: error }, problem.detail);
  void reply
    .code(problem.status)
    .headers({ ...problem.more.headers, "x-request-id": request.id })
    .type("application/problem+json")
    // a text, so that no route's schema takes anything out of it
    .send(problemDocument(problem, request.id));
}

function problemOf(error: FastifyError): Problem {
  if (error instanceof Problem) return error;
  if (error.validation) return invalid(error);
  if (error instanceof QuotesExistError) return exists(error);
  if (error instanceof DatabaseBusyError) {
    return new Problem("database-busy", `Try again: ${error.message}.`, { headers: { "retry-after": "1" } });
  }
  // out of space, an unmounted or broken file system: a later try, or another task, may do better
  if (/^SQLITE_(FULL|IOERR|CANTOPEN|READONLY|CORRUPT|NOTADB)/.test(error.code)) {
    return new Problem("database-unavailable", "The database cannot be used.", {
      headers: { "retry-after": "5" },
    });
  }
  switch (error.statusCode) {
    case 413:
      return new Problem("body-too-large", "The body is larger than this service takes; send fewer quotes.");
    case 414:
      return new Problem("address-too-long", "A part of the path is too long.");
    case 415:
      return new Problem("unsupported-media-type", "The body must be sent as application/json.");
    case 400:
      return new Problem("invalid-request", badRequestDetail(error));
    default:
      return new Problem(
        "internal-error",
        "Something went wrong here; the log has it under the request's id.",
      );
  }
}

/** The parser's own message quotes the body, which may be large. */
function badRequestDetail({ code }: FastifyError): string {
  if (code === "FST_ERR_BAD_URL") return "The path is not encoded as an address must be.";
  if (code === "FST_ERR_CTP_EMPTY_JSON_BODY") return "The body is empty.";
  return "The body is not valid JSON, or has a __proto__ or constructor.prototype in it.";
}

function exists({ message, ticker, timestamps }: QuotesExistError): Problem {
  const listed = timestamps.slice(0, 10).join(", ");
  const rest = timestamps.length > 10 ? ", …" : "";
  const detail = `${message}, none was added: ${listed}${rest}. PUT /api/v1/data/${ticker} replaces quotes.`;
  return new Problem("quotes-exist", detail);
}

const PARTS = { body: "body", params: "path", querystring: "query" } as const;

function invalid({ validation = [], validationContext }: FastifyError): Problem {
  const part = PARTS[validationContext as keyof typeof PARTS];
  return invalidRequest(
    ...validation.map(({ instancePath, keyword, message = "is not allowed", params }) => ({
      in: part,
      pointer: `#${instancePath}`,
      detail:
        keyword === "additionalProperties"
          ? `must not have ${JSON.stringify(params.additionalProperty)}`
          : (EXPLANATIONS[keyword] ?? message),
    })),
  );
}

/**
 * Where the validator's own words would be a regular expression or a name of ours: there is one format and one pattern.
 */
const EXPLANATIONS: Readonly<Record<string, string>> = {
  format: "must be an ISO 8601 date, or a date and time with Z or an offset, to the millisecond at most",
  pattern: "must be capital letters, digits and . _ -, at most 32, and begin with a letter or a digit",
};

/** A request that is wrong in itself, whatever the data are. */
export function invalidRequest(...errors: readonly Finding[]): Problem {
  const [first] = errors;
  return new Problem("invalid-request", first ? sentence(first) : "The request is wrong.", { errors });
}

/** For example `body #/quotes/0/close: must be > 0`. */
export function sentence({ in: part, pointer, detail }: Finding): string {
  return `${part} ${pointer}: ${detail}`;
}
