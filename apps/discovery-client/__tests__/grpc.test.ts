import { execFile, fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { Client, credentials, type ChannelOptions, type ServiceError } from "@grpc/grpc-js";
import type { DiscoveryEvent } from "../src/index.js";
import { registerDiscovery, type GrpcDiscoveryOptions } from "../src/grpc/index.js";
import { ECHO, RETRIED } from "./support/grpc-echo.js";
import { whyNoNamespace } from "./support/namespace.js";
import { imbalance, inParallel, failures, meanwhile, NAME, until } from "./support/stage.js";
import { ScriptedDns } from "./support/scripted-dns.js";
import { freePort } from "./support/task.js";

const ADDRESSES = [
  "127.0.20.1",
  "127.0.20.2",
  "127.0.20.3",
  "127.0.20.4",
  "127.0.20.5",
  "127.0.20.6",
] as const;
class GrpcTask {
  served = 0;
  readonly #process: ChildProcess;

  private constructor(
    readonly address: string,
    port: number,
    drainMs: number,
    ageMs: number,
  ) {
    const args = [address, String(port), String(drainMs), String(ageMs)];
    this.#process = fork(join(__dirname, "support", "grpc-task.ts"), args, { execArgv: ["--import", "tsx"] });
    this.#process.on("message", (message) => {
      if (message === "served") this.served += 1;
    });
  }

  static async start(address: string, port: number, drainMs = 1500, ageMs = 0): Promise<GrpcTask> {
    const task = new GrpcTask(address, port, drainMs, ageMs);
    await once(task.#process, "message");
    return task;
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  get hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }
}

let dns: ScriptedDns;
let port: number;
let tasks: GrpcTask[];
let events: DiscoveryEvent[];
const clients: Client[] = [];
let schemes = 0;

beforeEach(async () => {
  dns = await ScriptedDns.start();
  port = await freePort(ADDRESSES);
  tasks = [];
  events = [];
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const task of tasks) task.signal("SIGKILL");
  await dns.stop();
});

async function start(...addresses: string[]): Promise<GrpcTask[]> {
  const started = await Promise.all(addresses.map((address) => GrpcTask.start(address, port)));
  tasks.push(...started);
  return started;
}

function connect(options: GrpcDiscoveryOptions = {}, channel: ChannelOptions = {}): Client {
  schemes += 1;
  const scheme = `test-${schemes}`;
  const registered = registerDiscovery({
    scheme,
    onEvent: (event) => events.push(event),
    ...options,
    dns: { servers: [dns.server], minTtlMs: 200, maxTtlMs: 500, ...options.dns },
  });
  const client = new Client(`${scheme}:///${NAME}:${port}`, credentials.createInsecure(), {
    ...registered,
    "grpc.service_config": RETRIED,
    "grpc.keepalive_time_ms": 500,
    "grpc.keepalive_timeout_ms": 2000,
    ...channel,
  });
  clients.push(client);
  return client;
}

/** Resolves to the address that answered. */
function call(client: Client): Promise<string> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      ECHO.echo.path,
      ECHO.echo.requestSerialize,
      ECHO.echo.responseDeserialize,
      Buffer.from("hello"),
      (error: ServiceError | null, answer?: Buffer) => {
        if (error === null) resolve(String(answer));
        else reject(error);
      },
    );
  });
}

/** Eight callers, while `scenario` runs; what failed. */
async function during(client: Client, scenario: () => Promise<void>): Promise<string[]> {
  const over = new AbortController();
  const running = meanwhile(
    CALLERS,
    () => over.signal.aborted,
    async () => {
      await call(client);
      await delay(10);
    },
  );
  await until(() => tasks.every((task) => task.served > 10), 20_000);
  await scenario().finally(() => over.abort());
  return failures(await running);
}

/** Calls at once while a task is lost. */
const CALLERS = 8;

/**
 * A call whose response has begun is never repeated by gRPC: of those that are under way when a connection breaks, each may be such
 * a one. Every later call must succeed.
 * @see https://github.com/grpc/proposal/blob/master/A6-client-retries.md#when-retries-are-valid
 */
function expectOnlyBegunResponses(failed: readonly string[]): void {
  expect(failed.length).toBeLessThanOrEqual(CALLERS);
  for (const message of failed)
    expect(message).toMatch(/UNAVAILABLE: (?:read ECONNRESET|Connection dropped)/);
}

const [FIRST, SECOND, THIRD, ...LATER] = ADDRESSES;

test("spreads calls evenly, and a new task gets its share within the time of the cache", async () => {
  await start(FIRST, SECOND);
  dns.a(NAME, [FIRST, SECOND]);
  const client = connect();
  /** Calls beyond those of before, by task. Counts come from other processes, a little later. */
  const shares = async (calls: number): Promise<number[]> => {
    await delay(500);
    const before = tasks.map(({ served }) => served);
    await inParallel(calls, 4, () => call(client));
    await delay(500);
    return tasks.map(({ served }, index) => served - (before[index] ?? 0));
  };
  // until both are connected
  await inParallel(50, 4, () => call(client));
  expect(imbalance(await shares(200))).toBeLessThanOrEqual(1.2);
  const [third] = await start(THIRD);
  dns.a(NAME, [FIRST, SECOND, THIRD]);
  await delay(1500);
  expect(imbalance(await shares(300))).toBeLessThanOrEqual(1.2);
  expect(third?.served).toBeGreaterThan(50);
});

