/** The middle of the values, and how far they go. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    least: at(0),
    most: at(sorted.length - 1),
  };
}

/** Round by round, since what else the machine does in a round falls on both. */
export function ratios(values: readonly number[], others: readonly number[]): Spread {
  return spread(values.map((value, round) => value / (others[round] ?? NaN)));
}

/** For example `1.08 (1.05 – 1.12)`. */
export function text({ median, least, most }: Spread, digits = 3): string {
  const number = (value: number): string => `${Number(value.toPrecision(digits))}`;
  return `${number(median)} (${number(least)} – ${number(most)})`;
}
