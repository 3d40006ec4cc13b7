import { join, relative } from "node:path";
import { FLAG, readFlags } from "../../scripts/flags";
import { heading, say } from "../console";
import { runInterruptibly } from "../interruptible";
import { LocalPlatform } from "../platform/platform";
import { takeScratch } from "../platform/scratch";
import { deploy, destroy, nothingIsLeft, show } from "./deployment";
import { digBoth, scaleOut, signalFromStock, storeAndRead, tasksAreThere } from "./services";
import { TaskLoss } from "./task-loss";

const PROJECT = join(__dirname, "..", "..");
const STACK = "trading-platform";
/** Everything that the demo leaves on disk; the state of a real deployment is elsewhere. */
const DEMO = join(PROJECT, ".demo");
/** Seconds. With the 60 of the article, callers would see a new task after a minute, and the demo would take ten. */
const TTL = "10";

const HELP = `Deploys the trading platform to emulated AWS on this machine, runs it, loses tasks under load, and destroys it.

  npm run demo -- [--offline]

  --offline  downloads nothing: what is missing is named instead`;

/**
 * The whole story of the trading platform, on emulated AWS: deployed by `cdktf deploy`, with tasks that run, names that
 * are answered, requests, scaling, tasks that die, and nothing left at the end.
 */
async function main(signal: AbortSignal): Promise<void> {
  const { help, offline } = readFlags("npm run demo", { offline: FLAG });
  if (help) {
    say(HELP);
    return;
  }
  const started = Date.now();
  takeScratch(DEMO, { isOwn: true });
  const platform = new LocalPlatform({ stack: STACK, scratch: DEMO, env: { TTL }, signal });
  try {
    await prepare(platform, offline);
    await tell(platform, signal);
  } finally {
    await platform.stop();
  }
  await nothingIsLeft(platform);
  say(`\nAll of it worked, in ${Math.round((Date.now() - started) / 1000)} s.`);
}

async function prepare(platform: LocalPlatform, offline: boolean | undefined): Promise<void> {
  heading(`Synthesize ${STACK}, and find Terraform and the emulator`);
  await platform.prepare({ offline });
  say(`  ${relative(PROJECT, join(platform.cdktf.folder, "cdk.tf.json"))} is written`);
}

async function tell(platform: LocalPlatform, signal: AbortSignal): Promise<void> {
  heading("Start emulated AWS with a network in it");
  const { endpoint, network, page } = await platform.start();
  say(`  ${endpoint}: ${network.vpcId} with ${network.subnetIds.join(" and ")} in two availability zones`);
  say(`  all that happens from here on can be watched at ${page}`);

  await deploy(platform);
  await show(platform);

  await tasksAreThere(platform);
  await digBoth(platform);
  await storeAndRead(platform);
  await signalFromStock(platform);

  await scaleOut(platform, 3);
  const loss = await TaskLoss.begin(platform, signal);
  let frozen: string;
  try {
    // to find a frozen task takes its health check half a minute; another one is lost meanwhile
    [frozen] = await Promise.all([loss.freeze(), loss.kill()]);
    await loss.replaceAll();
    await loss.scaleIn();
  } finally {
    await loss.end();
  }

  await destroy(platform, frozen);
}

void runInterruptibly(main);
