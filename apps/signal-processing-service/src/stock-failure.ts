import { CallerGone, DeadlineExceeded } from "./deadline.js";
import { Problem, type ProblemOptions } from "./problem.js";

/** Seconds after which callers should try again: by then the addresses were looked up anew and a first probe was made. */
const RETRY_AFTER_SECONDS = 5;

/** No connection was made, to any address: nobody is there. Node's and undici's codes. */
const NOBODY_THERE = new Set([
  "ENOTFOUND",
  "ENODATA",
  "ESERVFAIL",
  "EREFUSED",
  "EAI_AGAIN",
  "ETIMEOUT",
  "ECANCELLED",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "ETIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Somebody is there and says nothing. */
const SILENT = new Set(["UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);

/** Why stock-service's quotes are not to be had, as the problem that our own caller is told. */
export class StockFailure extends Problem {
  public constructor(
    options: ProblemOptions,
    /** Whether the same question put to another task may well be answered. */
    public readonly worthRetrying = false,
  ) {
    super(options);
    this.name = "StockFailure";
  }
}

/** An answer that no sound stock-service gives: 502, Bad Gateway. */
export function badAnswer(detail: string, cause?: unknown, worthRetrying = false): StockFailure {
  return new StockFailure({ status: 502, kind: "stock-service-bad-answer", detail, cause }, worthRetrying);
}

/** The failure that an unsuccessful status stands for. */
export function failureOfStatus(status: number, retryAfter: string | undefined): StockFailure {
  const detail = `stock-service answered ${status}`;
  const transient = status === 502 || status === 503 || status === 504;
  if (status !== 503 && status !== 429) return badAnswer(detail, undefined, transient);
  const seconds = /^\d{1,5}$/.test(retryAfter ?? "") ? Number(retryAfter) : RETRY_AFTER_SECONDS;
  return new StockFailure(unavailable(detail, seconds), transient);
}

/**
 * The failure that a thrown error stands for.
 * @param begun whether the answer's head had come: then the discovery client does not ask anyone else, as it cannot know
 *   what was done with the part that had arrived; we can, who have thrown it away
 */
export function failureOfError(error: unknown, begun: boolean): Error {
  if (error instanceof Problem || error instanceof CallerGone) return error;
  if (error instanceof DeadlineExceeded) return tooSlow(`stock-service gave ${error.message}`, error);
  const code = codeOf(error);
  // the code says nothing of addresses; the rest of the error is for the log, which has it as the cause
  const why = code ?? "see the log";
  if (code !== undefined && NOBODY_THERE.has(code))
    return new StockFailure(
      unavailable(`no task of stock-service can be reached (${why})`, RETRY_AFTER_SECONDS, error),
    );
  if (code !== undefined && SILENT.has(code))
    return tooSlow(`stock-service fell silent (${why})`, error, begun);
  return badAnswer(`the connection to stock-service broke (${why})`, error, begun);
}

function unavailable(detail: string, retryAfter: number, cause?: unknown): ProblemOptions {
  return {
    status: 503,
    kind: "stock-service-unavailable",
    detail,
    retryAfter,
    cause,
  };
}

function tooSlow(detail: string, cause: unknown, worthRetrying = false): StockFailure {
  return new StockFailure({ status: 504, kind: "stock-service-too-slow", detail, cause }, worthRetrying);
}

/** The first code along the chain of causes, also of the errors that an AggregateError gathers. */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  if (typeof code === "string") return code;
  return codeOf(Array.isArray(errors) ? errors[0] : cause);
}
