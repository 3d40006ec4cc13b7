import type { Dispatcher } from "undici";

/** Whether a request says that its response stays open: an upgrade, a tunnel, or `Accept: text/event-stream`. */
export function staysOpen({ upgrade, method, headers }: Dispatcher.DispatchOptions): boolean {
  if (Boolean(upgrade) || method === "CONNECT") return true;
  if (headers === undefined || headers === null || typeof headers !== "object") return false;
  const accept = Array.isArray(headers) ? acceptOf(headers) : acceptIn(headers);
  return typeof accept === "string" && accept.includes("text/event-stream");
}

function acceptIn(headers: object): unknown {
  if ("accept" in headers) return headers.accept;
  return "Accept" in headers ? headers.Accept : undefined;
}

/** Names and values in turn, as undici takes them. */
function acceptOf(headers: readonly unknown[]): unknown {
  const at = headers.findIndex(
    (name, index) => index % 2 === 0 && typeof name === "string" && name.toLowerCase() === "accept",
  );
  return at < 0 ? undefined : headers[at + 1];
}
