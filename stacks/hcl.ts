/**
 * Writes Terraform's JSON syntax as HCL, formatted as `terraform fmt` wants it.
 *
 * CDKTF has a renderer of its own; it does not escape quotes in texts that hold references and it quotes the
 * references in `replace_triggered_by`, so that Terraform rejects what it writes.
 * @see https://developer.hashicorp.com/terraform/language/syntax/json
 */

/** A JSON value. */
type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = Readonly<Record<string, Json>>;
/** A Terraform configuration in JSON syntax. */
export type HclDocument = JsonObject;

/** Tells whether a key in a body is a nested block and not an argument. `path` begins with the block's type and label. */
export type IsBlock = (path: readonly string[]) => boolean;

/** Arguments whose texts are references, not strings. */
const REFERENCES = new Set(["depends_on", "replace_triggered_by", "ignore_changes", "provider"]);
const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  moved: ["from", "to"],
  import: ["to"],
  removed: ["from"],
};
/** Arguments that AWS reads as JSON, so that the order of keys and white space mean nothing. */
const DOCUMENTS = new Set(["policy", "assume_role_policy", "container_definitions"]);
/** Blocks that are followed by one label, or by two. */
const LABELS: Readonly<Record<string, number>> = {
  variable: 1,
  output: 1,
  provider: 1,
  resource: 2,
  data: 2,
  module: 1,
  check: 1,
};
const ORDER = [
  "terraform",
  "provider",
  "variable",
  "locals",
  "data",
  "module",
  "resource",
  "output",
  "moved",
  "import",
];

/** The configuration as HCL. */
export function renderHcl(document: HclDocument, isBlock: IsBlock): string {
  const blocks: string[] = [];
  const others = Object.keys(document).filter((type) => type !== "//" && !ORDER.includes(type));
  for (const type of [...ORDER, ...others]) {
    const content = document[type];
    if (content === undefined) continue;
    for (const { labels, body } of labelled(content, LABELS[type] ?? 0)) {
      const header = [type, ...labels.map((label) => JSON.stringify(label))].join(" ");
      blocks.push(renderBlock(header, [type, ...labels], body, isBlock));
    }
  }
  return `${blocks.join("\n\n")}\n`;
}

/** Unfolds `{ "aws_vpc": { "main": {...} } }` into its labels and bodies; a list stands for several of one label. */
function labelled(content: Json, depth: number): { labels: string[]; body: JsonObject }[] {
  if (Array.isArray(content)) return (content as readonly Json[]).flatMap((item) => labelled(item, depth));
  if (depth === 0) return [{ labels: [], body: content as JsonObject }];
  return Object.entries(content as JsonObject).flatMap(([label, inner]) =>
    labelled(inner, depth - 1).map(({ labels, body }) => ({ labels: [label, ...labels], body })),
  );
}

function renderBlock(header: string, path: readonly string[], body: JsonObject, isBlock: IsBlock): string {
  const args: [string, string][] = [];
  const blocks: string[] = [];
  for (const [key, value] of Object.entries(body)) {
    if (key === "//") continue;
    // an empty list is only given for what may be written either way: it says that there must be none
    if (isBlock([...path, key]) && !isEmptyList(value)) {
      for (const nested of labelled(value, nestedLabels(key))) {
        const nestedHeader = [key, ...nested.labels.map((label) => JSON.stringify(label))].join(" ");
        blocks.push(renderBlock(nestedHeader, [...path, key, ...nested.labels], nested.body, isBlock));
      }
    } else {
      args.push([key, renderArgument(path, key, value)]);
    }
  }
  const parts = [alignEntries(args), ...blocks].filter((part) => part !== "");
  return parts.length === 0 ? `${header} {\n}` : `${header} {\n${indent(parts.join("\n\n"))}\n}`;
}

function isEmptyList(value: Json): boolean {
  return Array.isArray(value) && value.length === 0;
}

function nestedLabels(key: string): number {
  return key === "backend" || key === "provisioner" ? 1 : 0;
}

function renderArgument(path: readonly string[], key: string, value: Json): string {
  if (REFERENCES.has(key) && Array.isArray(value)) return renderList(value as readonly Json[], String);
  const isType = key === "type" && path[0] === "variable" && path.length === 2;
  const isAddress = path.length === 1 && ADDRESSES[path[0] ?? ""]?.includes(key);
  if (typeof value === "string" && (isType || isAddress || REFERENCES.has(key))) return value;
  const document = typeof value === "string" && DOCUMENTS.has(key) ? parseDocument(value) : undefined;
  if (document !== undefined) return `jsonencode(${renderValue(document)})`;
  return renderValue(value);
}

