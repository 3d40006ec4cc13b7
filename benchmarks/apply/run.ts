/**
 * Plan and apply on emulated AWS: the trading platform beside the article's HCL, which is written by hand and makes less.
 * Seconds, resources and calls of AWS's API; the two take turns.
 *
 *     npm run bench:apply
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ApiProxy } from "../../__tests__/terraform/api-proxy";
import { articleFiles } from "../../__tests__/terraform/article/files";
import { Emulator } from "../../local/emulator-process";
import { createNetwork, createSecurityGroup } from "../../local/network";
import { TradingPlatformStack } from "../../stacks/trading-platform";
import { SynthesizedStack, TerraformFolder, type Variables } from "../../testing";
import { runScript } from "../../scripts/flags";
import { markdownTable, ratios, spread, text } from "../statistics";

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const RESULTS = join(__dirname, "..", "results");
const STEPS = ["plan", "apply", "second plan", "destroy"] as const;

type Step = (typeof STEPS)[number];

interface Measured {
  readonly resources: number;
  readonly seconds: Readonly<Record<Step, number>>;
  readonly calls: Readonly<Record<Step, Readonly<Record<string, number>>>>;
}

const VARIANTS: Readonly<Record<string, (environment: NodeJS.ProcessEnv) => TerraformFolder>> = {
  "trading-platform": (environment) =>
    TerraformFolder.with(
      SynthesizedStack.of(
        (app) => new TradingPlatformStack(app, "trading-platform", { backend: { type: "none" } }),
      ),
      environment,
    ),
  "the article's HCL": (environment) => TerraformFolder.withFiles(articleFiles(), environment),
};

async function main(): Promise<void> {
  const results = new Map<string, Measured[]>(Object.keys(VARIANTS).map((name) => [name, []]));
  for (let round = 1; round <= ROUNDS; round++) {
    for (const [name, make] of Object.entries(VARIANTS)) results.get(name)?.push(await measure(make));
    process.stderr.write(`round ${round} of ${ROUNDS}\n`);
  }
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, "apply.json"), `${JSON.stringify(Object.fromEntries(results), null, 2)}\n`);
  print(results);
}

/** In an emulator of its own, as in an account that has nothing. */
async function measure(make: (environment: NodeJS.ProcessEnv) => TerraformFolder): Promise<Measured> {
  const emulator = await Emulator.start();
  const proxy = await ApiProxy.start(emulator.endpoint);
  const folder = make({ ...emulator.environment, AWS_ENDPOINT_URL: proxy.endpoint });
  try {
    const { vpcId, subnetIds } = await createNetwork(emulator);
    const group = await createSecurityGroup(emulator, vpcId);
    const variables: Variables = { vpc_id: vpcId, subnets: subnetIds, security_groups: [group] };
    // the provider is installed by this, and nothing is called
    await folder.validate();
    proxy.take();
    const seconds: Partial<Record<Step, number>> = {};
    const calls: Partial<Record<Step, Record<string, number>>> = {};
    const time = async (step: Step, action: () => Promise<unknown>): Promise<void> => {
      const started = performance.now();
      await action();
      seconds[step] = (performance.now() - started) / 1000;
      calls[step] = Object.fromEntries(proxy.take());
    };
    await time("plan", () => folder.plan(variables));
    await time("apply", () => folder.apply(variables));
    const resources = (await folder.resourcesInState()).length;
    await time("second plan", () => folder.plan(variables));
    await time("destroy", () => folder.destroy(variables));
    return { resources, seconds: seconds as Measured["seconds"], calls: calls as Measured["calls"] };
  } finally {
    folder.dispose();
    await proxy.stop();
    await emulator.stop();
  }
}

function print(results: ReadonlyMap<string, readonly Measured[]>): void {
  const [ours = [], theirs = []] = [...results.values()];
  const perResource = (rounds: readonly Measured[], step: Step): number[] =>
    rounds.map(({ seconds, resources }) => seconds[step] / resources);
  const callsOf = ({ calls }: Measured, step: Step): number =>
    Object.values(calls[step]).reduce((sum, count) => sum + count, 0);
  const rows = [...results].flatMap(([name, rounds]) =>
    STEPS.map((step) => [
      `${name}, ${step}`,
      `${rounds[0]?.resources}`,
      text(spread(rounds.map(({ seconds }) => seconds[step]))),
      text(spread(rounds.map((round) => callsOf(round, step)))),
      text(spread(rounds.map((round) => callsOf(round, step) / round.resources))),
    ]),
  );
  const titles = ["", "resources", "seconds", "calls", "calls per resource"];
  process.stdout.write(`${markdownTable([titles, ...rows])}\n`);
  for (const step of STEPS)
    process.stdout.write(
      `${step}, seconds per resource, trading-platform / the article's HCL: ` +
        `${text(ratios(perResource(ours, step), perResource(theirs, step)))}\n`,
    );
  const only = Object.keys(ours[0]?.calls.apply ?? {}).filter(
    (name) => !(name in (theirs[0]?.calls.apply ?? {})),
  );
  process.stdout.write(
    `\ncalls of an apply that the article's HCL does not make: ${only.sort().join(", ")}\n`,
  );
}

void runScript({
  command: "npm run bench:apply",
  help: "Measures plan and apply on emulated AWS. ROUNDS sets the number of rounds; default 5.",
  flags: {},
  main,
});
