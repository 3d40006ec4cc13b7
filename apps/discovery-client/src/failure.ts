import { isConnectFailure } from "./connector.js";

/**
 * What an attempt says against its address. `connect`: no connection, so nothing was sent. `headers-timeout`: sent, and
 * no answer in time. `reset`: the connection broke. `status`: answered 502, 503 or 504. `deadline`: the caller's
 * `AbortSignal.timeout()` ended it before there was an answer.
 */
export type Failure = "connect" | "headers-timeout" | "reset" | "status" | "deadline";

const RESETS = new Set<unknown>([
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENETDOWN",
  "UND_ERR_SOCKET",
]);

/** Statuses that say that whoever answered cannot do its work now. */
export const FAILURE_STATUSES: ReadonlySet<number> = new Set([502, 503, 504]);

/** @returns undefined if the error says nothing about the address: a bad argument, an abort, a broken upload. */
export function failureOf(error: Error, sent: boolean): Failure | undefined {
  if (!sent) return isConnectFailure(error) ? "connect" : undefined;
  const code = "code" in error ? error.code : undefined;
  if (code === "UND_ERR_HEADERS_TIMEOUT") return "headers-timeout";
  if (RESETS.has(code)) return "reset";
  return error.name === "TimeoutError" ? "deadline" : undefined;
}
