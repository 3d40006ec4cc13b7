import { FLAG, readFlags } from "../scripts/flags";
import { say } from "./console";
import { runInterruptibly } from "./interruptible";
import { findTools } from "./tools";

const HELP = `Finds Terraform, the AWS provider and the emulator, and fetches what this machine does not have into .tools/. The demo, the local
platform, the emulator and the tests do the same when they start.

  npm run tools -- [--offline]

  --offline  downloads nothing: what is missing is named instead`;

async function main(signal: AbortSignal): Promise<void> {
  const { help, offline } = readFlags("npm run tools", { offline: FLAG });
  if (help) {
    say(HELP);
    return;
  }
  await findTools({ offline, signal });
  say("Terraform, the AWS provider and the emulator are there.");
}

void runInterruptibly(main);
