/**
 * What a person waits for: the project's own commands, each in a fresh clone and with an empty cache of npm, one after the other.
 * With `--before`, those of another commit take turns with those of this one.
 *
 *     npm run bench:tools -- --before <commit> --rounds 3
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { useTools } from "../../local/tools";
import { ScriptError } from "../../scripts/commands";
import { FLAG, runScript, TEXT } from "../../scripts/flags";
import { markdownTable, ratios, spread, text } from "../statistics";

const PROJECT = join(__dirname, "..", "..");
const RESULTS = join(PROJECT, "benchmarks", "results");
const INSTALL = "npm ci";
const OTHERS = ["npm run build", "npm run typecheck", "npm run lint", "npm run test:unit"];
const README = ["npm run demo", "npm test"];
/** The first command of the README, made of two that are measured. */
const FIRST = `${INSTALL} && ${README[0]}`;

/** Seconds of each round, by command. */
type Seconds = Map<string, number[]>;

async function main(before: string | undefined, rounds: number, commands: readonly string[]): Promise<void> {
  // an older commit expects the tools on the machine
  await useTools();
  const now = new Map<string, number[]>();
  const then = new Map<string, number[]>();
  for (let round = 1; round <= rounds; round++) {
    if (before !== undefined) measure(before, commands, then);
    measure("HEAD", commands, now);
    process.stderr.write(`round ${round} of ${rounds}\n`);
  }
  mkdirSync(RESULTS, { recursive: true });
  const raw = { before: Object.fromEntries(then), now: Object.fromEntries(now) };
  writeFileSync(join(RESULTS, "tools.json"), `${JSON.stringify(raw, null, 2)}\n`);
  process.stdout.write(markdownTable(table(now, then)));
}

/** Runs the commands in a fresh clone of a commit. */
function measure(commit: string, commands: readonly string[], seconds: Seconds): void {
  const folder = mkdtempSync(join(tmpdir(), "bench-tools-"));
  const clone = join(folder, "clone");
  try {
    run(`git clone --quiet '${PROJECT}' '${clone}'`, folder);
    run(`git checkout --quiet ${commit}`, clone);
    const took = new Map(
      commands.map((command) => {
        const started = performance.now();
        run(command, clone, { npm_config_cache: join(folder, "npm") });
        const elapsed = (performance.now() - started) / 1000;
        // if a later one fails, this is known all the same
        process.stderr.write(`${commit}: ${command}: ${elapsed.toFixed(1)} s\n`);
        return [command, elapsed] as const;
      }),
    );
    const first = [INSTALL, README[0] ?? ""].map((command) => took.get(command) ?? NaN);
    took.set(
      FIRST,
      first.reduce((sum, each) => sum + each),
    );
    for (const [command, elapsed] of took) seconds.set(command, [...(seconds.get(command) ?? []), elapsed]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function table(now: Seconds, then: Seconds): string[][] {
  const titles = ["", "seconds", ...(then.size > 0 ? ["before", "ratio"] : [])];
  const rows = [...now].map(([command, seconds]) => {
    const before = then.get(command);
    const compared = before === undefined ? [] : [text(spread(before)), text(ratios(seconds, before))];
    return [`\`${command}\``, text(spread(seconds)), ...compared];
  });
  return [titles, ...rows];
}

function run(command: string, cwd: string, env: NodeJS.ProcessEnv = {}): void {
  const { status, stdout, stderr } = spawnSync("bash", ["-c", command], {
    cwd,
    env: { ...process.env, ...env },
    encoding: "utf8",
    maxBuffer: 1e9,
  });
  if (status !== 0)
    throw new Error(`${command} ended with exit code ${status}:\n${(stdout + stderr).slice(-4000)}`);
}

void runScript({
  command: "npm run bench:tools",
  help: `Times the project's own commands in fresh clones.

  npm run bench:tools -- [--before <commit>] [--rounds <number>] [--readme]

  --before  another commit, whose commands take turns with those of this one
  --rounds  how often; default 1
  --readme  only the commands that open the README`,
  flags: { before: TEXT, rounds: { ...TEXT, default: "1" }, readme: FLAG },
  main: ({ before, rounds, readme }) => {
    if (!/^[1-9]\d?$/.test(rounds))
      throw new ScriptError(`--rounds is ${rounds}`, { allowed: "1 to 99", mend: "give for example 3" });
    return main(before, Number(rounds), [INSTALL, ...(readme ? [] : OTHERS), ...README]);
  },
});
