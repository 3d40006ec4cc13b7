import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A page of `docs/` and the code on it, so that tests run what the page says. */
export class Page {
  public readonly text: string;

  public constructor(name: string) {
    this.text = readFileSync(join(__dirname, "..", "..", "docs", name), "utf8");
  }

  /** The blocks of a language, in order; those below a heading where one is given. @throws Error where there is none */
  public blocks(language: string, heading?: string): readonly string[] {
    const text = heading === undefined ? this.text : this.below(heading);
    const blocks = [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)]
      .filter(([, found]) => found === language)
      .map(([, , code]) => code ?? "");
    if (blocks.length > 0) return blocks;
    throw new Error(`the page has no ${language} block${heading === undefined ? "" : ` below "${heading}"`}`);
  }

  /** @throws Error where there is no such heading */
  public below(heading: string): string {
    const section = this.text.split(/^##+ /m).find((part) => part.startsWith(`${heading}\n`));
    if (section === undefined) throw new Error(`the page has no heading "${heading}"`);
    return section;
  }
}
