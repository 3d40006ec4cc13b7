import { rmSync } from "node:fs";
import { join, relative } from "node:path";
import { ListNamespacesCommand, ServiceDiscoveryClient } from "@aws-sdk/client-servicediscovery";
import { TerraformFolder } from "../testing";
import { clientConfig } from "./aws-client";
import { heading, runCommand, say, table } from "./console";
import { Emulator } from "./emulator-process";
import { createNetwork } from "./network";
import { describeMissing, findMissingTools } from "./tools";

const PROJECT = join(__dirname, "..");
const STACK = "trading-platform";
/** Everything that the demo leaves on disk; the state of a real deployment is elsewhere. */
const DEMO = join(PROJECT, ".demo");
const OUTPUT = join(DEMO, "cdktf.out");
const CDKTF = require.resolve("cdktf-cli/bundle/bin/cdktf");
/** For example `aws_ecs_service.stock_service: Creation complete after 1s [id=...]`. */
const PROGRESS = /(\S+): (Creation|Destruction|Modifications) complete after (\S+)/;

/** Synthesizes the trading platform, deploys it to emulated AWS, shows it, proves a second plan empty and destroys it. */
async function main(): Promise<void> {
  const started = Date.now();
  rmSync(DEMO, { recursive: true, force: true });

  heading(`Synthesize ${STACK}`);
  const synth = { CDKTF_OUTDIR: OUTPUT, STACKS: STACK, BACKEND: "local" };
  await runCommand(process.execPath, ["--import", "tsx", "main.ts"], {
    cwd: PROJECT,
    env: synth,
    log: log("synth"),
  });
  say(`  ${relative(PROJECT, join(OUTPUT, "stacks", STACK, "cdk.tf.json"))} is written`);

  const missing = findMissingTools(join(OUTPUT, "stacks", STACK));
  if (missing.length > 0) {
    say(
      `\nThe rest needs Terraform and the emulator. To go on, mend this and start again:\n${describeMissing(missing)}\n`,
    );
    if (process.env.CI === "true") process.exitCode = 1;
    return;
  }

  heading("Start emulated AWS and make a network in it");
  const emulator = await Emulator.start();
  try {
    await deployShowAndDestroy(emulator);
  } finally {
    await emulator.stop();
  }
  say(`\nAll of it worked, in ${Math.round((Date.now() - started) / 1000)} s.`);
}

async function deployShowAndDestroy(emulator: Emulator): Promise<void> {
  const { vpcId, subnetIds } = await createNetwork(emulator);
  say(`  ${emulator.endpoint}: ${vpcId} with ${subnetIds.join(" and ")} in two availability zones`);
  const env = {
    ...emulator.environment,
    TF_VAR_vpc_id: vpcId,
    TF_VAR_subnets: JSON.stringify(subnetIds),
    STACKS: STACK,
    BACKEND: "local",
    CHECKPOINT_DISABLE: "1",
    DISABLE_VERSION_CHECK: "1",
  };
  const terraform = new TerraformFolder(join(OUTPUT, "stacks", STACK), env);

  heading("cdktf deploy");
  await cdktf("deploy", env);

  heading("What was created");
  const resources = await terraform.resourcesInState();
  say(table([["TYPE", "COUNT", "NAMES"], ...byType(resources)]));
  heading("Outputs");
  say(
    table([
      ["NAME", "VALUE"],
      ...Object.entries(await terraform.outputs()).map(([name, value]) => [name, String(value)]),
    ]),
  );

  heading("Plan again");
  const plan = await terraform.plan();
  if (!plan.isEmpty) throw new Error(`a second plan is not empty: ${JSON.stringify(plan.changes, null, 2)}`);
  say(`  no changes: ${resources.length} resources are as configured`);

  heading("cdktf destroy");
  await cdktf("destroy", env);
  const left = [...(await terraform.resourcesInState()), ...(await namespaces(emulator))];
  if (left.length > 0) throw new Error(`destroy left something behind: ${left.join(", ")}`);
  say(`  nothing is left`);
}

/** Runs the real command line and shows one line for each resource that is done. */
async function cdktf(command: "deploy" | "destroy", env: NodeJS.ProcessEnv): Promise<void> {
  const args = [CDKTF, command, STACK, "--auto-approve", "--skip-provider-lock", "--output", OUTPUT];
  let count = 0;
  await runCommand(process.execPath, args, {
    cwd: PROJECT,
    env,
    log: log(command),
    onLine: (line) => {
      const [, address, , duration] = PROGRESS.exec(line) ?? [];
      if (address !== undefined) say(`  ${String(++count).padStart(3)}  ${address}  ${duration}`);
    },
  });
}

async function namespaces(emulator: Emulator): Promise<string[]> {
  const client = new ServiceDiscoveryClient(clientConfig(emulator));
  const { Namespaces = [] } = await client.send(new ListNamespacesCommand({}));
  return Namespaces.map(({ Name }) => `namespace ${Name}`);
}

function byType(addresses: readonly string[]): string[][] {
  const names = new Map<string, string[]>();
  for (const address of addresses) {
    const dot = address.indexOf(".");
    const type = address.slice(0, dot);
    names.set(type, [...(names.get(type) ?? []), address.slice(dot + 1)]);
  }
  return [...names].map(([type, ofType]) => [type, String(ofType.length), ofType.join(", ")]);
}

function log(step: string): string {
  return join(DEMO, `${step}.log`);
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n\n`);
  process.exitCode = 1;
});
