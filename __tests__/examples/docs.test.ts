import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import MarkdownIt from "markdown-it";
import { ROOT } from "./files";

const PAGES = ["docs/pipelines.md", "docs/backends.md", "examples/pipelines/README.md"];
const SCRIPTS = (
  JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> }
).scripts;
/** Programs whose commands are checked elsewhere, or that are AWS's. */
const PROGRAMS = ["aws", "cd", "cp", "export", "mv", "npm", "npx", "sh", "terraform"];

interface Block {
  readonly page: string;
  readonly language: string;
  readonly file: string | undefined;
  readonly text: string;
}

const tokens = (page: string) => new MarkdownIt().parse(readFileSync(join(ROOT, page), "utf8"), {});

const blocks: Block[] = PAGES.flatMap((page) =>
  tokens(page)
    .filter(({ type }) => type === "fence")
    .map(({ info, content }) => {
      const [language = "", file] = info.split(" ");
      return { page, language, file, text: content };
    }),
);
const excerpts = blocks.filter(({ file }) => file !== undefined);
const commands = blocks
  .filter(({ language }) => language === "shell")
  .flatMap(({ page, text }) =>
    text
      .trim()
      .split("\n")
      .map((command) => [page, command] as const),
  );

test("every block on the pages is a diagram, commands, or says what file it is from", () => {
  expect(excerpts.length).toBeGreaterThan(2);
  for (const { language, file } of blocks)
    if (file === undefined) expect(["mermaid", "shell"]).toContain(language);
});

test.each(excerpts)("$page quotes $file word for word", ({ file = "", text }) => {
  expect(readFileSync(join(ROOT, file), "utf8")).toContain(text);
});

describe("commands on the pages", () => {
  test.each(commands)("%s: %s", (_, command) => {
    const words = command.replace(/^(\w+=('[^']*'|\$\(.*|\S+) )*/, "").split(" ");
    const program = command.includes("=$(") ? "sh" : (words[0] ?? "");
    expect(PROGRAMS).toContain(program);
    const script = /npm run ([\w:-]+)/.exec(command)?.[1];
    if (script !== undefined) expect(SCRIPTS).toHaveProperty([script]);
    // what they copy or run from here is here
    for (const [path] of command.matchAll(/\bexamples\/[\w./-]+/g))
      expect(existsSync(join(ROOT, path))).toBe(true);
    for (const [, file = ""] of command.matchAll(/-var-file=(\S+)/g))
      expect(existsSync(join(ROOT, "examples/pipelines/oidc-roles", file))).toBe(true);
    for (const [, name = ""] of command.matchAll(/environments\/(pack\.sh)/g))
      expect(existsSync(join(ROOT, "examples/pipelines/environments", name))).toBe(true);
  });
});

test.each(PAGES)("%s links to what is there", (page) => {
  const text = readFileSync(join(ROOT, page), "utf8");
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );
  for (const [, target = ""] of text.matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
    if (target.startsWith("#")) expect(headings).toContain(target.slice(1));
    else expect([target, existsSync(join(ROOT, dirname(page), target))]).toEqual([target, true]);
  }
});
