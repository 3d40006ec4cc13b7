/**
 * The client on real sockets for as long as is said, while tasks are killed, frozen and replaced and DNS fails, at
 * random. Ends with status 1 if a GET is lost, a POST is delivered twice, or memory grows.
 *
 *     npm run soak --workspace=ecs-discovery-client -- 60    # minutes, default 60
 */
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { request } from "undici";
import { repeated } from "../../apps/discovery-client/__tests__/support/load.js";
import { NAME, Stage } from "../../apps/discovery-client/__tests__/support/stage.js";
import type { Task } from "../../apps/discovery-client/__tests__/support/task.js";

const MINUTES = Number(process.argv[2] ?? 60);
const ADDRESSES = ["127.0.21.1", "127.0.21.2", "127.0.21.3", "127.0.21.4"] as const;
const CALLERS = 10;
const HEADERS_TIMEOUT_MS = 1000;
/** Heap that an hour may add to what is there once all has been used, in bytes. */
const GROWTH = 16 * 1024 * 1024;

const random = (max: number): number => Math.floor(Math.random() * max);

interface Report {
  requests: number;
  lost: string[];
  slowestMs: number;
}

async function call(stage: Stage, port: number, isOver: () => boolean, report: Report): Promise<void> {
  const dispatcher = stage.dispatcher({
    connectTimeoutMs: 500,
    headersTimeoutMs: HEADERS_TIMEOUT_MS,
    eject: { baseMs: 1000, maxMs: 8000 },
    onEvent: () => undefined,
  });
  const caller = async (): Promise<void> => {
    while (!isOver()) {
      const isPost = random(10) === 0;
      const begun = performance.now();
      report.requests += 1;
      try {
        const { body } = await request(`http://${NAME}:${port}/`, {
          dispatcher,
          method: isPost ? "POST" : "GET",
          headers: { "x-id": `${report.requests}` },
          body: isPost ? "{}" : null,
        });
        await body.dump();
      } catch (error) {
        if (isPost) continue;
        report.lost.push(String(error));
        console.log(
          `${new Date().toISOString()} a GET is lost in ${Math.round(performance.now() - begun)} ms: ${String(error)}`,
        );
      }
      report.slowestMs = Math.max(report.slowestMs, performance.now() - begun);
      await delay(20 + random(20));
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}

/** One trouble at a time, of one task or of DNS, and time to get over it. */
async function trouble(stage: Stage, tasks: readonly Task[]): Promise<string> {
  const task = tasks[random(tasks.length)];
  if (task === undefined) return "none";
  const lastsMs = 200 + random(10_000);
  const kind = (["killed", "frozen", "out of DNS", "DNS silent", "SERVFAIL"] as const)[random(5)];
  console.log(`${new Date().toISOString()} ${task.address}: ${kind ?? ""} for ${lastsMs} ms`);
  if (kind === "killed") await task.kill();
  if (kind === "frozen") task.freeze();
  if (kind === "out of DNS")
    stage.dns.a(
      NAME,
      ADDRESSES.filter((address) => address !== task.address),
    );
  stage.dns.silent = kind === "DNS silent";
  stage.dns.failure = kind === "SERVFAIL" ? "SERVFAIL" : undefined;
  await delay(lastsMs);
  if (kind === "killed") await task.restart();
  if (kind === "frozen") task.thaw();
  stage.dns.silent = false;
  stage.dns.failure = undefined;
  stage.dns.a(NAME, ADDRESSES);
  await delay(3000);
  return kind ?? "";
}

async function main(): Promise<void> {
  const stage = await Stage.set();
  const tasks = await stage.tasks(...ADDRESSES);
  const end = performance.now() + MINUTES * 60_000;
  const isOver = (): boolean => performance.now() > end;
  const report: Report = { requests: 0, lost: [], slowestMs: 0 };
  const twice: string[] = [];
  const troubles = new Map<string, number>();
  let heap: number | undefined;
  let grown = 0;
  try {
    const calling = call(stage, tasks[0].port, isOver, report);
    // who has no answer yet cannot do without DNS
    while (report.requests < 10 * CALLERS) await delay(100);
    let told = performance.now();
    while (!isOver()) {
      const kind = await trouble(stage, tasks);
      troubles.set(kind, (troubles.get(kind) ?? 0) + 1);
      if (performance.now() - told < 60_000 && !isOver()) continue;
      told = performance.now();
      twice.push(
        ...repeated(
          tasks
            .flatMap(({ served }) => served)
            .filter(({ method }) => method === "POST")
            .map(({ id }) => id),
        ),
      );
      for (const task of tasks) task.served.length = 0;
      stage.dns.queries.length = 0;
      globalThis.gc?.();
      const { heapUsed } = process.memoryUsage();
      heap ??= heapUsed;
      grown = heapUsed - heap;
      console.log(
        `${new Date().toISOString()} ${report.requests} requests, ${report.lost.length} GETs lost, ${twice.length} POSTs twice, ` +
          `slowest ${Math.round(report.slowestMs)} ms, heap ${Math.round(heapUsed / 1024)} KiB`,
      );
    }
    await calling;
  } finally {
    await stage.strike();
  }
  console.log(`Troubles: ${[...troubles].map(([kind, count]) => `${count} ${kind}`).join(", ")}`);
  if (report.lost.length > 0 || twice.length > 0 || grown > GROWTH) process.exitCode = 1;
}

void main();
