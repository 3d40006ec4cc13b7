import fc from "fast-check";
import { Simulation, wait, type Fault } from "./support/simulation.js";

const HEADERS_TIMEOUT_MS = 2000;
const EJECT = { baseMs: 1000, maxMs: 4000 };
const JITTER = 1.1;
/** A probe that was sent just before its task got well takes one timeout, and the back-off after it is the longest. */
const RECOVERY_MS = HEADERS_TIMEOUT_MS + EJECT.maxMs * JITTER + 1500;
/** So far apart requests of all callers are. */
const EVERY_MS = 25;

/** For some time some tasks have a fault, or are replaced, or DNS fails; then all is well again. */
interface Trouble {
  readonly lastsMs: number;
  /** Of two tasks, of which one at most is silent: who waited for two in vain is not sent a third time. */
  readonly faults: readonly [
    Fault | "replaced" | undefined,
    "refuses" | "resets" | "503" | "replaced" | undefined,
  ];
  readonly victim: number;
  readonly dns: "answers" | "is silent" | "SERVFAIL";
  /** All tasks go at once, and DNS has the new ones. */
  readonly replacesAll: boolean;
}

const trouble: fc.Arbitrary<Trouble> = fc.record({
  lastsMs: fc.integer({ min: 100, max: 9000 }),
  faults: fc.tuple(
    fc.constantFrom<(Fault | "replaced" | undefined)[]>(
      "refuses",
      "vanished",
      "frozen",
      "resets",
      "503",
      "replaced",
      undefined,
    ),
    fc.constantFrom("refuses" as const, "resets" as const, "503" as const, "replaced" as const, undefined),
  ),
  victim: fc.nat(),
  dns: fc.constantFrom("answers", "answers", "is silent", "SERVFAIL"),
  replacesAll: fc.boolean(),
});

const scenario = fc.record({
  tasks: fc.integer({ min: 3, max: 5 }),
  ttlMs: fc.constantFrom(0, 1000, 60_000),
  /** Of requests, how many open a stream. */
  streams: fc.constantFrom(0, 0, 0.1),
  troubles: fc.array(trouble, { minLength: 1, maxLength: 4 }),
});

class Run {
  readonly lost: string[] = [];
  readonly overdue: string[] = [];
  readonly pending = new Set<Promise<unknown>>();
  readonly simulation = new Simulation({
    headersTimeoutMs: HEADERS_TIMEOUT_MS,
    eject: EJECT,
    dns: { maxTtlMs: 2000 },
  });
  #addresses = 0;
  #isOver = false;

  constructor(
    tasks: number,
    private streams: number,
  ) {
    this.simulation.named = Array.from({ length: tasks }, () => this.newAddress());
  }

  newAddress(): string {
    this.#addresses += 1;
    const address = `10.0.0.${this.#addresses}`;
    this.simulation.task(address);
    return address;
  }

  async callers(): Promise<void> {
    while (!this.#isOver) {
      const isStream = Math.random() < this.streams;
      const sent = isStream
        ? this.simulation.send("/events", 20_000 * Math.random()).catch(() => undefined)
        : this.simulation.send().catch((error: unknown) => this.lost.push(`${Date.now()}: ${String(error)}`));
      this.pending.add(sent);
      void sent.finally(() => this.pending.delete(sent));
      this.#watch();
      await wait(EVERY_MS);
    }
  }

  /** No address is out for longer than its back-off, one request and one verdict. */
  #watch(): void {
    const latest = Date.now() - (EVERY_MS + HEADERS_TIMEOUT_MS + 600);
    for (const { address, ejectedUntil } of this.simulation.discovery.endpoints(
      "stock-service.trading.internal",
    )) {
      if (ejectedUntil !== null && ejectedUntil < latest)
        this.overdue.push(`${address} since ${ejectedUntil}`);
    }
  }

  async suffer({ faults, victim, lastsMs, dns, replacesAll }: Trouble): Promise<void> {
    const { simulation } = this;
    const victims = faults.map((fault, index) => ({
      fault,
      address: simulation.named[(victim + index) % simulation.named.length] ?? "",
    }));
    if (replacesAll) {
      const old = simulation.named;
      simulation.named = old.map(() => this.newAddress());
      for (const address of old) simulation.task(address).fault = "refuses";
    } else {
      simulation.dns = dns;
      for (const { fault, address } of victims) {
        if (fault === "replaced") {
          simulation.task(address).fault = "refuses";
          const replacement = this.newAddress();
          simulation.named = simulation.named.map((one) => (one === address ? replacement : one));
        } else {
          simulation.task(address).fault = fault;
        }
      }
    }
    await wait(lastsMs);
    simulation.dns = "answers";
    for (const address of simulation.named) simulation.task(address).fault = undefined;
    await wait(RECOVERY_MS);
  }

  /** Requests to the busiest task over those to the idlest, while all are well, and streams stay open. */
  async spread(): Promise<number> {
    this.streams = 0;
    await wait(1000);
    const { named } = this.simulation;
    const before = named.map((address) => this.simulation.task(address).served);
    await wait(80 * named.length * EVERY_MS);
    const served = named.map((address, index) => this.simulation.task(address).served - (before[index] ?? 0));
    return Math.max(...served) / Math.min(...served);
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.pending);
    await this.simulation.discovery.close();
  }
}

beforeEach(() => void jest.useFakeTimers({ doNotFake: ["nextTick", "queueMicrotask", "setImmediate"] }));
afterEach(() => void jest.useRealTimers());

test("random faults lose no request, keep nothing out for longer than its back-off, and leave an even spread and nothing behind", async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ tasks, ttlMs, streams, troubles }) => {
      const run = new Run(tasks, streams);
      run.simulation.ttlMs = ttlMs;
      const outcome = (async () => {
        await run.simulation.send();
        const callers = run.callers();
        for (const one of troubles) await run.suffer(one);
        const spread = await run.spread();
        const out = run.simulation.discovery.endpoints("stock-service.trading.internal");
        await run.end();
        await callers;
        return { spread, out: out.filter(({ ejectedUntil }) => ejectedUntil !== null) };
      })();
      const done = new AbortController();
      void outcome.finally(() => done.abort());
      while (!done.signal.aborted) await jest.advanceTimersByTimeAsync(200);
      const { spread, out } = await outcome;
      expect(run.lost).toEqual([]);
      expect(run.overdue).toEqual([]);
      expect(out).toEqual([]);
      expect(spread).toBeLessThanOrEqual(1.2);
      const states = run.simulation.discovery.endpoints("stock-service.trading.internal");
      expect(states.map(({ inflight, streams: open }) => [inflight, open])).toEqual(states.map(() => [0, 0]));
      jest.clearAllTimers();
    }),
    { numRuns: 60 },
  );
}, 300_000);
