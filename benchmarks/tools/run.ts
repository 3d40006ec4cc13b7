/**
 * What a contributor waits for: the project's own commands in a fresh clone, each once and one after the other.
 *
 *     npm run bench:tools
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runScript } from "../../scripts/flags";
import { markdownTable } from "../statistics";

const PROJECT = join(__dirname, "..", "..");
const RESULTS = join(PROJECT, "benchmarks", "results");
const COMMANDS = [
  ["npm", "ci"],
  ["npm", "run", "build"],
  ["npm", "run", "typecheck"],
  ["npm", "run", "lint"],
  ["npm", "run", "test:unit"],
  ["npm", "test"],
];

function main(): void {
  const clone = join(mkdtempSync(join(tmpdir(), "bench-tools-")), "clone");
  try {
    run(["git", "clone", "--quiet", PROJECT, clone], PROJECT);
    const seconds = COMMANDS.map((command): [string, number] => {
      const started = performance.now();
      run(command, clone);
      const took = (performance.now() - started) / 1000;
      // where a later one fails this is known all the same
      process.stderr.write(`${command.join(" ")}: ${took.toFixed(1)} s\n`);
      return [command.join(" "), took];
    });
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(join(RESULTS, "tools.json"), `${JSON.stringify(Object.fromEntries(seconds), null, 2)}\n`);
    const rows = seconds.map(([command, took]) => [`\`${command}\``, took.toFixed(1)]);
    process.stdout.write(markdownTable([["", "seconds"], ...rows]));
  } finally {
    rmSync(join(clone, ".."), { recursive: true, force: true });
  }
}

function run([command = "", ...args]: readonly string[], cwd: string): void {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: 1e9 });
  if (status !== 0)
    throw new Error(
      `${[command, ...args].join(" ")} ended with exit code ${status}:\n${(stdout + stderr).slice(-4000)}`,
    );
}

void runScript({
  command: "npm run bench:tools",
  help: "Times the commands of a contributor in a fresh clone, each once.",
  flags: {},
  main,
});
