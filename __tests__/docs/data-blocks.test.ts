import { allPages } from "./pages";
import { SHELLS } from "./shell";

/** Languages of blocks, and what holds them; a block without one shows what something prints. */
const LANGUAGES: Readonly<Record<string, string>> = {
  ts: "snippets.test.ts",
  json: "this test",
  hcl: "__tests__/terraform/docs.test.ts",
  mermaid: "flowcharts.test.ts",
  diff: "nothing: it shows what to change in files that are not here",
  yaml: "nothing: it is for tools that are not here",
  text: "nothing: it shows what something prints",
  "": "nothing: it shows what something prints",
  ...Object.fromEntries(SHELLS.map((language) => [language, "commands.test.ts"])),
};

const blocks = allPages().flatMap((page) => page.blocks);
const places = (wrong: typeof blocks): string[] => wrong.map(({ page, line }) => `${page}:${line}`);

describe("the blocks of the pages", () => {
  test("are in languages that something here reads", () => {
    const unknown = blocks.filter(({ language }) => !Object.hasOwn(LANGUAGES, language));
    expect(unknown.map(({ page, line, language }) => `${page}:${line} ${language}`)).toEqual([]);
  });

  test("of JSON can be parsed", () => {
    const isWrong = (text: string): boolean => {
      try {
        JSON.parse(text);
        return false;
      } catch {
        return true;
      }
    };
    expect(places(blocks.filter(({ language, text }) => language === "json" && isWrong(text)))).toEqual([]);
  });

  test("are not empty", () => {
    expect(places(blocks.filter(({ text }) => text.trim() === ""))).toEqual([]);
  });
});
