import fc from "fast-check";
import { formatInstant, parseInstant, parseLastInstant } from "../src/instant.js";

const instants = fc.date({
  min: new Date("0000-01-01T00:00:00Z"),
  max: new Date("9999-12-31T23:59:59.999Z"),
  noInvalidDate: true,
});

it("reads what it writes", () => {
  fc.assert(fc.property(instants, (date) => parseInstant(formatInstant(date.getTime())) === date.getTime()));
});

it("takes what it accepts for what ECMAScript takes it for, and nothing that the calendar has not", () => {
  const digits = (max: number): fc.Arbitrary<string> =>
    fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, "0"));
  const texts = fc
    .tuple(fc.integer({ min: 1900, max: 2100 }), digits(13), digits(32), digits(25), digits(61), digits(61))
    .map(([year, month, day, ...time]) => `${year}-${month}-${day}T${time.join(":")}Z`);
  fc.assert(
    fc.property(texts, (text) => {
      const instant = parseInstant(text);
      // a date that is rolled over reads otherwise when it is written
      const isReal = !Number.isNaN(Date.parse(text)) && formatInstant(Date.parse(text)) === text;
      return instant === (isReal ? Date.parse(text) : undefined);
    }),
    { numRuns: 1000 },
  );
});

it.each([
  "",
  "2025",
  "2025-1-2",
  "20250102",
  "2025-02-29",
  "2025-01-02T24:00:00Z",
  "2025-01-02T23:59:60Z",
  "2025-01-02T10:00Z",
  "2025-01-02T10:00:00",
  "2025-01-02 10:00:00Z",
  "2025-01-02T10:00:00.1234Z",
  "2025-01-02T10:00:00+15:00",
  "9999-12-31T23:59:59-01:00",
  "0000-01-01T00:00:00+01:00",
  " 2025-01-02",
  "2025-01-02\n",
])("refuses %j", (text) => {
  expect(parseInstant(text)).toBeUndefined();
});

it("takes a date for its first or for its last millisecond", () => {
  expect(parseInstant("2024-02-29")).toBe(Date.UTC(2024, 1, 29));
  expect(parseLastInstant("2024-02-29")).toBe(Date.UTC(2024, 2, 1) - 1);
  expect(parseLastInstant("2024-02-29T01:00:00+01:00")).toBe(Date.UTC(2024, 1, 29));
});
