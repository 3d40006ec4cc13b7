/**
 * Where the next page begins, as a text that clients hand back unread. It names what was listed and the last item that
 * was given out; there is nothing to keep on the server, and nothing in it that the client has not seen.
 */
export function encodeCursor(position: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

/** What `encodeCursor` was given, or undefined for a text that it did not return. */
function decodeCursor(cursor: string): readonly unknown[] | undefined {
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    const isOurs = Array.isArray(position) && encodeCursor(position) === cursor;
    return isOurs ? (position as unknown[]) : undefined;
  } catch {
    return undefined;
  }
}

/** The ticker that a page of tickers ended with, or undefined for a cursor of something else. */
export function tickerOf(cursor: string): string | undefined {
  const [ticker, ...others] = decodeCursor(cursor) ?? [];
  return typeof ticker === "string" && others.length === 0 ? ticker : undefined;
}

/** The instant that a page of this ticker's quotes ended with, or undefined for a cursor of something else. */
export function instantOf(cursor: string, ofTicker: string): number | undefined {
  const [ticker, instant, ...others] = decodeCursor(cursor) ?? [];
  const isOurs = ticker === ofTicker && Number.isSafeInteger(instant) && others.length === 0;
  return isOurs ? (instant as number) : undefined;
}
