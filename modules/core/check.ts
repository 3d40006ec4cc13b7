import { Token } from "cdktf";
import type { IConstruct } from "constructs";

/** What an input may be, and how to mend it: the part of an error that teaches. */
export interface Expectation {
  /** What is allowed, in words: "a whole number from 1 to 65535". */
  readonly allowed: string;
  /** What the reader should do now. */
  readonly mend: string;
  /**
   * Where the rule comes from, an AWS or Terraform page.
   * @default - none
   */
  readonly source?: string;
}

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

/** The text of an error in one form everywhere: where, what was given, what is allowed, how to mend it. */
export function describe(given: Given, expectation: Expectation): string {
  const lines = [
    `${given.scope.node.path || "app"}: ${given.property} is ${show(given.value)}`,
    `    allowed: ${expectation.allowed}`,
    `    mend:    ${expectation.mend}`,
  ];
  if (expectation.source) lines.push(`    source:  ${expectation.source}`);
  return lines.join("\n");
}

/**
 * Throws unless `holds(value)`. A value that is only known to Terraform (an unresolved token) is never judged:
 * its text here is a placeholder.
 * @throws InvalidInputError
 */
export function check<T>(
  scope: IConstruct,
  property: string,
  value: T | undefined,
  holds: (value: T) => boolean,
  expectation: Expectation,
): void {
  if (value === undefined || Token.isUnresolved(value) || holds(value)) return;
  throw new InvalidInputError({ scope, property, value }, expectation);
}

/** Throws for a value that only Terraform knows, where synth must write something that is made of it. */
export function checkLiteral(scope: IConstruct, property: string, value: string | number): void {
  if (!Token.isUnresolved(value)) return;
  throw new InvalidInputError(
    { scope, property, value: "a reference that only Terraform can resolve" },
    {
      allowed: "a value that is known when the app is synthesized: other names are made of it",
      mend: "write it out, or read it from the app's configuration",
    },
  );
}

/** Throws unless `value` is a whole number from `min` to `max`, both included. */
export function checkInteger(
  scope: IConstruct,
  property: string,
  value: number | undefined,
  range: { readonly min: number; readonly max: number },
  expectation: Omit<Expectation, "allowed"> & { readonly allowed?: string },
): void {
  check(scope, property, value, (n) => Number.isInteger(n) && n >= range.min && n <= range.max, {
    allowed: `a whole number from ${range.min} to ${range.max}`,
    ...expectation,
  });
}

/** Throws unless `port` is a TCP port that a container can listen on. */
export function checkPort(scope: IConstruct, property: string, port: number | undefined): void {
  checkInteger(
    scope,
    property,
    port,
    { min: 1, max: 65535 },
    {
      mend: "give the port that the container listens on, for example 80",
      source: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html",
    },
  );
}

function show(value: unknown): string {
  if (value === undefined) return "not given";
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}
