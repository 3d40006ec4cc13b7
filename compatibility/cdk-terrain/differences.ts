/** What differs between two JSON values, one line for each place, the outermost place that differs in kind or is missing. */
export function differences(one: unknown, other: unknown, at = ""): string[] {
  if (isTree(one) && isTree(other) && Array.isArray(one) === Array.isArray(other)) {
    const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
    return keys.flatMap((key) => differences(one[key], other[key], at === "" ? key : `${at}.${key}`));
  }
  return one === other ? [] : [`${at}: ${shown(one)} | ${shown(other)}`];
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function shown(value: unknown): string {
  return value === undefined ? "(not there)" : JSON.stringify(value);
}
