import { request, type Dispatcher } from "undici";
import { createDiscoveryDispatcher, type DiscoveryDispatcher } from "../../src/index.js";
import type { DiscoveryEvent, DiscoveryOptions } from "../../src/index.js";
import { LocalTask } from "./local-task.js";
import { ScriptedDns } from "./scripted-dns.js";
import { Task } from "./task.js";

export const NAME = "stock-service.trading.internal";

type EventOf<T extends DiscoveryEvent["type"]> = Extract<DiscoveryEvent, { type: T }>;

type OneFor<A extends readonly unknown[], T> = { [K in keyof A]: T };

/** What a test starts, so that it all ends with it. */
export class Stage {
  readonly events: DiscoveryEvent[] = [];
  readonly #dispatchers: DiscoveryDispatcher[] = [];
  readonly #tasks: (Task | LocalTask)[] = [];

  private constructor(readonly dns: ScriptedDns) {}

  static async set(): Promise<Stage> {
    return new Stage(await ScriptedDns.start());
  }

  dispatcher(options: DiscoveryOptions = {}): DiscoveryDispatcher {
    const dispatcher = createDiscoveryDispatcher({
      onEvent: (event) => this.events.push(event),
      // a machine that is busy with other tests may need more than the default
      connectTimeoutMs: 2000,
      ...options,
      ...(options.resolver === undefined && { dns: { servers: [this.dns.server], ...options.dns } }),
    });
    this.#dispatchers.push(dispatcher);
    return dispatcher;
  }

  /** Processes at these addresses, and NAME's A record for them. */
  async tasks<A extends string[]>(...addresses: A): Promise<OneFor<A, Task>> {
    const tasks = await Task.startAll(addresses);
    this.#tasks.push(...tasks);
    this.dns.a(NAME, addresses);
    return tasks as OneFor<A, Task>;
  }

  /** Servers in this process at these addresses, and NAME's A record for them. */
  async localTasks<A extends string[]>(...addresses: A): Promise<OneFor<A, LocalTask>> {
    const tasks = await LocalTask.startAll(addresses);
    this.#tasks.push(...tasks);
    this.dns.a(NAME, addresses);
    return tasks as OneFor<A, LocalTask>;
  }

  eventsOf<T extends DiscoveryEvent["type"]>(type: T): EventOf<T>[] {
    return this.events.filter((event): event is EventOf<T> => event.type === type);
  }

  async strike(): Promise<void> {
    await Promise.all(this.#dispatchers.map((dispatcher) => dispatcher.destroy()));
    await Promise.all(this.#tasks.map((task) => (task instanceof Task ? task.kill() : task.stop())));
    await this.dns.stop();
  }
}

/** GETs from NAME at a port; resolves to the body. */
export async function get(dispatcher: Dispatcher, port: number, path = "/"): Promise<string> {
  const { body } = await request(`http://${NAME}:${port}${path}`, { dispatcher });
  return body.text();
}

/** Calls `work` with 0, 1, 2, ... up to `count`, so many at a time; in order of their numbers, what came of each. */
export async function inParallel<T>(
  count: number,
  concurrency: number,
  work: (index: number) => Promise<T>,
): Promise<PromiseSettledResult<T>[]> {
  const results: PromiseSettledResult<T>[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const index = next++;
      const [result] = await Promise.allSettled([work(index)]);
      results[index] = result;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return results;
}

/** The longest that `meanwhile()` goes on, so that a test that fails comes to its end all the same. */
const MEANWHILE_MS = 40_000;

/** Calls `work` again and again, so many at a time, until `isOver`; what came of each. */
export async function meanwhile<T>(
  concurrency: number,
  isOver: () => boolean,
  work: () => Promise<T>,
): Promise<PromiseSettledResult<T>[]> {
  const results: PromiseSettledResult<T>[] = [];
  const tooLong = after(MEANWHILE_MS);
  const worker = async (): Promise<void> => {
    while (!isOver() && !tooLong()) {
      const [result] = await Promise.allSettled([work()]);
      results.push(result);
      // failures may come at once: let others have their turn
      if (result.status === "rejected") await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return results;
}

/** Holds from so many milliseconds on. */
export function after(ms: number): () => boolean {
  const end = performance.now() + ms;
  return () => performance.now() > end;
}

/** The reasons of those that failed. */
export function failures(results: readonly PromiseSettledResult<unknown>[]): string[] {
  return results.flatMap((result) => (result.status === "rejected" ? [String(result.reason)] : []));
}

/** Waits until `condition` holds; fails after `withinMs`. */
export async function until(condition: () => boolean, withinMs = 5000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`Not within ${withinMs} ms: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The largest count over the smallest. */
export function imbalance(counts: readonly number[]): number {
  return Math.max(...counts) / Math.min(...counts);
}
