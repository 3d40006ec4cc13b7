/** What to do, and which of the indicator's rules says so. */
export interface Signal {
  readonly action: "buy" | "sell";
  /** The rule in words: `price-crosses-above-sma`. */
  readonly reason: string;
}

/** What an indicator says at one quote. */
export interface Reading {
  /** A number, or named numbers where the indicator draws several lines; null until it has seen enough quotes. */
  readonly value: number | Readonly<Record<string, number>> | null;
  /** Empty at nearly every quote: a signal is given at the one quote at which lines cross. */
  readonly signals: readonly Signal[];
}

/**
 * Takes closing prices one by one, oldest first, and keeps no more of them than its window: ten thousand quotes or ten
 * million cost the same memory.
 */
export interface Indicator {
  /** Quotes after which it has its first value. Fewer quotes than this are no basis for an answer. */
  readonly requiredQuotes: number;
  next(close: number): Reading;
}

/** The reading of an indicator that has not seen enough quotes. */
export const WARMING_UP: Reading = { value: null, signals: [] };
