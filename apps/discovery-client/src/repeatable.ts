import type { Dispatcher } from "undici";

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2 */
const IDEMPOTENT_METHODS = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);

/**
 * Whether a request that was sent may be sent again. The caller has the last word with undici's own `idempotent`: true
 * for a POST that carries an idempotency key, false for a GET that is none.
 */
export function isRepeatable(options: Dispatcher.DispatchOptions): boolean {
  return (options.idempotent ?? IDEMPOTENT_METHODS.has(options.method)) && isReplayable(options.body);
}

/** Streams and iterators can be read once; a second attempt would send what is left of them, or nothing. */
export function isReplayable(body: unknown): boolean {
  if (body === undefined || body === null || typeof body === "string") return true;
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body) || body instanceof Blob) return true;
  return typeof body === "object" && Symbol.toStringTag in body && body[Symbol.toStringTag] === "FormData";
}
