import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ROOT } from "../../scripts/commands";

const text = readFileSync(join(ROOT, ".github", "workflows", "ci.yml"), "utf8");
const file = parse(text) as {
  readonly permissions: object;
  readonly jobs: Readonly<
    Record<string, { readonly permissions: object; readonly steps: readonly { readonly run?: string }[] }>
  >;
};

describe("the workflow of CI", () => {
  test("ends with .ci/run, which can be executed", () => {
    expect(Object.keys(file.jobs)).toEqual(["check"]);
    expect(file.jobs.check?.steps.at(-1)?.run).toBe(".ci/run");
    expect(statSync(join(ROOT, ".ci", "run")).mode & 0o111).not.toBe(0);
  });

  test("may read the repository and do nothing else", () => {
    expect(file.permissions).toEqual({});
    expect(file.jobs.check?.permissions).toEqual({ contents: "read" });
  });

  test("names every action by a whole commit", () => {
    const uses = text.match(/uses: .*/g) ?? [];
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses) expect(line).toMatch(/^uses: [\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });
});