function renderValue(value: Json): string {
  if (value === null) return "null";
  if (typeof value === "string") return renderText(value);
  if (Array.isArray(value)) return renderList(value as readonly Json[], renderValue);
  if (typeof value === "object") return renderObject(value as JsonObject);
  return String(value);
}

function renderList(items: readonly Json[], render: (item: Json) => string): string {
  if (items.length === 0) return "[]";
  return `[\n${indent(items.map((item) => `${render(item)},`).join("\n"))}\n]`;
}

function renderObject(object: JsonObject): string {
  const entries = Object.entries(object).map(([key, value]): [string, string] => [
    /^[A-Za-z_][\w-]*$/.test(key) ? key : JSON.stringify(key),
    renderValue(value),
  ]);
  return entries.length === 0 ? "{}" : `{\n${indent(alignEntries(entries))}\n}`;
}

/** A text with references in it: a bare expression or a quoted template. */
function renderText(text: string): string {
  const parts = splitTemplate(text);
  const [only] = parts;
  if (parts.length === 1 && only?.isExpression && text.startsWith("${")) return only.text.slice(2, -1);
  const quoted = parts.map((part) => (part.isExpression ? part.text : escapeText(part.text)));
  return `"${quoted.join("")}"`;
}

/** JSON's escapes, but for the two that HCL does not know. */
function escapeText(text: string): string {
  const escapes: Readonly<Record<string, string>> = { "\\b": "\\u0008", "\\f": "\\u000c" };
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(/\\./g, (escape) => escapes[escape] ?? escape);
}

/** The document, unless `jsonencode` would write another one: numbers beyond its precision, for example. */
function parseDocument(text: string): Json | undefined {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    const document = JSON.parse(text) as Json;
    return JSON.stringify(document) === text ? document : undefined;
  } catch {
    return undefined;
  }
}

/** Splits a template into literal text and `${...}` / `%{...}` sequences; `$${` and `%%{` are literal. */
function splitTemplate(text: string): { text: string; isExpression: boolean }[] {
  const parts: { text: string; isExpression: boolean }[] = [];
  let start = 0;
  let at = 0;
  while (at < text.length) {
    if (text.startsWith("$${", at) || text.startsWith("%%{", at)) {
      at += 3;
    } else if (text.startsWith("${", at) || text.startsWith("%{", at)) {
      const end = endOfSequence(text, at + 2);
      if (at > start) parts.push({ text: text.slice(start, at), isExpression: false });
      parts.push({ text: text.slice(at, end), isExpression: true });
      start = at = end;
    } else {
      at += 1;
    }
  }
  if (start < text.length) parts.push({ text: text.slice(start), isExpression: false });
  return parts;
}

/** Index after the brace that closes a sequence; braces in quoted strings do not count, those of templates in them do. */
function endOfSequence(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const character = text[at];
    if (character === "}") return at + 1;
    if (character === "{") at = endOfSequence(text, at + 1);
    else if (character === '"') at = endOfString(text, at + 1);
    else at += 1;
  }
  return at;
}

function endOfString(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    if (text[at] === "\\") at += 2;
    else if (text[at] === '"') return at + 1;
    else if (text.startsWith("${", at) && text[at - 1] !== "$") at = endOfSequence(text, at + 2);
    else at += 1;
  }
  return at;
}

/** Lines up the equals signs of neighbours that take one line each, as `terraform fmt` does. */
function alignEntries(entries: readonly (readonly [string, string])[]): string {
  const lines: string[] = [];
  let group: (readonly [string, string])[] = [];
  const flush = (): void => {
    const width = Math.max(0, ...group.map(([key]) => key.length));
    lines.push(...group.map(([key, value]) => `${key.padEnd(width)} = ${value}`));
    group = [];
  };
  for (const entry of entries) {
    if (entry[1].includes("\n")) {
      flush();
      lines.push(`${entry[0]} = ${entry[1]}`);
    } else {
      group.push(entry);
    }
  }
  flush();
  return lines.join("\n");
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
