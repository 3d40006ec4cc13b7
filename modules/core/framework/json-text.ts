import { Fn, Token } from "cdktf";
import { argumentText, inert, partsOf, type TextPart } from "./text";

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
 * JSON text with references in it, for arguments such as `container_definitions`. What is literal in strings and keys
 * stays literal. References in strings that are not marked as free text stand between the quotes as they are, which is
 * safe and readable for ARNs, URLs and names.
 */
export function jsonText(value: unknown): string {
  const encoded: string[] = [];
  const text = JSON.stringify(value, (_key, part: unknown) =>
    part instanceof FreeText ? `\u0000${encoded.push(encode(part.text)) - 1}\u0000` : part,
  );
  const isPlaceholder = /("\\u0000\d+\\u0000")/;
  return text
    .split(isPlaceholder)
    .map((piece) => {
      const [, index] = /^"\\u0000(\d+)\\u0000"$/.exec(piece) ?? [];
      return index === undefined ? argumentText(piece) : (encoded[Number(index)] ?? "");
    })
    .join("");
}

/** The JSON form of a text, quotes included. */
function encode(text: string): string {
  const parts = partsOf(text);
  const [only] = parts;
  // a bare reference may be to a number; ECS wants strings
  if (parts.length === 1 && only?.kind === "reference") return Fn.jsonencode(Fn.tostring(only.text));
  return `"${inert(parts.map(jsonPart))}"`;
}

/** What stands between the quotes for a part of a text. */
function jsonPart(part: TextPart): TextPart {
  if (part.kind === "literal") return { ...part, text: JSON.stringify(part.text).slice(1, -1) };
  return part.kind === "number" ? part : { ...part, text: withoutQuotes(part.text) };
}

function withoutQuotes(reference: string): string {
  const json = Fn.jsonencode(Fn.tostring(reference));
  return Token.asString(Fn.element(Fn.regex(Fn.rawString('^"(.*)"$'), json), 0));
}
