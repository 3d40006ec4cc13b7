/** A JSON value, and objects of such. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as a list: what a block is, whether it is written once or several times or not at all. */
export function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as readonly Json[]) : [value];
}

/** All values at a path such as `dns_config.dns_records.type`, through all blocks on the way. */
export function valuesAt(body: JsonObject, path: string): readonly Json[] {
  return path
    .split(".")
    .reduce<readonly Json[]>(
      (values, key) => values.flatMap((value) => (isObject(value) ? listOf(value[key]) : [])),
      [body],
    );
}

/** A text among the values; empty where there is none. */
export function textOf(values: JsonObject, name: string): string {
  const value = values[name];
  return typeof value === "string" ? value : "";
}
