import type { Block } from "./pages";

/** One program with its arguments, as a shell would start it. */
export interface Command {
  readonly page: string;
  readonly line: number;
  /** `NAME=value` before it, or by `export`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Without their quotes. */
  readonly words: readonly string[];
}

/** What GitHub shows as commands: all of it, or in a `console` block what follows a dollar sign. */
export const SHELLS: readonly string[] = ["shell", "bash", "sh", "console"];

/** The commands of a block, those in `$(...)` too. */
export function commandsOf(block: Block): Command[] {
  const text = block.language === "console" ? prompted(block.text) : block.text;
  return new Parser(text, block.page, block.line).commands();
}

/** Lines that begin with `$ `, and what belongs to them; the rest is what was printed. As many lines as before. */
function prompted(text: string): string {
  let rest = "";
  const lines = text.split("\n").map((line) => {
    if (rest === "" && !line.startsWith("$ ")) return "";
    const command = rest === "" ? line.slice(2) : line;
    rest += `${command}\n`;
    const isOpen = command.endsWith("\\") || (rest.match(/'/g) ?? []).length % 2 === 1;
    if (!isOpen) rest = "";
    return command;
  });
  return lines.join("\n");
}

/** Words that begin or end a part of a script and start nothing themselves. */
const KEYWORDS = new Set([
  "if",
  "then",
  "else",
  "elif",
  "fi",
  "do",
  "done",
  "while",
  "until",
  "!",
  "{",
  "}",
  "time",
]);
const ASSIGNMENT = /^([A-Za-z_][A-Za-z0-9_]*)=([^]*)$/;

class Parser {
  private readonly found: Command[] = [];
  private words: string[] = [];
  private word: string | undefined;
  private at = 0;
  private startedAt = 0;

  public constructor(
    private readonly text: string,
    private readonly page: string,
    private readonly line: number,
  ) {}

  public commands(): Command[] {
    while (this.at < this.text.length) this.step(this.text.charAt(this.at));
    this.endCommand();
    return this.found;
  }

  private step(char: string): void {
    const next = this.text.charAt(this.at + 1);
    if (char === "\\" && next === "\n") this.at += 2;
    else if (char === "\\") this.take(next, 2);
    else if (char === "'" || char === '"') this.quoted(char);
    else if (char === "$" && next === "(") this.nested();
    else if (char === "#" && this.word === undefined) this.at = this.endOfLine();
    else if (char === "<" && next === "<") this.hereDocument();
    else if (char === "<" || char === ">") this.redirection();
    else if (/[\n;|&()]/.test(char)) {
      this.endCommand();
      this.at += 1;
    } else if (/\s/.test(char)) {
      this.endWord();
      this.at += 1;
    } else this.take(char, 1);
  }

  private take(text: string, length: number): void {
    if (this.words.length === 0 && this.word === undefined) this.startedAt = this.at;
    this.word = (this.word ?? "") + text;
    this.at += length;
  }

  private quoted(quote: string): void {
    let end = this.at + 1;
    while (end < this.text.length && this.text.charAt(end) !== quote)
      end += this.text.charAt(end) === "\\" && quote === '"' ? 2 : 1;
    const inside = this.text.slice(this.at + 1, end);
    if (quote === '"') for (const [, code = ""] of inside.matchAll(/\$\(([^)]*)\)/g)) this.inside(code);
    this.take(inside, end + 1 - this.at);
  }

  private nested(): void {
    let depth = 1;
    let end = this.at + 2;
    for (; end < this.text.length && depth > 0; end += 1) {
      if (this.text.charAt(end) === "(") depth += 1;
      if (this.text.charAt(end) === ")") depth -= 1;
    }
    this.inside(this.text.slice(this.at + 2, end - 1));
    this.take("$(...)", end - this.at);
  }

  private inside(code: string): void {
    this.found.push(...new Parser(code, this.page, this.lineOf(this.at)).commands());
  }

  private hereDocument(): void {
    const [all = "<<", , mark = ""] = /^<<-?\s*(['"]?)(\w+)\1/.exec(this.text.slice(this.at)) ?? [];
    const rest = this.text.slice(this.at + all.length);
    const end = new RegExp(`^\\s*${mark}$`, "m").exec(rest);
    const body = rest.indexOf("\n");
    const isWhole = end !== null && body >= 0 && end.index > body;
    const after = isWhole ? rest.slice(0, body) + rest.slice(end.index + end[0].length) : rest;
    this.found.push(
      ...new Parser(after, this.page, this.lineOf(this.at))
        .commands()
        .filter(({ words }) => words.length > 0),
    );
    this.at = this.text.length;
  }

  /** `> file`; what stands in pointed brackets is no redirection but a place to be filled in, and becomes a word. */
  private redirection(): void {
    const [placeholder] = /^<[\w -]+>/.exec(this.text.slice(this.at)) ?? [];
    if (placeholder !== undefined) {
      this.take(placeholder, placeholder.length);
      return;
    }
    this.endWord();
    const [all = ">"] = /^[<>]+&?\s*[^\s;|&()]*/.exec(this.text.slice(this.at)) ?? [];
    this.at += all.length;
  }

  private endOfLine(): number {
    const end = this.text.indexOf("\n", this.at);
    return end < 0 ? this.text.length : end;
  }

  private endWord(): void {
    if (this.word !== undefined) this.words.push(this.word);
    this.word = undefined;
  }

  private endCommand(): void {
    this.endWord();
    const words = this.words.filter((word, index) => index > 0 || !KEYWORDS.has(word));
    this.words = [];
    const environment: Record<string, string> = {};
    while (words.length > 0) {
      const [first = ""] = words;
      const [, name, value] = ASSIGNMENT.exec(first) ?? [];
      if (first !== "export" && name === undefined) break;
      words.shift();
      if (name !== undefined) environment[name] = value ?? "";
    }
    if (words.length === 0 && Object.keys(environment).length === 0) return;
    this.found.push({ page: this.page, line: this.lineOf(this.startedAt), environment, words });
  }

  private lineOf(at: number): number {
    return this.line + this.text.slice(0, at).split("\n").length;
  }
}
