import { FLAG, readFlags, TEXT } from "../scripts/flags";
import { say } from "./console";
import { Emulator } from "./emulator-process";
import { runInterruptibly } from "./interruptible";
import { createNetwork } from "./network";
import { useTools } from "./tools";

const DEFAULT_PORT = 5055;

const HELP = `Runs emulated AWS in the foreground, with a network in it, until Ctrl-C.

  npm run emulator -- [--port <port>] [--verbose] [--offline]

  --port     port on 127.0.0.1; 0 takes a free one; default ${DEFAULT_PORT}
  --verbose  prints every request
  --offline  downloads nothing: what is missing is named instead`;

async function main(signal: AbortSignal): Promise<void> {
  const { help, port, verbose, offline } = readFlags("npm run emulator", {
    port: { ...TEXT, default: process.env.PORT ?? `${DEFAULT_PORT}` },
    verbose: FLAG,
    offline: FLAG,
  });
  if (help) {
    say(HELP);
    return;
  }
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new Error(`--port is ${port}\n    allowed: a number from 0 to 65535`);
  await useTools({ offline, signal });
  const emulator = await Emulator.start({ port: Number(port), verbose });
  try {
    say(howTo(emulator, await createNetwork(emulator)));
    await Promise.race([emulator.ended, aborted(signal)]);
    if (!signal.aborted) throw new Error("emulated AWS has ended");
  } finally {
    await emulator.stop();
  }
}

/** What one can do now, as commands for another terminal. */
function howTo(
  { endpoint, environment }: Emulator,
  { vpcId, subnetIds }: Awaited<ReturnType<typeof createNetwork>>,
): string {
  return [
    `Emulated AWS listens on ${endpoint}. Ctrl-C ends it and everything in it.`,
    "",
    "In another terminal:",
    "",
    ...Object.entries(environment).map(([name, value]) =>
      value === undefined ? `  unset ${name}` : `  export ${name}=${value}`,
    ),
    `  export TF_VAR_vpc_id=${vpcId}`,
    `  export TF_VAR_subnets='${JSON.stringify(subnetIds)}'`,
    "",
    "  npx cdktf deploy --skip-provider-lock",
    "",
  ].join("\n");
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

void runInterruptibly(main);
