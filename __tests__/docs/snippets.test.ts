import { readdirSync } from "node:fs";
import { join } from "node:path";
import { allPages, type Block } from "./pages";
import { problemsIn, unusedContexts } from "./snippets";

const blocks = allPages()
  .flatMap((page) => page.blocks)
  .filter(({ language }) => language === "ts");

/** Code that is on no page, and what must be said of it. A page each. */
const SAMPLES: Readonly<
  Record<string, { readonly lines: readonly string[]; readonly problems: readonly RegExp[] }>
> = {
  "that gives an input which there is not": {
    lines: [
      'import { Efs } from "cdktf-ecs-discovery";',
      "",
      'new Efs(this, "efs", { vpc: vpcId, subnets });',
    ],
    problems: [/^sample:13 .*'vpc' does not exist in type 'EfsProps'/],
  },
  "that uses what neither it nor its context has": {
    lines: ["signal.connectTo(nobody);"],
    problems: [/^sample:11 Cannot find name 'nobody'/],
  },
  "that is no TypeScript": { lines: ["const = 1;"], problems: [/^sample:11 Variable declaration expected/] },
  "that leaves something out": { lines: ['new EcsService(this, "x", { ..., cpu: 512 });'], problems: [] },
  "that leaves something out, of which the rest is wrong": {
    lines: ['new EcsService(this, "x", { ..., cpus: 512 });'],
    problems: [/^sample:11 .*'cpus' does not exist/],
  },
  "with members of a class": {
    lines: [
      "protected override allocateLogicalId(element: TerraformElement): string {",
      "  return terraformAddress(element);",
      "}",
    ],
    problems: [],
  },
  "that is a module": {
    lines: ['import { App } from "cdktf";', "export const app = new App();"],
    problems: [],
  },
  "that waits": { lines: ["await Promise.resolve();"], problems: [] },
  "that has a name of its own for what its context has too": {
    lines: ["const stock = 1;", "stock.toFixed();"],
    problems: [],
  },
};

const samples = Object.entries(SAMPLES).map(([page, { lines }]): Block => {
  return { page, line: 10, language: "ts", settings: { context: "stack" }, text: `${lines.join("\n")}\n` };
});

describe("the TypeScript on the pages", () => {
  // once for all of it: starting the compiler is what takes long
  const problems = problemsIn([...blocks, ...samples]);
  const isSample = (problem: string): boolean =>
    Object.keys(SAMPLES).some((page) => problem.startsWith(`${page}:`));

  test("is found", () => {
    expect(new Set(blocks.map(({ page }) => page))).toContain("README.md");
  });

  test("compiles, with what its context gives it", () => {
    expect(problems.filter((problem) => !isSample(problem))).toEqual([]);
  });

  test("uses every context that there is", () => {
    const files = readdirSync(join(__dirname, "snippets")).filter((name) => name.endsWith(".ts"));
    expect(unusedContexts([...blocks, ...samples], files)).toEqual([]);
  });

  test.each(Object.entries(SAMPLES))("of a block %s is judged so", (page, sample) => {
    const found = problems.filter((problem) => problem.startsWith(`${page}:`));
    expect(found.map((problem) => problem.replace(page, "sample"))).toEqual(
      sample.problems.map((problem) => expect.stringMatching(problem) as unknown),
    );
  });

  test("of a block that names a context which is not there is refused", () => {
    const block: Block = {
      page: "docs/x.md",
      line: 1,
      language: "ts",
      settings: { context: "missing" },
      text: "",
    };
    expect(() => problemsIn([block])).toThrow("docs/x.md: there is no __tests__/docs/snippets/missing.ts");
  });
});
