import { allPages } from "./pages";
import { problemsOf } from "./flowchart-grammar";

describe("the pictures of the pages", () => {
  const blocks = allPages()
    .flatMap((page) => page.blocks)
    .filter(({ language }) => language === "mermaid");

  test("are found", () => {
    const pages = blocks.map(({ page }) => page);
    expect(pages).toEqual(expect.arrayContaining(["README.md", "docs/stacks.md"]));
  });

  test("are flowcharts of the form that GitHub draws", () => {
    const problems = blocks.flatMap(({ page, line, text }) =>
      problemsOf(text).map((problem) => `${page}:${line} ${problem}`),
    );
    expect(problems).toEqual([]);
  });

  test.each([
    ["no kind", "a --> b", "does not begin with flowchart"],
    ["an arrow to nowhere", 'flowchart LR\n  a["x"]\n  a --> b', "b is not defined"],
    ["a node twice on the way", 'flowchart LR\n  a["x"] --> b["y"]\n  b["y"] --> a', "b is defined twice"],
    ["a node twice", 'flowchart LR\n  a["x"]\n  a["y"]', "a is defined twice"],
    ["a label without quotes", "flowchart LR\n  a[x: (y)]", "line 2 is not of a known form"],
    ["a quote in a label", 'flowchart LR\n  a["x"y"]', "line 2 is not of a known form"],
    ["an end too few", 'flowchart LR\n  subgraph s ["x"]\n  a["x"]', "1 subgraph is not ended"],
    ["an end too many", "flowchart LR\n  end", "ends a subgraph that is none"],
    ["a reserved word", 'flowchart LR\n  end["x"]', "line 2 is not of a known form"],
    ["a shape that is closed by another", 'flowchart LR\n  a["x")', "line 2 is not of a known form"],
  ])("with %s would be told", (_, text, problem) => {
    expect(problemsOf(text)).toContainEqual(expect.stringContaining(problem));
  });
});
