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
  "ERR_HTTP2_STREAM_ERROR",
  "ERR_HTTP2_STREAM_CANCEL",
  "ERR_HTTP2_SESSION_ERROR",
  "ERR_HTTP2_GOAWAY_SESSION",
  "ERR_HTTP2_INVALID_SESSION",
]);

/** Statuses that say that whoever answered cannot do its work now. */
export const FAILURE_STATUSES: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * Whether an HTTP/2 server says that it did not begin with the request, which may then be sent again whatever its method.
 * @see https://www.rfc-editor.org/rfc/rfc9113#section-8.7
 */
export function isRefusedStream(error: Error): boolean {
  return (
    "code" in error &&
    error.code === "ERR_HTTP2_STREAM_ERROR" &&
    error.message.includes("NGHTTP2_REFUSED_STREAM")
  );
}

/** @returns undefined if the error says nothing about the address: a bad argument, an abort, a broken upload. */
export function failureOf(error: Error, sent: boolean): Failure | undefined {
  if (!sent) return isConnectFailure(error) ? "connect" : undefined;
  const code = "code" in error ? error.code : undefined;
  if (code === "UND_ERR_HEADERS_TIMEOUT") return "headers-timeout";
  // undici's own errors of a stream that ended too early have this code, and so have others
  const isBrokenStream = code === "UND_ERR_INFO" && error.message.startsWith("HTTP/2:");
  if (RESETS.has(code) || isBrokenStream) return "reset";
  return error.name === "TimeoutError" ? "deadline" : undefined;
}
