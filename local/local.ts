import { join, relative, resolve } from "node:path";
import { FLAG, readFlags, TEXT } from "../scripts/flags";
import { DEFAULT_STACK, STACKS } from "../stacks";
import { heading, say } from "./console";
import { runInterruptibly } from "./interruptible";
import type { PageState } from "./page/page-state";
import { readImages } from "./platform/images";
import { LocalPlatform } from "./platform/platform";
import { takeScratch } from "./platform/scratch";
import type { TaskEvent } from "./tasks";

const PROJECT = join(__dirname, "..");
/** Everything that is left on disk, in a folder for each stack. */
const SCRATCH = join(PROJECT, ".local");
/** What there is to see at a service, where that is not at its root. */
const PATHS: Readonly<Record<string, string>> = {
  "stock-service": "/api/v1/data/TICKER_1?limit=2",
  "signal-processing-service": "/api/v1/signals/TICKER_1?indicator=macd&only=signals",
};

const HELP = `Deploys a stack to emulated AWS on this machine, runs its tasks and answers its names, until Ctrl-C.

  npm run local -- [--stack <name>] [--images <file>] [--port <port>] [--scratch <folder>] [--no-security-groups] [--offline]

  --stack    ${Object.keys(STACKS).join(", ")}; default ${DEFAULT_STACK}
  --images   a JSON file that maps images to commands of this machine, by repository:
             { "my-api": { "command": ["node", "server.js"], "cwd": "../my-api", "env": { "LOG": "debug" } } }
  --port     of the page; default a free one
  --scratch  folder of everything that is left on disk; default .local/<stack>
  --no-security-groups
             tasks reach each other whatever the security groups say, and everything that this machine reaches, for
             example a database on 127.0.0.1; default, as root on Linux, is to enforce them

Variables of the stack are given as to Terraform, for example TF_VAR_stock_service_desired_count=3, and the app's
configuration as always, for example TTL=10.`;

interface Arguments {
  readonly stack: string;
  readonly images: string | undefined;
  readonly port: number | undefined;
  readonly scratch: string;
  readonly enforceSecurityGroups: boolean;
  readonly offline: boolean | undefined;
}

async function main(signal: AbortSignal): Promise<void> {
  const given = parse();
  if (!given) {
    say(HELP);
    return;
  }
  const images = given.images === undefined ? undefined : readImages(given.images);
  takeScratch(given.scratch);
  const platform = new LocalPlatform({
    ...given,
    images,
    sampleData: true,
    onEvent: print,
    signal,
  });
  try {
    heading(`Synthesize ${given.stack}, and find Terraform and the emulator`);
    await platform.prepare(given);
    heading("Start emulated AWS with a network in it");
    const { page } = await platform.start();
    heading("cdktf deploy, and meanwhile build what runs in the containers");
    await platform.deploy(({ address }) => say(`  ${address}`));
    say(howTo(await platform.settled(), platform, page));
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    signal.throwIfAborted();
  } finally {
    await platform.stop();
    if (signal.aborted) say("\nAll of it is stopped.");
  }
}

/** Undefined where help is asked for. @throws Error with what is allowed */
function parse(): Arguments | undefined {
  const values = readFlags("npm run local", {
    stack: { ...TEXT, default: DEFAULT_STACK },
    images: TEXT,
    port: TEXT,
    scratch: TEXT,
    "no-security-groups": FLAG,
    offline: FLAG,
  });
  if (values.help) return undefined;
  if (!(values.stack in STACKS))
    throw new Error(`--stack is ${values.stack}\n    allowed: ${Object.keys(STACKS).join(", ")}`);
  if (values.port !== undefined && !/^\d{1,5}$/.test(values.port))
    throw new Error(`--port is ${values.port}\n    allowed: a number from 0 to 65535`);
  const { stack, images, port, scratch, offline } = values;
  return {
    stack,
    images,
    port: port === undefined ? undefined : Number(port),
    scratch: scratch === undefined ? join(SCRATCH, stack) : resolve(scratch),
    enforceSecurityGroups: !values["no-security-groups"],
    offline,
  };
}

function print({ at, service, address, message }: TaskEvent): void {
  say(`  ${at.toISOString().slice(11, 19)}  ${[service, address].filter(Boolean).join(" ")}  ${message}`);
}

/** What one can do now, as commands for another terminal. */
function howTo({ services, endpoint }: PageState, platform: LocalPlatform, page: string): string {
  const { address, port } = platform.dns;
  const at = port === 53 ? `@${address}` : `@${address} -p ${port}`;
  const named = services.filter(({ host }) => host !== undefined);
  const requests = services.flatMap(({ service, host, tasks: [task] }) => {
    if (!task?.address || task.ports[0] === undefined) return [];
    const url = `http://${host ?? task.address}:${task.ports[0]}`.replace(/:80$/, "");
    const resolve = host === undefined ? "" : `--resolve ${host}:${task.ports[0]}:${task.address} `;
    return [`  curl ${resolve}'${url}${PATHS[service] ?? "/"}'`];
  });
  const [service] = services;
  return [
    "",
    `The page        ${page}`,
    `What was made   ${relative(PROJECT, platform.cdktf.folder)}`,
    "",
    "In another terminal:",
    "",
    ...named.map(({ host }) => `  dig ${at} ${host} A`),
    ...requests,
    "",
    `  export AWS_ENDPOINT_URL=${endpoint} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1`,
    `  aws ecs update-service --cluster ${service?.cluster} --service ${service?.service} --desired-count 3`,
    "",
    ...platform.notes,
    "",
    "Ctrl-C ends all of it.",
    "",
  ].join("\n");
}

void runInterruptibly(main);
