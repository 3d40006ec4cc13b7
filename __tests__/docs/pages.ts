import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import MarkdownIt from "markdown-it";
import { anchorOf } from "../../scripts/docs/markdown";

export const ROOT = join(__dirname, "..", "..");

/** What is installed, built, synthesized or left behind has pages of its own, which are not ours. */
const LEFT_OUT = new Set(["node_modules", "dist", "cdktf.out", "hcl.out", "coverage", "artifacts"]);

/** A block between two fences. */
export interface Block {
  readonly page: string;
  /** Of the opening fence. */
  readonly line: number;
  readonly language: string;
  /** What stands behind the language, which no reader sees: `context=stack`. */
  readonly settings: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface Link {
  readonly page: string;
  readonly line: number;
  readonly target: string;
  readonly isImage: boolean;
}

type Token = ReturnType<MarkdownIt["parse"]>[number];

const parser = new MarkdownIt({ html: true });

/** A page of the documentation as GitHub reads it. */
export class MarkdownPage {
  private readonly tokens: readonly Token[];

  /** @param path from the root of the repository, with slashes */
  public constructor(
    public readonly path: string,
    text = readFileSync(join(ROOT, path), "utf8"),
  ) {
    this.tokens = parser.parse(text, {});
  }

  public get blocks(): Block[] {
    return this.tokens
      .filter(({ type }) => type === "fence")
      .map(({ info, content, map }) => {
        const [language = "", ...settings] = info.trim().split(/\s+/);
        const pairs = settings.map((setting) => setting.split("=") as [string, string]);
        return {
          page: this.path,
          line: lineOf(map),
          language,
          settings: Object.fromEntries(pairs),
          text: content,
        };
      });
  }

  public get links(): Link[] {
    return this.inline().flatMap(({ token, line }) => {
      const target = token.type === "link_open" ? token.attrGet("href") : token.attrGet("src");
      const isImage = token.type === "image";
      if (target === null || (!isImage && token.type !== "link_open")) return [];
      return [{ page: this.path, line, target, isImage }];
    });
  }

  /** Words in backticks. */
  public get codes(): { readonly text: string; readonly line: number }[] {
    return this.inline()
      .filter(({ token }) => token.type === "code_inline")
      .map(({ token, line }) => ({ text: token.content, line }));
  }

  /** What a link into the page can lead to: headings, numbered where they repeat, and `<a id>`. */
  public get anchors(): ReadonlySet<string> {
    const anchors = new Set<string>();
    this.tokens.forEach((token, index) => {
      if (token.type !== "heading_open") return;
      const anchor = anchorOf(textOf(this.tokens[index + 1]));
      let unique = anchor;
      for (let count = 1; anchors.has(unique); count += 1) unique = `${anchor}-${count}`;
      anchors.add(unique);
    });
    for (const { token } of this.inline()) {
      if (token.type !== "html_inline" && token.type !== "html_block") continue;
      for (const [, name = ""] of token.content.matchAll(/<a\s+(?:id|name)="([^"]+)"/g)) anchors.add(name);
    }
    return anchors;
  }

  private inline(): { readonly token: Token; readonly line: number }[] {
    return this.tokens.flatMap((token) =>
      (token.children ?? [token]).map((child) => ({ token: child, line: lineOf(token.map) })),
    );
  }
}

/** All pages of the repository. */
export function allPages(): MarkdownPage[] {
  return markdownFiles("").map((path) => new MarkdownPage(path));
}

function markdownFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        return LEFT_OUT.has(entry.name) || entry.name.startsWith(".") ? [] : markdownFiles(path);
      }
      // what API Extractor writes is for comparing, and has declarations without bodies
      return entry.name.endsWith(".md") && !entry.name.endsWith(".api.md") ? [path] : [];
    });
}

function textOf(token: Token | undefined): string {
  const parts = (token?.children ?? []).filter(({ type }) => type === "text" || type === "code_inline");
  return parts.map(({ content }) => content).join("");
}

function lineOf(map: [number, number] | null): number {
  return (map?.[0] ?? 0) + 1;
}
