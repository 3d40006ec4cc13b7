/**
 * Synthesis, each in a fresh process from its start to the JSON on disk: this project's modules beside the same resources
 * written on the provider's bindings, the writing of the finished document, AWS CDK, and `cdktf synth` beside the
 * command that CDKTF's own template gives. The variants take turns in each round.
 *
 *     npm run bench:synth
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measure, type Command, type Usage } from "../measure";
import { runScript } from "../../scripts/flags";
import { markdownTable, ratios, spread, text } from "../statistics";

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const SIZES = (process.env.SIZES ?? "1,10,100,1000").split(",").map(Number);
/** AWS CDK refuses a stack of more than 500 resources; one of these services is ten. */
const CDK_MOST = 50;
const CDK_SIZES = [1, CDK_MOST];

const PROJECT = join(__dirname, "..", "..", "..", "..");
const COMPILED = join(__dirname);
const PEERS = join(PROJECT, "benchmarks", "peers");
const RESULTS = join(PROJECT, "benchmarks", "results");

type Results = Map<string, Usage[]>;

async function main(): Promise<void> {
  if (!existsSync(join(PEERS, "node_modules")))
    execFileSync("npm", ["ci", "--ignore-scripts"], { cwd: PEERS, stdio: "inherit" });
  const scratch = mkdtempSync(join(tmpdir(), "bench-synth-"));
  try {
    const results = await rounds(variants(scratch), scratch);
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(join(RESULTS, "synth.json"), `${JSON.stringify(Object.fromEntries(results), null, 2)}\n`);
    print(results);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Everything that is measured, by name. */
function variants(scratch: string): Map<string, Command> {
  const all = new Map<string, Command>();
  const add = (name: string, argv: readonly string[], env?: NodeJS.ProcessEnv): unknown =>
    all.set(name, { argv, cwd: PROJECT, env });
  const out = (name: string): string => join(scratch, name.replaceAll(" ", "-"));
  for (const size of new Set([...SIZES, ...CDK_SIZES])) {
    add(`modules ${size}`, [join(COMPILED, "modules.js"), `${size}`, out(`modules ${size}`)]);
    add(`bindings ${size}`, [join(COMPILED, "bindings.js"), `${size}`, out(`bindings ${size}`)]);
    const finished = join(out(`modules ${size}`), "stacks", "chain", "cdk.tf.json");
    add(`floor ${size}`, [join(COMPILED, "floor.js"), finished, out(`floor ${size}`)]);
  }
  for (const size of CDK_SIZES)
    add(`aws-cdk ${size}`, [join(PEERS, "aws-cdk.mjs"), `${size}`, out(`aws-cdk ${size}`)]);
  const cdktf = (name: string, app: string): unknown =>
    add(name, [require.resolve("cdktf-cli/bundle/bin/cdktf"), "synth", "--app", app, "--output", out(name)], {
      STACKS: "trading-platform",
      BACKEND: "local",
      CHECKPOINT_DISABLE: "1",
      DISABLE_VERSION_CHECK: "1",
    });
  cdktf("cdktf synth", "node --import tsx main.ts");
  cdktf(
    "cdktf synth, template",
    `node ${join("benchmarks", "peers", "node_modules", "ts-node", "dist", "bin.js")} main.ts`,
  );
  return all;
}

async function rounds(all: ReadonlyMap<string, Command>, scratch: string): Promise<Results> {
  const results: Results = new Map([...all.keys()].map((name) => [name, []]));
  // the first time, files are read from disk
  for (const command of all.values()) await measure(command);
  sameResources(scratch);
  for (let round = 1; round <= ROUNDS; round++) {
    for (const [name, command] of all) results.get(name)?.push(await measure(command));
    process.stderr.write(`round ${round} of ${ROUNDS}\n`);
  }
  return results;
}

/** What is compared must be the same. @throws Error where it is not */
function sameResources(scratch: string): void {
  for (const size of SIZES) {
    const [ours, theirs] = ["modules", "bindings"].map((variant) => {
      const file = join(scratch, `${variant}-${size}`, "stacks", "chain", "cdk.tf.json");
      const { resource } = JSON.parse(readFileSync(file, "utf8")) as { resource: Record<string, object> };
      const shape = Object.entries(resource).map(([type, of]) => [
        type,
        Object.keys(of).length,
        // names differ by construction; what a resource has does not
        [...new Set(Object.values(of).flatMap((one: object) => Object.keys(one)))].sort(),
      ]);
      return JSON.stringify(shape.sort());
    });
    if (ours !== theirs) throw new Error(`the resources of ${size} services differ:\n${ours}\n${theirs}`);
  }
}

function print(results: Results): void {
  const of = (name: string, key: keyof Usage): number[] =>
    (results.get(name) ?? []).map((usage) => usage[key]);
  const rows = [...results.keys()].map((name) => [
    name,
    text(spread(of(name, "wallMs"))),
    text(spread(of(name, "cpuMs"))),
    text(spread(of(name, "peakMiB"))),
  ]);
  process.stdout.write(`${markdownTable([["", "wall ms", "CPU ms", "peak MiB"], ...rows])}\n`);

  const compare = (what: string, one: string, other: string, key: keyof Usage): void => {
    process.stdout.write(`${what}: ${text(ratios(of(one, key), of(other, key)))}\n`);
  };
  for (const size of SIZES) {
    compare(`${size} services, modules / bindings, wall`, `modules ${size}`, `bindings ${size}`, "wallMs");
    compare(`${size} services, modules / bindings, CPU`, `modules ${size}`, `bindings ${size}`, "cpuMs");
    compare(
      `${size} services, modules / bindings, peak memory`,
      `modules ${size}`,
      `bindings ${size}`,
      "peakMiB",
    );
    compare(`${size} services, modules / floor, wall`, `modules ${size}`, `floor ${size}`, "wallMs");
  }
  for (const size of CDK_SIZES)
    compare(`${size} services, AWS CDK / modules, wall`, `aws-cdk ${size}`, `modules ${size}`, "wallMs");
  compare(
    "cdktf synth of the main stack, template / here, wall",
    "cdktf synth, template",
    "cdktf synth",
    "wallMs",
  );
  for (const variant of ["modules", "bindings"]) {
    const growth = of(`${variant} 1000`, "wallMs").map((ms, round) =>
      Math.log10(ms / (of(`${variant} 100`, "wallMs")[round] ?? NaN)),
    );
    process.stdout.write(`growth exponent from 100 to 1,000 services, ${variant}: ${text(spread(growth))}\n`);
  }
}

void runScript({
  command: "npm run bench:synth",
  help: "Measures synthesis. ROUNDS sets the number of rounds, default 5; SIZES the numbers of services, default 1,10,100,1000.",
  flags: {},
  main,
});
