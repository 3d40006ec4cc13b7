import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { checkOut, inherited } from "../../scripts/checkout";
import { ROOT, ScriptError } from "../../scripts/commands";
import { runScript, TEXTS } from "../../scripts/flags";
import { NODE_VERSIONS, nodeOf, OLDEST_NODE } from "./versions";

const COMMAND = "npm run compatibility:node";
const FLAGS = { node: TEXTS, step: TEXTS };
const HELP = `Usage: ${COMMAND} -- [--node <major>]... [--step <step>]...

Runs the project on each version of Node.js that it supports, one after the other: ${NODE_VERSIONS.join(", ")};
synthesis alone also on ${OLDEST_NODE}, the oldest.

  --node <major>   versions of that line alone
  --step <step>    that step alone:
                   synthesis  all stacks, as JSON and as HCL, byte by byte the same on every version
                   package    the npm packages in a new project, and the command line of CDKTF
                   apps       the discovery client and both services`;

const TSX = require.resolve("tsx");
const JEST = require.resolve("jest/bin/jest");

/** What came of a step: a few words for the table, and all output if it failed. */
interface Outcome {
  readonly words: string;
  readonly failure?: string;
}

/** What is run, and where. */
const RUNS: readonly { readonly version: string; readonly only?: string }[] = [
  { version: OLDEST_NODE, only: "synthesis" },
  ...NODE_VERSIONS.map((version) => ({ version })),
];

interface Machine {
  readonly version: string;
  /** Where `node` is. */
  readonly bin: string;
  /** A checkout with what was synthesized, in folders of the versions' names. */
  readonly checkout: string;
}

const STEPS: Readonly<Record<string, (machine: Machine) => Outcome>> = {
  synthesis: synthesize,
  package: (machine) => jest(machine, "__tests__/package/", "__tests__/main.test.ts"),
  apps: (machine) => jest(machine, "--selectProjects", "apps"),
};

function main(given: { readonly node?: readonly string[]; readonly step?: readonly string[] }): boolean {
  const majors = oneOf("--node", given.node, NODE_VERSIONS.map(majorOf));
  const steps = oneOf("--step", given.step, Object.keys(STEPS));
  const checkout = mkdtempSync(join(tmpdir(), "node-versions-"));
  try {
    checkOut(checkout);
    symlinkSync(join(ROOT, "node_modules"), join(checkout, "node_modules"));
    const rows = RUNS.filter(({ version }) => majors.includes(majorOf(version))).map(({ version, only }) => ({
      version,
      outcomes: steps.map((step) =>
        only === undefined || only === step ? outcomeOf(step, version, checkout) : { words: "-" },
      ),
    }));
    print(
      table([
        ["Node.js", ...steps],
        ...rows.map(({ version, outcomes }) => [version, ...outcomes.map(({ words }) => words)]),
      ]),
    );
    return rows.every(({ outcomes }) => outcomes.every(({ failure }: Outcome) => failure === undefined));
  } finally {
    rmSync(checkout, { recursive: true, force: true });
  }
}

function oneOf(
  option: string,
  given: readonly string[] | undefined,
  allowed: readonly string[],
): readonly string[] {
  const unknown = given?.find((value) => !allowed.includes(value));
  if (unknown === undefined) return given ?? allowed;
  throw new ScriptError(`${option} is ${JSON.stringify(unknown)}`, {
    allowed: allowed.join(", "),
    mend: `${COMMAND} -- --help lists the options`,
  });
}

function majorOf(version: string): string {
  return version.split(".")[0] ?? "";
}

function outcomeOf(step: string, version: string, checkout: string): Outcome {
  const bin = nodeOf(version);
  print(`Node.js ${version}: ${step}`);
  const outcome = STEPS[step]?.({ version, bin, checkout }) ?? { words: "-" };
  if (outcome.failure !== undefined) print(outcome.failure);
  return outcome;
}

/** Writes all stacks and compares them with what the first version wrote. */
function synthesize(machine: Machine): Outcome {
  const { checkout, version } = machine;
  const kept = join(checkout, version);
  for (const [options, folder] of [
    [[], "cdktf.out"],
    [["--hcl"], "hcl.out"],
  ] as const) {
    const { status, output } = start(machine, ["--import", TSX, "main.ts", ...options], checkout, {
      STACKS: "all",
      BACKEND: "local",
    });
    if (status !== 0) return { words: "failed", failure: output };
    renameSync(join(checkout, folder), `${kept}-${folder}`);
  }
  const [first = version] = RUNS.map((other) => other.version).filter((other) =>
    readdirSync(checkout).includes(`${other}-cdktf.out`),
  );
  const [files, expected] = [version, first].map((of) => filesOf(checkout, of));
  const different = [...new Set([...(files?.keys() ?? []), ...(expected?.keys() ?? [])])].filter(
    (name) => files?.get(name) !== expected?.get(name),
  );
  if (different.length > 0)
    return { words: "differs", failure: `differs from what Node.js ${first} wrote: ${different.join(", ")}` };
  return { words: `${files?.size} files${version === first ? "" : ", the same"}` };
}

/** What was written with a version, by path. */
function filesOf(checkout: string, version: string): Map<string, string> {
  const found = ["cdktf.out", "hcl.out"].flatMap((folder) =>
    readdirSync(join(checkout, `${version}-${folder}`), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return new Map(
    found.map((path) => [path.slice(join(checkout, version).length + 1), readFileSync(path, "utf8")]),
  );
}

/** Runs tests of this project. */
function jest(machine: Machine, ...selection: readonly string[]): Outcome {
  const { status, output } = start(machine, [JEST, "--maxWorkers=2", ...selection], ROOT);
  const counts = output.trim().split("\n").at(-1) ?? "";
  if (status === 0) return { words: counts };
  return { words: counts.includes("passed") ? counts : "failed", failure: output };
}

function start(
  { bin }: Machine,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr, error } = spawnSync(join(bin, "node"), [...args], {
    cwd,
    // whatever it starts by the name of node, or by a script's first line, is this version too
    env: { ...inherited(), PATH: `${bin}${delimiter}${process.env.PATH}`, CI: "true", ...env },
    encoding: "utf8",
    maxBuffer: 256 * 2 ** 20,
  });
  return { status, output: `${stderr}\n${stdout}${error === undefined ? "" : `\n${error.message}`}` };
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

void runScript({
  command: COMMAND,
  help: HELP,
  flags: FLAGS,
  main: (flags) => {
    if (!main(flags)) process.exitCode = 1;
  },
});
