import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { request, type Dispatcher } from "undici";
import { ScriptedDns } from "../../apps/discovery-client/__tests__/support/scripted-dns.js";
import { Task } from "../../apps/discovery-client/__tests__/support/task.js";
import { clientsOf } from "./clients.js";
import { Proxies } from "./proxies.js";

/**
 * Compares ways to call three tasks behind one DNS name, each a process of its own, on loopback: the clients take turns
 * in each round. DNS goes on naming the lost task. Two of them need nginx and HAProxy (Debian: nginx-light, haproxy).
 *
 *     npm run bench:discovery
 */
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const RESULTS = join(__dirname, "..", "results");
const NAME = "stock-service.trading.internal";
const ADDRESSES = ["127.0.30.1", "127.0.30.2", "127.0.30.3"];
const CALLERS = 20;
const REQUESTS = 3000;
/** How long after the loss of a task results count. */
const LOSS_MS = 4000;

type Figures = Record<string, number>;

async function main(): Promise<void> {
  const dns = await ScriptedDns.start();
  dns.a(NAME, ADDRESSES, 10);
  const tasks = await Task.startAll(ADDRESSES);
  const addresses = tasks.map(({ address, port }) => `${address}:${port}`);
  const proxies = await Proxies.start(addresses);
  const clients = clientsOf({ server: dns.server, tasks: addresses, proxies: proxies.all });
  const results = new Map<string, Figures[]>();
  try {
    for (let round = 1; round <= ROUNDS; round += 1) {
      for (const [name, create] of clients) {
        const figures = await measure(create, dns, tasks);
        results.set(name, [...(results.get(name) ?? []), figures]);
      }
    }
  } finally {
    await proxies.stop();
    await Promise.all(tasks.map((task) => task.kill()));
    await dns.stop();
  }
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, "discovery.json"), `${JSON.stringify(Object.fromEntries(results), null, 2)}\n`);
  print(results);
}

async function measure(create: () => Dispatcher, dns: ScriptedDns, tasks: Task[]): Promise<Figures> {
  const [lost] = tasks;
  if (lost === undefined) throw new Error("There are no tasks.");
  const url = `http://${NAME}:${lost.port}/`;

  const healthy = create();
  dns.queries.length = 0;
  const figures: Figures = { ...(await send(healthy, url, 1)), ...(await send(healthy, url, CALLERS)) };
  figures["DNS queries"] = dns.queries.length;
  await healthy.destroy();

  Object.assign(figures, await lose("killed", create(), url, () => lost.kill()));
  await lost.restart();
  Object.assign(figures, await lose("frozen", create(), url, () => lost.freeze()));
  lost.thaw();
  return figures;
}

/** A task answers with its address. */
async function get(dispatcher: Dispatcher, url: string): Promise<string> {
  return (await request(url, { dispatcher })).body.text();
}

/** Sends requests from so many callers at once. The balance is the requests to the busiest task over those to the idlest. */
async function send(dispatcher: Dispatcher, url: string, callers: number): Promise<Figures> {
  const counts = new Map(ADDRESSES.map((address) => [address, 0]));
  const times: number[] = [];
  let left = REQUESTS;
  const call = async (): Promise<void> => {
    while (left-- > 0) {
      const begun = performance.now();
      const address = await get(dispatcher, url);
      times.push(performance.now() - begun);
      counts.set(address, (counts.get(address) ?? 0) + 1);
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: callers }, call));
  const seconds = (performance.now() - begun) / 1000;
  times.sort((a, b) => a - b);
  const of = callers === 1 ? "1 caller" : `${callers} callers`;
  return {
    [`${of}: requests/s`]: REQUESTS / seconds,
    [`${of}: p50 ms`]: times[Math.floor(times.length * 0.5)] ?? NaN,
    [`${of}: p99 ms`]: times[Math.floor(times.length * 0.99)] ?? NaN,
    [`${of}: max/min per task`]: Math.max(...counts.values()) / Math.min(...counts.values()),
  };
}

/** A task is lost after half a second. A request that has no answer when time is up is stuck. */
async function lose(
  kind: string,
  dispatcher: Dispatcher,
  url: string,
  loss: () => unknown,
): Promise<Figures> {
  const times: number[] = [];
  const state = { over: false, recording: false, failed: 0, pending: 0 };
  const call = async (): Promise<void> => {
    while (!state.over) {
      const begun = performance.now();
      state.pending += 1;
      const [{ status }] = await Promise.allSettled([get(dispatcher, url)]);
      state.pending -= 1;
      if (!state.recording) continue;
      times.push(performance.now() - begun);
      if (status === "rejected") state.failed += 1;
    }
  };
  const calls = Promise.all(Array.from({ length: CALLERS }, call));
  await delay(500);
  state.recording = true;
  await loss();
  await delay(LOSS_MS);
  state.over = true;
  // who is well is done by then
  await delay(500);
  state.recording = false;
  const stuck = state.pending;
  await dispatcher.destroy();
  await calls;
  times.sort((a, b) => a - b);
  const succeeded = times.length - state.failed;
  return {
    [`${kind}: success %`]: (100 * succeeded) / (times.length + stuck),
    [`${kind}: failed`]: state.failed,
    [`${kind}: stuck`]: stuck,
    [`${kind}: p99 ms`]: times[Math.floor(times.length * 0.99)] ?? NaN,
    [`${kind}: max ms`]: times.at(-1) ?? NaN,
    [`${kind}: succeeded/s`]: (1000 * succeeded) / LOSS_MS,
  };
}

function print(results: ReadonlyMap<string, readonly Figures[]>): void {
  console.log(`| median of ${ROUNDS} rounds (least - most) | ${[...results.keys()].join(" | ")} |`);
  console.log(`| --- |${" ---: |".repeat(results.size)}`);
  for (const row of Object.keys([...results.values()][0]?.[0] ?? {})) {
    const cells = [...results.values()].map((rounds) => spread(rounds.map((figures) => figures[row] ?? NaN)));
    console.log(`| ${row} | ${cells.join(" | ")} |`);
  }
}

function spread(values: number[]): string {
  const sorted = values.sort((a, b) => a - b);
  const [median, least, most] = [sorted[Math.floor(sorted.length / 2)], sorted[0], sorted.at(-1)].map(
    (value = NaN) => (value >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(3)))),
  );
  return least === most ? `${median}` : `${median} (${least} - ${most})`;
}

void main();
