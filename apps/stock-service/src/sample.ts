import { readFileSync } from "node:fs";
import type { Quote, Quotes } from "./quotes.js";

/** Beside `src` and `dist`. */
export const SAMPLE_FILE = new URL("../data/sample.csv", import.meta.url);

const HEADER = "ticker,timestamp,open,high,low,close,volume";
const FIRST_DAY = Date.UTC(2025, 0, 2);
const DAYS = 250;

/** What the tickers begin with: a price in cents, and how far a day may move it, in thousandths. */
const TICKERS = [
  { ticker: "TICKER_1", seed: 1, cents: 10_000, swing: 20 },
  { ticker: "TICKER_2", seed: 2, cents: 25_050, swing: 12 },
  { ticker: "TICKER_3", seed: 3, cents: 1_275, swing: 35 },
];

/**
 * The sample file: daily quotes of weekdays, a random walk with a drift that turns every 40 days, so that averages
 * cross. Whole numbers and a generator of its own make it the same on every machine.
 */
export function sampleCsv(): string {
  const lines = TICKERS.flatMap(({ ticker, seed, cents, swing }) => {
    const random = generator(seed);
    const between = (min: number, max: number): number => min + Math.floor(random() * (max - min + 1));
    let close = cents;
    return weekdays().map((date, day) => {
      const drift = Math.floor(day / 40) % 2 === 0 ? 2 : -2;
      const open = close + Math.trunc((close * between(-3, 3)) / 1000);
      close = open + Math.trunc((open * (drift + between(-swing, swing))) / 1000);
      const high = Math.max(open, close) + Math.trunc((close * between(0, 8)) / 1000);
      const low = Math.min(open, close) - Math.trunc((close * between(0, 8)) / 1000);
      const volume = between(50_000, 500_000);
      return [
        ticker,
        date,
        ...[open, high, low, close].map((price) => (price / 100).toFixed(2)),
        volume,
      ].join(",");
    });
  });
  return [HEADER, ...lines, ""].join("\n");
}

/** The quotes of a file such as the sample, by ticker. */
export function parseCsv(text: string): Map<string, Quote[]> {
  const [header, ...lines] = text.trimEnd().split("\n");
  if (header !== HEADER) throw new Error(`the first line must be ${HEADER}, and is ${header ?? ""}`);
  const byTicker = new Map<string, Quote[]>();
  for (const line of lines) {
    const [ticker = "", timestamp = "", ...numbers] = line.split(",");
    const [open, high, low, close, volume] = numbers.map(Number) as [number, number, number, number, number];
    const quotes = byTicker.get(ticker) ?? [];
    byTicker.set(ticker, quotes);
    quotes.push({ timestamp, open, high, low, close, volume });
  }
  return byTicker;
}

/** Adds the sample quotes that are not there; changes none that is. Returns how many were added. */
export async function loadSample(quotes: Quotes): Promise<number> {
  let added = 0;
  for (const [ticker, list] of parseCsv(readFileSync(SAMPLE_FILE, "utf8"))) {
    added += await quotes.addMissing(ticker, list);
  }
  return added;
}

function weekdays(): string[] {
  const days: string[] = [];
  for (let day = FIRST_DAY; days.length < DAYS; day += 86_400_000) {
    const date = new Date(day);
    if (date.getUTCDay() % 6 !== 0) days.push(date.toISOString().slice(0, 10));
  }
  return days;
}

/** Numbers from 0 up to 1: mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
