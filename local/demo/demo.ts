import { join, relative } from "node:path";
import { heading, say } from "../console";
import { runInterruptibly } from "../interruptible";
import { LocalPlatform } from "../platform/platform";
import { FLAG, readFlags } from "../../scripts/flags";
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
  let isOver = false;
  try {
    await prepare(platform, offline);
    await tell(platform, signal);
    isOver = true;
  } finally {
    await platform.stop({ fast: !isOver });
  }
  await nothingIsLeft(platform);
  say(`\nAll of it worked, in ${Math.round((Date.now() - started) / 1000)} s.`);
}

async function prepare(platform: LocalPlatform, offline: boolean | undefined): Promise<void> {
  heading(`Synthesize ${STACK}, build what runs in the containers, find Terraform and the emulator`);
  const built = await platform.prepare({ offline });
  say(`  ${relative(PROJECT, join(platform.cdktf.folder, "cdk.tf.json"))} is written`);
  say(`  npm run build --workspaces${built ? "" : ": they are up to date"}`);
}

async function tell(platform: LocalPlatform, signal: AbortSignal): Promise<void> {
  heading("Start emulated AWS with a network in it");
  const { endpoint, network, page } = await platform.start();
  say(`  ${endpoint}: ${network.vpcId} with ${network.subnetIds.join(" and ")} in two availability zones`);
  say(`  all that happens from here on can be watched at ${page}`);

  // from now on a task starts as soon as its service is made
  await platform.startTasks();
  await deploy(platform);
  await show(platform);

  await tasksAreThere(platform);
  await digBoth(platform);
  await storeAndRead(platform);
  await signalFromStock(platform);

  await scaleOut(platform, 3);
  const loss = await TaskLoss.begin(platform, signal);
  try {
    await loss.freeze();
    await loss.kill();
    await loss.replaceAll();
    await loss.scaleIn();
  } finally {
    await loss.end();
  }

  await destroy(platform);
}

void runInterruptibly(main);
