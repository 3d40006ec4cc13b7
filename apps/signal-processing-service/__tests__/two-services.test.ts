import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ScriptedDns } from "../../discovery-client/__tests__/support/scripted-dns.js";
import { freePort } from "../../discovery-client/__tests__/support/task.js";
import { createIndicator } from "../src/indicators.js";
import { quoteAt, wave } from "./fake-stock-service.js";
import { ServiceProcess } from "./process.js";
import { HOST, sleep } from "./service.js";

/*
 * The two services as they run on ECS: three tasks of stock-service at three addresses of one DNS name, sharing one file
 * system, and the signal service that finds them. Processes, sockets and the DNS protocol are real.
 */
const NAME = "stock-service.trading-platform.local";
const ADDRESSES = ["127.0.0.31", "127.0.0.32", "127.0.0.33"];
const CLOSES = wave(600);

let dns: ScriptedDns;
let port: number;
let folder: string;
let tasks: ServiceProcess[];
let signals: ServiceProcess;

const startTask = (address: string): ServiceProcess =>
  new ServiceProcess("stock-service", {
    HOST: address,
    PORT: String(port),
    DATABASE_PATH: join(folder, "stock.db"),
    DRAIN_SECONDS: "1",
  });

async function restart(index: number): Promise<void> {
  await (tasks[index] = startTask(String(ADDRESSES[index]))).ready();
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "two-services-"));
  dns = await ScriptedDns.start();
  // the shortest that the client keeps an answer for, so that it asks often while the tests run
  dns.a(NAME, ADDRESSES, 1);
  port = await freePort(ADDRESSES);
  tasks = ADDRESSES.map(startTask);
  signals = new ServiceProcess("signal-processing-service", {
    HOST,
    PORT: "0",
    STOCK_SERVICE_URL: `http://${NAME}:${port}`,
    STOCK_SERVICE_DNS_SERVERS: dns.server,
    STOCK_SERVICE_TIMEOUT_SECONDS: "1",
    STOCK_SERVICE_PAGE_SIZE: "200",
  });
  await Promise.all([...tasks, signals].map((each) => each.ready()));

  const quotes = CLOSES.map((close, index) => quoteAt(index, close));
  const created = await fetch(`http://${ADDRESSES[0]}:${port}/api/v1/data/TICKER_NEW`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ quotes }),
  });
  expect(created.status).toBe(201);
}, 60_000);

afterAll(async () => {
  await Promise.all([...tasks, signals].map((each) => each.kill()));
  await dns.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (query = "indicator=sma&window=20", headers = {}): Promise<Response> =>
  fetch(`${signals.url}/api/v1/signals/TICKER_NEW?${query}`, { headers });

/** What comes of one request under load: its answer's text and how long it took, or why it failed. */
interface Outcome {
  readonly text: string;
  readonly ms: number;
}

/** Asks with so many at a time for as long as `meanwhile` takes. */
async function underLoad(
  concurrency: number,
  meanwhile: (done: () => number) => Promise<unknown>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let over = false;
  const worker = async (): Promise<void> => {
    while (!over) {
      const begun = performance.now();
      const text = await ask()
        .then(async (response) => `${response.status} ${await response.text()}`)
        .catch((error: unknown) => `failed: ${String(error)}`);
      outcomes.push({ text, ms: performance.now() - begun });
    }
  };
  const workers = Array.from({ length: concurrency }, worker);
  try {
    await meanwhile(() => outcomes.length);
  } finally {
    over = true;
    await Promise.all(workers);
  }
  return outcomes;
}

interface Endpoint {
  readonly address: string;
  readonly ejectedUntil: number | null;
}

async function endpoints(): Promise<Endpoint[]> {
  const response = await fetch(`${signals.url}/api/v1/endpoints`);
  return ((await response.json()) as { endpoints: Endpoint[] }).endpoints;
}

/** Discovery's events of one sort since the log had so many lines. */
function eventsOf(type: string, since: number): { address?: string }[] {
  return signals.logs
    .slice(since)
    .filter(({ msg }) => msg === type)
    .map(({ discovery }) => discovery as { address?: string });
}

/** Waits until all addresses are in use, asking now and then, as an address is probed by a request. */
async function allAdmitted(): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end;) {
    await Promise.all(ADDRESSES.map(() => ask().then((response) => response.text())));
    const known = await endpoints();
    if (known.length === 3 && known.every(({ ejectedUntil }) => ejectedUntil === null)) return;
    await sleep(200);
  }
  throw new Error(`not all are in use again: ${JSON.stringify(await endpoints())}`);
}

it("computes signals from quotes that were created through another task", async () => {
  const response = await ask("indicator=bollinger&window=30", { "x-request-id": "across" });
  expect(response.status).toBe(200);
  const indicator = createIndicator("bollinger", { window: 30, deviations: 2 });
  expect(((await response.json()) as { items: unknown }).items).toEqual(
    CLOSES.map((close, i) => ({ timestamp: quoteAt(i, close).timestamp, close, ...indicator.next(close) })),
  );
  // one id in the logs of both
  await sleep(50);
  const seen = tasks.flatMap(({ logs }) => logs).filter(({ requestId }) => requestId === "across");
  expect(seen.filter(({ msg }) => msg === "request completed")).toHaveLength(3);
});

