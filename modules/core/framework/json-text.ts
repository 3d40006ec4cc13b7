import { Fn, Token } from "cdktf";

/** How CDKTF writes a reference into a string until the stack is synthesized. */
const REFERENCE = /(\$\{TfToken\[[^\]]+\]\})/;

/** A string that a person wrote or that Terraform computes: it may hold anything, quotes and `${` included. */
class FreeText {
  public constructor(public readonly text: string) {}
}

/**
 * Marks a string in a value for `jsonText` as free text: what is literal in it stays literal, `${HOME}` too, and what
 * Terraform computes is escaped for JSON by Terraform.
 */
export function freeText(text: string | number): unknown {
  // ECS wants strings; numbers come from callers that are not type-checked
  return new FreeText(String(text));
}

/**
 * JSON text with references in it, for arguments such as `container_definitions`. References in strings that are not
 * marked as free text stand between the quotes as they are, which is safe and readable for ARNs, URLs and names.
 */
export function jsonText(value: unknown): string {
  const encoded: string[] = [];
  const text = JSON.stringify(value, (_key, part: unknown) =>
    part instanceof FreeText ? `\u0000${encoded.push(encode(part.text)) - 1}\u0000` : part,
  );
  return text.replace(/"\\u0000(\d+)\\u0000"/g, (_, index: string) => encoded[Number(index)] ?? "");
}

/** The JSON form of a text, quotes included. */
function encode(text: string): string {
  if (!Token.isUnresolved(text)) return literal(text);
  const parts = text.split(REFERENCE).filter((part) => part !== "");
  const [only] = parts;
  // a bare reference may be to a number; ECS wants strings
  if (parts.length === 1 && only !== undefined) return Fn.jsonencode(Fn.tostring(only));
  const inner = parts.map((part) =>
    REFERENCE.test(part) ? withoutQuotes(part) : literal(part).slice(1, -1),
  );
  return `"${inner.join("")}"`;
}

function literal(text: string): string {
  // `$` and `%` before a brace begin a Terraform expression unless they are doubled
  return JSON.stringify(text).replace(/[$%](?=\{)/g, "$&$&");
}

function withoutQuotes(reference: string): string {
  const json = Fn.jsonencode(Fn.tostring(reference));
  return Token.asString(Fn.element(Fn.regex(Fn.rawString('^"(.*)"$'), json), 0));
}
