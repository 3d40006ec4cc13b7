import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";

const ROOT = join(__dirname, "..");

/** Files that import another one of the project, as every layer and every room may. */
const ACCEPTED: readonly (readonly [from: string, to: string])[] = [
  ["modules/core/framework/a.ts", "modules/rules/a.ts"],
  ["modules/core/network/a.ts", "modules/core/framework/a.ts"],
  ["modules/core/index.ts", "modules/core/network/a.ts"],
  ["modules/services/calls/a.ts", "modules/core/network/a.ts"],
  ["modules/services/article/a.ts", "modules/services/calls/a.ts"],
  ["stacks/a.ts", "modules/services/article/a.ts"],
  ["local/a.ts", "stacks/a.ts"],
  ["__tests__/modules/core/network/a.test.ts", "modules/core/network/a.ts"],
];

/** Files that import what they must not, and the rule that says so. */
const REJECTED: readonly (readonly [from: string, to: string, rule: string])[] = [
  ["modules/core/framework/up.ts", "modules/core/network/a.ts", "rooms-import-downwards"],
  ["modules/core/compute/up.ts", "modules/core/load-balancing/b.ts", "rooms-import-downwards"],
  ["modules/services/calls/up.ts", "modules/services/article/a.ts", "rooms-import-downwards"],
  ["modules/rules/up.ts", "modules/core/framework/a.ts", "layers-import-downwards"],
  ["modules/core/iam/up.ts", "modules/services/calls/a.ts", "layers-import-downwards"],
  ["modules/services/task/up.ts", "stacks/a.ts", "layers-import-downwards"],
  ["stacks/program.ts", "local/a.ts", "library-imports-no-program"],
  ["modules/core/iam/app.ts", "configuration.ts", "library-imports-no-program"],
  ["modules/core/astray.ts", "modules/core/framework/a.ts", "file-in-a-room"],
  ["modules/services/unknown/astray.ts", "modules/core/framework/a.ts", "file-in-a-room"],
  ["__tests__/modules/services/astray.test.ts", "modules/services/calls/a.ts", "file-in-a-room"],
  ["modules/core/iam/one.ts", "modules/core/iam/other.ts", "no-circle"],
  ["modules/services/task/lost.ts", "modules/services/task/gone.ts", "no-unresolved-import"],
];

/** A project of all these files. Their imports are of types alone, which must count like any other. */
function files(): Map<string, string> {
  const texts = new Map([
    ["modules/core/iam/machine.ts", 'import "node:fs";\n'],
    ["modules/core/iam/other.ts", importOf("./one")],
    ["modules/core/load-balancing/b.ts", importOf("../iam/other")],
    ["modules/rules/a.ts", ""],
    ["configuration.ts", ""],
  ]);
  for (const [from, to] of [...ACCEPTED, ...REJECTED]) {
    const path = posix.relative(dirname(from), to.replace(/\.ts$/, ""));
    texts.set(from, importOf(path.startsWith(".") ? path : `./${path}`));
  }
  return texts;
}

function importOf(path: string): string {
  return `import type { Thing as Imported } from "${path}";\nexport type Used = Imported;\n`;
}

interface Result {
  readonly summary: {
    readonly violations: readonly {
      readonly rule: { readonly name: string };
      readonly from: string;
      readonly to: string;
    }[];
  };
}

/** What `npm run lint:imports` says about a project of the given files, by importing file. */
function violationsIn(project: ReadonlyMap<string, string>): Map<string, string[]> {
  const folder = mkdtempSync(join(tmpdir(), "imports-"));
  try {
    for (const name of [".dependency-cruiser.mjs", "tsconfig.json"])
      cpSync(join(ROOT, name), join(folder, name));
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    for (const [name, text] of project) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), `${text}export interface Thing {}\n`);
    }
    const command = join(ROOT, "node_modules", ".bin", "depcruise");
    const { stdout, stderr } = spawnSync(command, [".", "--output-type", "json"], {
      cwd: folder,
      encoding: "utf8",
    });
    if (stderr !== "") throw new Error(stderr);
    const byFile = new Map<string, string[]>();
    for (const { rule, from, to } of (JSON.parse(stdout) as Result).summary.violations) {
      byFile.set(from, [...(byFile.get(from) ?? []), `${rule.name}: ${to}`]);
    }
    return byFile;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("lint:imports", () => {
  const found = violationsIn(files());

  test.each(ACCEPTED)("accepts %s -> %s", (from) => {
    expect(found.get(from)).toBeUndefined();
  });

  test.each(REJECTED)("rejects %s -> %s by %s", (from, to, rule) => {
    const target = rule === "no-unresolved-import" ? "./gone" : to;
    expect(found.get(from)).toEqual([`${rule}: ${target}`]);
  });

  test("rejects a library file that reads the disk", () => {
    expect(found.get("modules/core/iam/machine.ts")).toEqual(["library-reads-no-machine: fs"]);
  });
});