it("answers bad input with the caller's problem, end to end", async () => {
  for (const [path, status] of [
    ["NOBODY?indicator=sma", 404],
    ["TICKER_NEW?indicator=sma&window=601", 422],
    ["TICKER_NEW%27%3B%20DROP%20TABLE%20quotes?indicator=sma", 400],
    ["TICKER_NEW?indicator=sma&from=2100-01-01", 422],
  ] as const) {
    const response = await fetch(`${signals.url}/api/v1/signals/${path}`);
    expect({ path, status: response.status }).toEqual({ path, status });
    expect(response.headers.get("content-type")).toBe("application/problem+json");
  }
});

it("asks DNS about once a second, and all tasks", async () => {
  const served = (): number[] =>
    tasks.map(({ logs }) => logs.filter(({ msg }) => msg === "request completed").length);
  const before = served();
  const queries = dns.count(NAME);
  const begun = performance.now();
  const outcomes = await underLoad(6, async (done) => {
    while (done() < 40) await sleep(20);
  });
  expect(outcomes.every(({ text }) => text.startsWith("200 "))).toBe(true);
  expect(dns.count(NAME) - queries).toBeLessThanOrEqual(2 + (performance.now() - begun) / 1000);
  await sleep(50);
  const counts = served().map((count, index) => count - Number(before[index]));
  // how evenly is measured by the client's own tests; here processes compete for the machine
  expect(Math.min(...counts) / counts.reduce((sum, count) => sum + count)).toBeGreaterThan(0.1);
});

describe("no signal request fails", () => {
  let right: string;

  beforeAll(async () => {
    right = `200 ${await (await ask()).text()}`;
  });

  const failuresOf = (outcomes: readonly Outcome[]): string[] =>
    outcomes.filter(({ text }) => text !== right).map(({ text }) => text.slice(0, 300));
  const slowestOf = (outcomes: readonly Outcome[]): number => Math.max(...outcomes.map(({ ms }) => ms));
  const ejectedSince = (since: number): unknown[] => eventsOf("eject", since).map(({ address }) => address);

  it.each<[string, NodeJS.Signals, number]>([
    ["killed", "SIGKILL", 1],
    ["stopped", "SIGTERM", 0],
  ])(
    "when a task is %s under load and comes back",
    async (_how, signal, index) => {
      const since = signals.logs.length;
      const outcomes = await underLoad(6, async () => {
        await sleep(300);
        tasks[index]?.signal(signal);
        await tasks[index]?.exitCode();
        await restart(index);
      });
      expect(failuresOf(outcomes)).toEqual([]);
      expect(outcomes.length).toBeGreaterThan(10);
      expect(slowestOf(outcomes)).toBeLessThan(5000);
      // it did happen while the task was in use
      expect(ejectedSince(since)).toContain(ADDRESSES[index]);
    },
    60_000,
  );

  it("while DNS is down", async () => {
    const since = signals.logs.length;
    dns.failure = "SERVFAIL";
    const outcomes = await underLoad(2, () => sleep(2500));
    dns.failure = undefined;
    expect(failuresOf(outcomes)).toEqual([]);
    expect(eventsOf("stale", since).length).toBeGreaterThan(0);
  }, 60_000);

  it("when a task freezes under load and thaws, the two that were away being in use again", async () => {
    await allAdmitted();
    const since = signals.logs.length;
    const outcomes = await underLoad(6, async () => {
      await sleep(300);
      tasks[2]?.signal("SIGSTOP");
      await sleep(2500);
      tasks[2]?.signal("SIGCONT");
    });
    expect(failuresOf(outcomes)).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(10);
    // the timeout of one attempt, which may come a second late, and another attempt
    expect(slowestOf(outcomes)).toBeLessThan(5000);
    expect(ejectedSince(since)).toContain(ADDRESSES[2]);
  }, 60_000);
});

it("says 503 while all tasks are gone, stays alive itself, and recovers", async () => {
  await Promise.all(tasks.map((task) => task.kill()));
  const begun = performance.now();
  const response = await ask();
  expect(performance.now() - begun).toBeLessThan(5000);
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toBe("5");
  expect(await response.json()).toMatchObject({
    type: "tag:trading-platform.local,2026:stock-service-unavailable",
  });
  expect((await fetch(`${signals.url}/health`)).status).toBe(200);

  await restart(0);
  const statuses: number[] = [];
  for (const end = Date.now() + 10_000; Date.now() < end && statuses.at(-1) !== 200;) {
    await sleep(200);
    const again = await ask();
    await again.text();
    statuses.push(again.status);
  }
  expect(statuses.at(-1)).toBe(200);
}, 60_000);
