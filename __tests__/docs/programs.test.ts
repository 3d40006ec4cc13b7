import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import * as modules from "../../modules";
import { allPages, type Block } from "./pages";

/** Whole programs: those that import the package and synthesize an app of their own. */
const programs = allPages()
  .flatMap((page) => page.blocks)
  .filter(({ language, text }) => language === "ts" && isProgram(text));

function isProgram(text: string): boolean {
  return text.includes('from "cdktf-ecs-discovery"') && /^app\.synth\(\);$/m.test(text);
}

const MODULE_KINDS = {
  module: ts.ModuleKind.CommonJS,
  target: ts.ScriptTarget.ES2022,
  esModuleInterop: true,
};

/** Runs a program as an app of a reader's own would be run, and returns the stacks that it wrote. */
function stacksOf({ text }: Block, outdir: string): string[] {
  const { outputText } = ts.transpileModule(text, { compilerOptions: MODULE_KINDS });
  const load = (name: string): unknown =>
    name === "cdktf-ecs-discovery" ? modules : jest.requireActual(name);
  const before = process.env.CDKTF_OUTDIR;
  process.env.CDKTF_OUTDIR = outdir;
  try {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the code is that of the pages
    const run = new Function("require", "exports", outputText) as (
      require: typeof load,
      exports: object,
    ) => void;
    run(load, {});
  } finally {
    if (before === undefined) delete process.env.CDKTF_OUTDIR;
    else process.env.CDKTF_OUTDIR = before;
  }
  return readdirSync(join(outdir, "stacks")).filter((stack) =>
    existsSync(join(outdir, "stacks", stack, "cdk.tf.json")),
  );
}

describe("the whole programs on the pages", () => {
  let outdir: string;
  beforeEach(() => {
    outdir = mkdtempSync(join(tmpdir(), "program-"));
  });
  afterEach(() => {
    rmSync(outdir, { recursive: true, force: true });
  });

  test("are found", () => {
    expect(programs.map(({ page }) => page)).toContain("docs/guides/start.md");
  });

  test.each(programs.map((block) => [`${block.page}:${block.line}`, block] as const))(
    "of %s synthesizes every stack that it makes",
    (_place, block) => {
      const made = [...block.text.matchAll(/^(?:const \w+ = )?new (?!App\b)\w+\(app\b/gm)].length;
      expect(made).toBeGreaterThan(0);
      expect(stacksOf(block, outdir)).toHaveLength(made);
    },
  );
});
