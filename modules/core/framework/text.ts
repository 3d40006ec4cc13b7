import { Token, Tokenization, type IResolvable, type IResolveContext } from "cdktf";

/** How CDKTF writes a value that Terraform computes into a text until the stack is synthesized. */
const REFERENCE = /(\$\{TfToken\[[^\]]+\]\})/;
/** How CDKTF writes such a number: it is a number of this size to JavaScript. */
const NUMBER = /-8\.\d+e\+298/g;
/** Beyond it there are only the numbers that stand for references, and what arithmetic has made of them. */
const LARGEST = 1e250;

/** A piece of a text: what a person wrote, or what Terraform computes as a text or as a number. */
export interface TextPart {
  readonly kind: "literal" | "reference" | "number";
  /** What is literal as it was written, what is computed as CDKTF's placeholder. */
  readonly text: string;
}

/** A literal text in the form that Terraform wants where it stands: in an argument, or in an expression. */
class Literal implements IResolvable {
  public readonly creationStack: string[] = [];

  public constructor(
    public readonly text: string,
    private readonly isBeforeReference: boolean,
  ) {}

  public resolve(context: IResolveContext): string {
    if (context.suppressBraces) return quoted(this.text);
    const template = escaped(this.text);
    // a dollar before the reference would make an escape of it
    return this.isBeforeReference ? template.replace(/\$+$/, (dollars) => `\${"${dollars}"}`) : template;
  }

  public toString(): string {
    return Token.asString(this);
  }
}

/**
 * A text made of literals and of values that Terraform computes: what is literal reaches AWS as it is written, and the
 * values take their places in it. It can be given wherever a text is taken, to functions of `Fn` too.
 *
 * ```ts
 * environment: { DATABASE_URL: text`postgres://${database.address}:${database.port}/orders` }
 * ```
 * @throws TypeError if a value is not given, is a list or a map, or is a number that Terraform computes and that was
 *   calculated with
 */
export function text(
  literals: TemplateStringsArray,
  ...values: readonly (string | number | IResolvable)[]
): string {
  const pieces = literals.flatMap((literal, index) =>
    index < values.length ? [literal, piece(values[index], literal)] : [literal],
  );
  // functions of `Fn` escape neither quotes nor backslashes
  return inert(partsOf(pieces.join("")), /[$%"\\\n\r\t]/);
}

/** A text as an argument of a resource: what is literal in it stays literal, `${HOME}` too. */
export function argumentText(given: string): string;
export function argumentText(given: string | undefined): string | undefined;
export function argumentText(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  return Token.isUnresolved(given) || /[$%]\{|-8\./.test(given) ? inert(partsOf(given)) : given;
}

/** The text cut into what is literal and what Terraform computes, in order and without empty pieces. */
export function partsOf(given: string): readonly TextPart[] {
  const numbers = new Set<string>();
  const withoutNumbers = given.replace(NUMBER, (match) => {
    const reference = asReference(Number(match));
    if (reference === undefined) return match;
    numbers.add(reference);
    return reference;
  });
  const parts: TextPart[] = [];
  for (const piece of withoutNumbers.split(REFERENCE).filter((part) => part !== "")) {
    const part = partOf(piece, numbers);
    const last = parts.at(-1);
    if (part.kind === "literal" && last?.kind === "literal") {
      parts[parts.length - 1] = { kind: "literal", text: last.text + part.text };
    } else parts.push(part);
  }
  return parts;
}

/** What is wrong with a value that a text is made of; undefined if nothing is. */
export function flawOf(
  value: unknown,
): "not given" | "a list or map" | "calculated" | "not a text" | undefined {
  if (value === undefined || value === null) return "not given";
  if (typeof value === "number") return isCalculated(value) ? "calculated" : undefined;
  if (typeof value !== "string") return Tokenization.isResolvable(value) ? undefined : "not a text";
  return /[#&]\{TfToken\[/.test(value) ? "a list or map" : undefined;
}

/** True for what is left of a reference to a number after arithmetic: its placeholder is lost. */
export function isCalculated(value: number): boolean {
  return Number.isFinite(value) && Math.abs(value) > LARGEST && !Token.isUnresolved(value);
}

/**
 * The parts as one text again, in which CDKTF and Terraform leave alone what is literal.
 * @param delicate - which literals need more than standing there as they are
 */
export function inert(parts: readonly TextPart[], delicate = /[$%]\{/): string {
  return parts
    .map(({ kind, text }, index) => {
      if (kind !== "literal") return text;
      const isBeforeReference = index < parts.length - 1;
      const isDelicate = delicate.test(text) || (isBeforeReference && text.endsWith("$"));
      return isDelicate ? Token.asString(new Literal(text, isBeforeReference)) : text;
    })
    .join("");
}

function partOf(piece: string, numbers: ReadonlySet<string>): TextPart {
  if (!REFERENCE.test(piece)) return { kind: "literal", text: piece };
  const [token] = Tokenization.reverseString(piece).tokens;
  if (token instanceof Literal) return { kind: "literal", text: token.text };
  return { kind: numbers.has(piece) ? "number" : "reference", text: piece };
}

function piece(value: string | number | IResolvable | undefined, before: string): string {
  const flaw = flawOf(value);
  if (flaw !== undefined || value === undefined) {
    throw new TypeError(
      `text: the value behind ${JSON.stringify(before)} is ${flaw}; ${MENDS[flaw ?? "not given"]}`,
    );
  }
  if (typeof value === "number") return asReference(value) ?? String(value);
  return typeof value === "string" ? value : Token.asString(value);
}

const MENDS = {
  "not given": "give a text or a number, for example a default for what the environment does not have",
  "a list or map": "join it with `Fn.join`, or take an element of it",
  calculated:
    "write the arithmetic with `Op`, for example `Op.add(port, 1)`: JavaScript has only a placeholder",
  "not a text": "give a text, a number or a value of a resource",
};

function asReference(value: number): string | undefined {
  const token = Tokenization.isResolvable(value) ? undefined : Tokenization.reverseNumber(value);
  return token && Tokenization.isResolvable(token) ? Token.asString(token) : undefined;
}

/** `$` and `%` before a brace begin a Terraform expression unless they are doubled. */
function escaped(literal: string): string {
  return literal.replace(/[$%](?=\{)/g, "$&$&");
}

/** A text of Terraform's own language, which knows fewer escapes than JSON. */
function quoted(literal: string): string {
  const codes: Readonly<Record<string, string>> = { "\\b": "\\u0008", "\\f": "\\u000c" };
  return escaped(JSON.stringify(literal).replace(/\\./g, (escape) => codes[escape] ?? escape));
}
