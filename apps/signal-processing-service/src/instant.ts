const DAY_MS = 86_400_000;

const DATE = String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`;
const TIME = String.raw`(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,3})?`;
const OFFSET = String.raw`(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)`;

/** What stock-service takes for `from` and `to`: a date, or a date and time with its offset. */
export const INSTANT_PATTERN = `^${DATE}(?:T${TIME}${OFFSET})?$`;

/**
 * First and last millisecond that a text of that pattern stands for: a date alone stands for its day in UTC. Undefined
 * for a day that its month has not.
 */
export function spanOf(text: string): { first: number; last: number } | undefined {
  const date = text.slice(0, 10);
  const midnight = Date.parse(`${date}T00:00:00Z`);
  // 30 February is read as 2 March
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== date) return undefined;
  if (text === date) return { first: midnight, last: midnight + DAY_MS - 1 };
  const instant = Date.parse(text);
  return { first: instant, last: instant };
}
