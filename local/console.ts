/** Prints a line. */
export function say(text = ""): void {
  process.stdout.write(`${text}\n`);
}

/** Prints a heading of the transcript. */
export function heading(text: string): void {
  say(`\n== ${text}`);
}

/** Rows as columns, the first row being their titles. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [line(rows[0] ?? []), rule, ...rows.slice(1).map(line)].map((text) => `  ${text}`).join("\n");
}