test("a task that is killed costs no call whose response had not begun, and is back when it is", async () => {
  const [, lost] = await start(FIRST, SECOND, THIRD);
  dns.a(NAME, [FIRST, SECOND, THIRD]);
  const client = connect({ eject: { baseMs: 500 } });
  const failed = await during(client, async () => {
    lost?.signal("SIGKILL");
    await delay(2000);
    const [back] = await start(SECOND);
    await until(() => (back?.served ?? 0) > 20, 20_000);
  });
  expectOnlyBegunResponses(failed);
});

test("a task that is frozen costs no call whose response had not begun, and gets none after its pings fail", async () => {
  const [, lost] = await start(FIRST, SECOND, THIRD);
  dns.a(NAME, [FIRST, SECOND, THIRD]);
  const client = connect();
  const failed = await during(client, async () => {
    lost?.signal("SIGSTOP");
    await delay(4000);
    const begun = performance.now();
    await inParallel(60, 4, () => call(client));
    expect(performance.now() - begun).toBeLessThan(3000);
  });
  expectOnlyBegunResponses(failed);
});

// packets can be dropped in a network of one's own only, which takes rights that not every machine gives
const obstacle = whyNoNamespace();
const vanishes =
  "a task whose packets vanish costs no call whose response had not begun, and callers are not held up for long";
if (obstacle !== undefined) {
  test.skip(`${vanishes} (skipped, no network namespace can be made here: ${obstacle})`, () => undefined);
} else {
  test(vanishes, async () => {
    const script = join(__dirname, "support", "grpc-vanishing.ts");
    const command = ["--net", process.execPath, "--import", "tsx", script];
    const { stdout } = await promisify(execFile)("unshare", command, { timeout: 60_000 });
    const report = JSON.parse(stdout) as { failed: string[]; before: number[]; goesOn: number };
    expectOnlyBegunResponses(report.failed);
    expect(report.before).toHaveLength(3);
    expect(imbalance(report.before)).toBeLessThanOrEqual(1.2);
    expect(report.goesOn).toBeGreaterThan(50);
  });
}

test("a task that stops as ECS stops it costs no call: the record goes, SIGTERM, it drains and ends", async () => {
  const [, leaving] = await start(FIRST, SECOND, THIRD);
  dns.a(NAME, [FIRST, SECOND, THIRD]);
  const client = connect();
  const failed = await during(client, async () => {
    dns.a(NAME, [FIRST, THIRD]);
    leaving?.signal("SIGTERM");
    await until(() => leaving?.hasEnded === true, 10_000);
    await delay(300);
  });
  expect(failed).toEqual([]);
});

test("all tasks replaced at once, just after the channel began, cost no call", async () => {
  const old = await start(FIRST, SECOND, THIRD);
  dns.a(NAME, [FIRST, SECOND, THIRD]);
  const client = connect();
  const failed = await during(client, async () => {
    await start(...LATER);
    dns.a(NAME, LATER);
    for (const task of old) task.signal("SIGTERM");
    await until(() => old.every((task) => task.hasEnded), 10_000);
    await delay(300);
  });
  expect(failed).toEqual([]);
});

test.each(["silent", "SERVFAIL"] as const)(
  "DNS %s costs no call, a task that dies in that time is left out",
  async (how) => {
    const [, lost] = await start(FIRST, SECOND, THIRD);
    dns.a(NAME, [FIRST, SECOND, THIRD]);
    const client = connect({ dns: { timeoutMs: 200, tries: 1 } });
    const failed = await during(client, async () => {
      if (how === "silent") dns.silent = true;
      else dns.failure = how;
      await delay(1500);
      lost?.signal("SIGKILL");
      await delay(1500);
    });
    expect(failed).toEqual([]);
    expect(events.some(({ type }) => type === "stale")).toBe(true);
  },
);

test("connections have an age, and calls go on", async () => {
  tasks.push(await GrpcTask.start(FIRST, port, 100, 400), await GrpcTask.start(SECOND, port, 100, 400));
  dns.a(NAME, [FIRST, SECOND]);
  const client = connect();
  expect(await during(client, () => delay(3000))).toEqual([]);
});

test("a name that cannot be found is UNAVAILABLE, and says why; it is found as soon as it is there", async () => {
  const client = connect({}, { "grpc.service_config": "{}" });
  const error: unknown = await call(client).catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    code: 14,
    details: expect.stringContaining(`The look-up of ${NAME} failed`) as string,
  });
  await start(FIRST);
  dns.a(NAME, [FIRST]);
  await delay(1000);
  expect(await call(client)).toBe(FIRST);
});

test("mistakes are refused, and say what is expected", () => {
  expect(() => registerDiscovery({ scheme: "My Scheme" })).toThrow(
    'registerDiscovery: scheme is "My Scheme"; it must be',
  );
  expect(() => registerDiscovery({ dns: { tries: 0 } })).toThrow("dns.tries is 0; it must be");
});
