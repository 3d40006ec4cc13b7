import ts from "typescript";

/** What a documentation comment says. Texts are Markdown, as they stand in the source. */
export interface DocComment {
  /** Without the tags; empty where there is none. */
  readonly text: string;
  /** Of `@default`, without the dash of a default in words. */
  readonly defaultText?: string;
  readonly throws: readonly string[];
  /** What the parameters are, by their names. */
  readonly params: Readonly<Record<string, string>>;
  readonly returns?: string;
  readonly examples: readonly string[];
  /** Addresses of `@see`. */
  readonly sources: readonly string[];
}

/** The comment of a declaration; what an interface or a base class says of a member holds where the member says nothing. */
export function docCommentOf(symbol: ts.Symbol, checker: ts.TypeChecker): DocComment {
  const tags = symbol.getJsDocTags(checker);
  const named = (name: string): string[] =>
    tags.filter((tag) => tag.name === name).map((tag) => ts.displayPartsToString(tag.text).trim());
  const params = named("param").map((text): [string, string] => {
    const [name = "", ...words] = text.split(/\s+/);
    return [name, words.join(" ").replace(/^- /, "")];
  });
  return {
    text: ended(ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim()),
    defaultText: named("default")[0]?.replace(/^- /, ""),
    throws: named("throws"),
    params: Object.fromEntries(params),
    returns: named("returns")[0],
    examples: named("example"),
    sources: sourcesOf(symbol),
  };
}

/** With a full stop, which a last line in a comment often goes without. */
function ended(text: string): string {
  return /[\w)"'`]$/.test(text) && !text.endsWith("```") ? `${text}.` : text;
}

/** Read as they are written: the compiler takes the `https` of an address for the name of something. */
function sourcesOf(symbol: ts.Symbol): string[] {
  const tags = (symbol.declarations ?? []).flatMap((declaration) => ts.getJSDocTags(declaration));
  return tags
    .filter((tag) => tag.tagName.text === "see")
    .flatMap((tag) => /https:\/\/\S+/.exec(tag.getText())?.[0] ?? []);
}
