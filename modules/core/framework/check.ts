import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { general } from "../../rules/general";
import type { CheckedRule } from "../../rules/rule";
import { taskDefinition } from "../../rules/task-definition";
import { flawOf, isCalculated } from "./text";

/** What an input may be, and how to mend it: the part of an error that teaches. A rule of the catalogue is one. */
export type Expectation = Pick<CheckedRule, "allowed" | "mend" | "source" | "id">;

/** The input that was refused: where it stands and what it was. */
export interface Given {
  /** The construct that took the input. */
  readonly scope: IConstruct;
  /** Name of the property, as the caller wrote it: `cpu`, `container.port`. */
  readonly property: string;
  /** The value that was given. Never a secret: secrets are passed by ARN only. */
  readonly value: unknown;
}

/** Thrown, and shown without a stack trace, when an input can never work on AWS. */
export class InvalidInputError extends Error {
  public override readonly name = "InvalidInputError";

  public constructor(given: Given, expectation: Expectation) {
    super(describe(given, expectation));
  }
}

/** The text of an error in one form everywhere: where, what was given, what is allowed, how to mend it, which rule. */
export function describe(given: Given, expectation: Expectation): string {
  const lines = [
    `${given.scope.node.path || "app"}: ${given.property} is ${show(given.value)}`,
    `    allowed: ${expectation.allowed}`,
    `    mend:    ${expectation.mend}`,
  ];
  if (expectation.source) lines.push(`    source:  ${expectation.source}`);
  lines.push(`    rule:    ${expectation.id} (docs/rules.md)`);
  return lines.join("\n");
}

/**
 * Refuses the input unless `holds(value)`: the finding is reported when the app is synthesized, together with all
 * others. A value that is only known to Terraform (an unresolved token) is never judged: its text here is a placeholder.
 */
export function check<T>(
  scope: IConstruct,
  property: string,
  value: T | undefined,
  holds: (value: T) => boolean,
  expectation: Expectation,
): void {
  if (value === undefined) return;
  // `null` comes from callers that are not type-checked; it is what nothing may be
  if (value !== null && (Token.isUnresolved(value) || holds(value))) return;
  refuse({ scope, property, value }, expectation);
}

/** Names of the properties that an input must have. */
export type RequiredKey<P> = { [K in keyof P]-?: object extends Pick<P, K> ? never : K }[keyof P] & string;

/**
 * Refuses an input without a property that it must have, whatever the types say: a program that is not type-checked
 * leaves it out, and one that is says `process.env.NAME!`. Nothing can be made without it.
 * @param place - what stands before the names in findings: `containers[0].`
 * @throws InvalidInputError for the first one that is missing; the others are reported with it
 */
export function checkGiven<P extends object>(
  scope: IConstruct,
  props: P,
  names: readonly RequiredKey<P>[],
  place = "",
): void {
  const given = ((props as P | null | undefined) ?? {}) as Readonly<Record<string, unknown>>;
  const missing = names
    .filter((name) => given[name] === undefined || given[name] === null)
    .map((name) => ({ scope, property: `${place}${name}`, value: given[name] }));
  const [first, ...others] = missing;
  if (first === undefined) return;
  others.forEach((other) => refuse(other, general.given));
  throw new InvalidInputError(first, general.given);
}

/**
 * Refuses what is not a text: nothing at all, a list or a map that only Terraform knows, or what is left of a number
 * that only Terraform knows after arithmetic. Numbers are taken for their digits.
 */
export function checkText(scope: IConstruct, property: string, value: unknown): void {
  const flaw = flawOf(value);
  if (flaw === undefined) return;
  if (flaw === "a list or map") {
    refuse({ scope, property, value: "a list or map that only Terraform knows" }, general.knownEntries);
  } else refuse({ scope, property, value }, flaw === "calculated" ? general.arithmetic : general.text);
}

/** Reports an input when the app is synthesized, with all other findings. Where nothing can be made of it, throw instead. */
export function refuse(given: Given, expectation: Expectation): void {
  const message = describe(given, expectation);
  given.scope.node.addValidation({ validate: () => [message] });
}

/** Throws for a value that only Terraform knows, where synth must write something that is made of it. */
export function checkLiteral(scope: IConstruct, property: string, value: string | number): void {
  if (!Token.isUnresolved(value)) return;
  const given = "a reference that only Terraform can resolve";
  throw new InvalidInputError({ scope, property, value: given }, general.literal);
}

/**
 * Refuses a list whose entries only Terraform knows, for what is made once for each entry.
 * @returns the entries, none for such a list
 */
export function checkEntries(
  scope: IConstruct,
  property: string,
  entries: readonly string[],
): readonly string[] {
  if (!Token.isUnresolved(entries)) return entries;
  entries.forEach((entry) => checkText(scope, property, entry));
  return [];
}

/** Refuses all but whole numbers from `min` to `max`, both included. */
export function checkInteger(
  scope: IConstruct,
  property: string,
  value: number | undefined,
  range: { readonly min: number; readonly max: number },
  expectation: Omit<Expectation, "allowed"> & { readonly allowed?: string },
): void {
  if (typeof value === "number" && isCalculated(value)) {
    refuse({ scope, property, value }, general.arithmetic);
    return;
  }
  check(scope, property, value, (n) => Number.isInteger(n) && n >= range.min && n <= range.max, {
    allowed: `a whole number from ${range.min} to ${range.max}`,
    ...expectation,
  });
}

/** Refuses what is no TCP port that a container can listen on. */
export function checkPort(scope: IConstruct, property: string, port: number | undefined): void {
  checkInteger(scope, property, port, { min: 1, max: 65535 }, taskDefinition.port);
}

function show(value: unknown): string {
  if (value === undefined) return "not given";
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}
