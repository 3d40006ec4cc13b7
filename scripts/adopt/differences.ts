import { isKnown, referenceIn, variableIn } from "./configuration";
import { isObject, listOf, valuesAt, type Json, type JsonObject } from "./json";
import type { Match } from "./match";
import { RESOURCE_TYPES, type Unchangeable } from "./resource-types";

/** An attribute that AWS cannot change and that the configuration has another value for. */
export interface Difference {
  readonly match: Match;
  /** `dns_config.routing_policy`. */
  readonly path: string;
  readonly existing: readonly Json[];
  readonly configured: readonly Json[];
  readonly unchangeable: Unchangeable;
}

/** What Terraform would replace matched resources for. */
export function differences(matches: readonly Match[]): readonly Difference[] {
  return matches.flatMap((match) => {
    const { configured, existing } = match;
    const { unchangeable = {}, defaults = {} } = RESOURCE_TYPES[configured.type] ?? {};
    return Object.entries(unchangeable).flatMap(([path, rule]) => {
      const wanted = valuesAt(configured.body, path);
      const given = wanted.length > 0 ? wanted : valuesAt(defaults, path);
      const there = valuesAt(existing.values, path);
      const resolved = given.map((value) => resolve(value, matches));
      // what is not configured is the provider's to choose, what is not there its default
      if (given.length === 0 || (wanted.length === 0 && there.length === 0)) return [];
      // what only Terraform knows is not judged
      if (resolved.includes(undefined) || covers(there, resolved as Json[])) return [];
      return [{ match, path, existing: there, configured: given, unchangeable: rule }];
    });
  });
}

/** Values of the stack's variables with which what is adopted stays as it is. */
export function variablesThatKeep(matches: readonly Match[]): ReadonlyMap<string, Json> {
  const values = new Map<string, Json>();
  const collect = (configured: Json | undefined, existing: Json | undefined): void => {
    const variable = variableIn(configured);
    if (variable !== undefined && existing !== undefined && existing !== null) values.set(variable, existing);
    const [body] = listOf(existing);
    if (!isObject(configured) || !isObject(body)) return;
    for (const [name, value] of Object.entries(configured)) collect(value, body[name]);
  };
  for (const { configured, existing } of matches) {
    if (RESOURCE_TYPES[configured.type]?.revisions !== true) collect(configured.body, existing.values);
  }
  return values;
}

/** The value as it will be; undefined where only Terraform knows, a text that nothing equals for what is made anew. */
function resolve(value: Json, matches: readonly Match[]): Json | undefined {
  if (isKnown(value)) return value;
  const reference = referenceIn(value);
  if (reference === undefined) return undefined;
  const target = matches.find(({ configured }) => configured.address === reference.address);
  if (target === undefined) return `${reference.address}, made anew`;
  return RESOURCE_TYPES[target.configured.type]?.revisions === true
    ? undefined
    : target.existing.values[reference.attribute];
}

/** Whether the existing values are those that are wanted; of a block only the arguments that are configured count. */
function covers(existing: readonly Json[], wanted: readonly Json[]): boolean {
  return (
    existing.length === wanted.length &&
    wanted.every((value, index) => {
      const there = existing[index];
      if (isObject(value)) return isObject(there) && hasAll(there, value);
      return JSON.stringify(there) === JSON.stringify(value);
    })
  );
}

function hasAll(existing: JsonObject, wanted: JsonObject): boolean {
  return Object.entries(wanted).every(([name, value]) => covers(listOf(existing[name]), listOf(value)));
}
