import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { drainOnSigterm } from "../src/index.js";
import { load, repeated } from "./support/load.js";
import { NAME, Stage, until } from "./support/stage.js";
import { freePort, type Served } from "./support/task.js";

const ADDRESSES = ["127.0.17.1", "127.0.17.2", "127.0.17.3"] as const;
const [FIRST, SECOND, THIRD] = ADDRESSES;

class DrainingTask {
  readonly served: Served[] = [];
  cleanedUp = false;
  exit: { code: number | null; signal: string | null } | undefined;

  private constructor(readonly process: ChildProcess) {
    process.on("message", (message) => {
      if ("id" in (message as object)) this.served.push(message as Served);
      if ("cleanedUp" in (message as object)) this.cleanedUp = true;
    });
    process.on("exit", (code, signal) => (this.exit = { code, signal }));
  }

  static async start(address: string, port: number, drainMs: number): Promise<DrainingTask> {
    const script = join(__dirname, "support", "draining-server.ts");
    const child = fork(script, [address, String(port), String(drainMs)], { execArgv: ["--import", "tsx"] });
    const task = new DrainingTask(child);
    await once(child, "message");
    return task;
  }

  terminate(): void {
    this.process.kill("SIGTERM");
  }
}

let started: DrainingTask[];
let port: number;

async function start(addresses: readonly string[], drainMs: number): Promise<DrainingTask[]> {
  port = await freePort(addresses);
  started = await Promise.all(addresses.map((address) => DrainingTask.start(address, port, drainMs)));
  return started;
}

afterEach(async () => {
  for (const { process, exit } of started) {
    if (exit !== undefined) continue;
    process.kill("SIGKILL");
    await once(process, "exit");
  }
  started = [];
});

/** A plain connection, and all that came over it. */
function dial(): Socket & { received: string } {
  const socket = Object.assign(connect(port, FIRST), { received: "" });
  socket.on("data", (chunk) => (socket.received += String(chunk)));
  socket.on("error", () => undefined);
  return socket;
}

const GET = "GET / HTTP/1.1\r\nHost: task\r\n\r\n";

test("a scale-in under load fails no request, and the process comes to its end by itself", async () => {
  const stage = await Stage.set();
  try {
    const tasks = await start(ADDRESSES, 3000);
    const [, leaving] = tasks;
    stage.dns.a(NAME, ADDRESSES);
    const dispatcher = stage.dispatcher({ dns: { minTtlMs: 100, maxTtlMs: 300 } });
    const running = load(dispatcher, `http://${NAME}:${port}/`, () => leaving?.exit !== undefined);
    await until(() => tasks.every(({ served }) => served.length > 20), 20_000);
    leaving?.terminate();
    // ECS takes the address out of DNS only now
    await delay(300);
    stage.dns.a(NAME, [FIRST, THIRD]);
    leaving?.terminate();

    const report = await running;
    expect([...report.failedGets, ...report.failedPosts]).toEqual([]);
    expect(leaving).toMatchObject({ exit: { code: 0, signal: null }, cleanedUp: true });
    const delivered = tasks.flatMap(({ served }) => served);
    const posts = delivered.filter(({ method }) => method === "POST").map(({ id }) => id);
    expect(repeated(posts)).toEqual([]);
    expect(new Set(posts)).toEqual(new Set(report.posted));
    expect(dispatcher.endpoints(NAME).map(({ address }) => address)).not.toContain(SECOND);
  } finally {
    await stage.strike();
  }
});

test("while it drains, new and old connections are served and told to close", async () => {
  const [task] = await start([FIRST], 1500);
  const old = dial();
  old.write(GET);
  await until(() => old.received.includes("done"));
  expect(old.received).toContain("Connection: keep-alive");
  task?.terminate();
  await delay(200);

  old.received = "";
  old.write(GET);
  const fresh = dial();
  fresh.write(GET);
  for (const socket of [old, fresh]) {
    await until(() => socket.received.includes("done"));
    expect(socket.received).toContain("Connection: close");
    await until(() => socket.closed);
  }
  expect(task?.exit).toBeUndefined();
});

test("then idle connections are closed, what is in flight is completed, and the process ends", async () => {
  const [task] = await start([FIRST], 300);
  const idle = dial();
  idle.write(GET);
  const silent = dial();
  const busy = dial();
  busy.write(GET.replace("/", "/?wait=1500"));
  await until(() => idle.received.includes("done") && busy.received.includes("begun"));
  task?.terminate();
  await until(() => idle.closed && silent.closed);
  expect(busy.closed).toBe(false);
  const refused = dial();
  await until(() => refused.closed);
  expect(refused.received).toBe("");

  await until(() => busy.received.includes("done"));
  await until(() => task?.exit !== undefined);
  expect(task).toMatchObject({ exit: { code: 0, signal: null }, cleanedUp: true });
});

test("remove() leaves no listener", () => {
  started = [];
  const drain = drainOnSigterm(createServer());
  expect(process.listenerCount("SIGTERM")).toBe(1);
  drain.remove();
  expect(process.listenerCount("SIGTERM")).toBe(0);
});
