import { join, relative } from "node:path";
import { heading, say } from "../console";
import { runInterruptibly } from "../interruptible";
import { LocalPlatform } from "../platform/platform";
import { takeScratch } from "../platform/scratch";

import { describeMissing, findMissingTools } from "../tools";
import { deploy, destroy, nothingIsLeft, show } from "./deployment";
import { digBoth, scaleOut, signalFromStock, startTasks, storeAndRead } from "./services";
import { TaskLoss } from "./task-loss";

const PROJECT = join(__dirname, "..", "..");
const STACK = "trading-platform";
/** Everything that the demo leaves on disk; the state of a real deployment is elsewhere. */
const DEMO = join(PROJECT, ".demo");
/** Seconds. With the 60 of the article, callers would see a new task after a minute, and the demo would take ten. */
const TTL = "10";

/**
 * The whole story of the trading platform, on emulated AWS: deployed by `cdktf deploy`, with tasks that run, names that
 * are answered, requests, scaling, tasks that die, and nothing left at the end.
 */
async function main(signal: AbortSignal): Promise<void> {
  const started = Date.now();
  takeScratch(DEMO, { isOwn: true });
  const platform = new LocalPlatform({ stack: STACK, scratch: DEMO, env: { TTL }, signal });
  let isOver = false;
  try {
    heading(`Synthesize ${STACK}`);
    await platform.cdktf.synth();
    say(`  ${relative(PROJECT, join(platform.cdktf.folder, "cdk.tf.json"))} is written`);

    const missing = findMissingTools(platform.cdktf.folder);
    if (missing.length > 0) {
      say(
        `\nThe rest needs Terraform and the emulator. To go on, mend this and start again:\n${describeMissing(missing)}\n`,
      );
      if (process.env.CI === "true") process.exitCode = 1;
      return;
    }

    await tell(platform, signal);
    isOver = true;
  } finally {
    await platform.stop({ fast: !isOver });
  }
  await nothingIsLeft(platform);
  say(`\nAll of it worked, in ${Math.round((Date.now() - started) / 1000)} s.`);
}

async function tell(platform: LocalPlatform, signal: AbortSignal): Promise<void> {
  heading("Build what runs in the containers");
  const built = await platform.buildApps();
  say(`  npm run build --workspaces${built ? "" : ": they are up to date"}`);

  heading("Start emulated AWS with a network in it");
  const { endpoint, network, page } = await platform.start();
  say(`  ${endpoint}: ${network.vpcId} with ${network.subnetIds.join(" and ")} in two availability zones`);
  say(`  all that happens from here on can be watched at ${page}`);

  await deploy(platform);
  await show(platform);

  await startTasks(platform);
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
