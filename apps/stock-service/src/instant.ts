/** Milliseconds of a day: every day of UTC has as many, as ECMAScript and POSIX count time. */
const DAY_MS = 86_400_000;

const DATE = String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`;
const TIME = String.raw`(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,3})?`;
const OFFSET = String.raw`(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)`;

/** A date, or a date and time with its offset: the part of ISO 8601 that RFC 3339 names, to the millisecond. */
export const INSTANT_PATTERN = `^${DATE}(?:T${TIME}${OFFSET})?$`;
const INSTANT = new RegExp(INSTANT_PATTERN);

/**
 * Milliseconds since 1970 of an ISO 8601 text; a date alone is its midnight in UTC. Undefined for anything else, also
 * for a time without an offset, which would mean another instant on every machine, and for 30 February.
 * @example parseInstant("2025-01-02") === parseInstant("2025-01-02T01:00:00+01:00")
 */
export function parseInstant(text: string): number | undefined {
  if (!INSTANT.test(text)) return undefined;
  const [year, month, day] = [text.slice(0, 4), text.slice(5, 7), text.slice(8, 10)].map(Number) as [
    number,
    number,
    number,
  ];
  if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined;
  const instant = Date.parse(text);
  // an offset may move the first and last hours of the calendar out of the four-digit years
  return new Date(instant).toISOString().length === 24 ? instant : undefined;
}

/** The last millisecond that a text stands for: a date alone stands for its whole day. */
export function parseLastInstant(text: string): number | undefined {
  const first = parseInstant(text);
  return first === undefined || text.includes("T") ? first : first + DAY_MS - 1;
}

/** The one form in which instants are given out: `2025-01-02T00:00:00Z`, with milliseconds where there are any. */
export function formatInstant(instant: number): string {
  return new Date(instant).toISOString().replace(".000Z", "Z");
}
