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

/** For example `1.08 (1.05 – 1.12)`, with three digits; a number alone where all values are the same. */
export function text({ median, least, most }: Spread): string {
  const number = (value: number): string => `${Number(value.toPrecision(3))}`;
  return least === most ? number(median) : `${number(median)} (${number(least)} – ${number(most)})`;
}

/** A table in Markdown; all columns but the first are numbers. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [titles = [], ...others] = rows;
  const rule = titles.map((_, column) => (column === 0 ? "---" : "---:"));
  return [titles, rule, ...others].map((row) => `| ${row.join(" | ")} |\n`).join("");
}
