import { NAME, Simulation, wait } from "./support/simulation.js";
import { get, NAME as REAL_NAME, Stage } from "./support/stage.js";

const ADDRESSES = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];
const MINUTE_MS = 60_000;
/** A request to a task that is well takes 6 ms in the simulation; there may be a look-up of 300 ms before it. */
const SLOWEST_MS = 310;

interface Outcome {
  lost: unknown[];
  slowestMs: number;
  requests: number;
}

/** A request every so often, for so long. */
async function load(simulation: Simulation, everyMs: number, forMs: number): Promise<Outcome> {
  const outcome: Outcome = { lost: [], slowestMs: 0, requests: 0 };
  const end = performance.now() + forMs;
  const pending: Promise<void>[] = [];
  const send = async (): Promise<void> => {
    const begun = performance.now();
    await simulation.send().catch((error: unknown) => outcome.lost.push(error));
    outcome.slowestMs = Math.max(outcome.slowestMs, performance.now() - begun);
  };
  while (performance.now() < end) {
    outcome.requests += 1;
    pending.push(send());
    await wait(everyMs);
  }
  await Promise.all(pending);
  return outcome;
}

/** Lets time pass until the work is done. */
async function passing<T>(work: Promise<T>): Promise<T> {
  const done = new AbortController();
  const settled = work.finally(() => done.abort());
  settled.catch(() => undefined);
  while (!done.signal.aborted) await jest.advanceTimersByTimeAsync(1000);
  return settled;
}

function simulated(options = {}): Simulation {
  const simulation = new Simulation(options);
  simulation.named = ADDRESSES;
  return simulation;
}

describe("as time passes", () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ["nextTick", "queueMicrotask", "setImmediate"] }));
  afterEach(() => void jest.useRealTimers());

  describe.each(["is silent", "SERVFAIL"] as const)("DNS %s", (failure) => {
    test.each([
      [100, 0],
      [100, 10_000],
      [7000, 0],
      [7000, 10_000],
    ])(
      "for half an hour: a request every %i ms at a TTL of %i ms, none lost, none waits",
      async (everyMs, ttlMs) => {
        const simulation = simulated();
        simulation.ttlMs = ttlMs;
        await passing(load(simulation, everyMs, 20_000));
        simulation.dns = failure;
        const begun = Date.now();
        const { lost, slowestMs, requests } = await passing(load(simulation, everyMs, 30 * MINUTE_MS));
        expect(requests).toBeGreaterThan(200);
        expect(lost).toEqual([]);
        expect(slowestMs).toBeLessThanOrEqual(SLOWEST_MS);

        // it is told, and since when
        const told = simulation.events.filter((event) => event.type === "stale");
        expect(told.length).toBeGreaterThan(100);
        const since = new Set(told.map((event) => event.since));
        expect(since.size).toBe(1);
        const [first = 0] = since;
        expect(first).toBeGreaterThanOrEqual(begun);
        expect(first).toBeLessThan(begun + everyMs + 10_000);
        expect(simulation.discovery.resolution(NAME)).toMatchObject({
          failingSince: first,
          error: { isAbsent: false },
        });

        // fresh answers as soon as there are some
        simulation.dns = "answers";
        simulation.named = ["10.0.0.4"];
        await passing(load(simulation, everyMs, 2 * everyMs + 3000));
        expect(simulation.discovery.endpoints(NAME).map(({ address }) => address)).toEqual(["10.0.0.4"]);
        const { resolvedAt, ...state } = simulation.discovery.resolution(NAME) ?? {};
        expect(state).toEqual({ failingSince: null, error: null });
        expect(resolvedAt).toBeGreaterThan(first);
        const back = simulation.events.find((event) => event.type === "resolve" && event.failedForMs > 0);
        expect(back).toMatchObject({ failedForMs: expect.closeTo(30 * MINUTE_MS, -5) as number });
      },
    );

    test("and a task dies meanwhile: it is left out, nothing is lost", async () => {
      const simulation = simulated();
      await passing(load(simulation, 100, 5000));
      simulation.dns = failure;
      await passing(load(simulation, 100, MINUTE_MS));
      simulation.task("10.0.0.2").fault = "refuses";
      const { lost, slowestMs } = await passing(load(simulation, 100, 5 * MINUTE_MS));
      expect(lost).toEqual([]);
      expect(slowestMs).toBeLessThanOrEqual(SLOWEST_MS);
      const out = simulation.discovery.endpoints(NAME).filter(({ ejectedUntil }) => ejectedUntil !== null);
      expect(out.map(({ address }) => address)).toEqual(["10.0.0.2"]);
    });

    test("and every task dies: requests fail soon, with the tasks' error", async () => {
      const simulation = simulated();
      await passing(load(simulation, 100, 5000));
      simulation.dns = failure;
      await passing(load(simulation, 100, MINUTE_MS));
      for (const address of ADDRESSES) simulation.task(address).fault = "refuses";
      const { lost, requests, slowestMs } = await passing(load(simulation, 100, 10_000));
      expect(lost).toHaveLength(requests);
      expect(lost.at(-1)).toMatchObject({
        code: "ECONNREFUSED",
        message: expect.stringContaining("connect") as string,
      });
      expect(slowestMs).toBeLessThan(1000);
    });
  });

  test("a resolver that never comes to an end is given up after half a minute, and asked again", async () => {
    const simulation = simulated();
    await passing(load(simulation, 100, 5000));
    simulation.dns = "hangs";
    const { lost, slowestMs } = await passing(load(simulation, 100, MINUTE_MS));
    expect(lost).toEqual([]);
    expect(slowestMs).toBeLessThanOrEqual(SLOWEST_MS);
    expect(simulation.discovery.resolution(NAME)?.error?.message).toBe(
      `The look-up of ${NAME} failed: The resolver gave no answer within 30000 ms.`,
    );
    simulation.dns = "answers";
    simulation.named = ["10.0.0.4"];
    await passing(load(simulation, 100, 40_000));
    expect(simulation.discovery.endpoints(NAME).map(({ address }) => address)).toEqual(["10.0.0.4"]);
  });

  test("minutes of failure after an outage, as of a resolver that keeps SERVFAIL, change nothing", async () => {
    const simulation = simulated();
    simulation.ttlMs = 0;
    await passing(load(simulation, 100, 5000));
    simulation.dns = "is silent";
    await passing(load(simulation, 100, 30_000));
    simulation.dns = "SERVFAIL";
    const { lost } = await passing(load(simulation, 100, 2 * MINUTE_MS));
    expect(lost).toEqual([]);
  });

  test("NXDOMAIN is an answer: it is bridged for a minute, and believed after that", async () => {
    const simulation = simulated();
    await passing(load(simulation, 100, 5000));
    simulation.dns = "is silent";
    await passing(load(simulation, 100, 5 * MINUTE_MS));
    simulation.dns = "NXDOMAIN";
    const bridged = await passing(load(simulation, 100, 57_000));
    expect(bridged.lost).toEqual([]);
    const believed = await passing(load(simulation, 100, 10_000));
    expect(believed.lost.at(-1)).toMatchObject({ code: "ENOTFOUND", isAbsent: true });
    // asked on, ten times a second at most
    const asked = simulation.lookUps;
    await passing(load(simulation, 10, 10_000));
    expect(simulation.lookUps - asked).toBeLessThanOrEqual(101);
    simulation.dns = "answers";
    await passing(wait(200));
    const back = await passing(load(simulation, 100, 5000));
    expect(back.lost.length).toBeLessThanOrEqual(1);
  });

  test("who sets an end gets one, after which each request asks, and DNS is still spared", async () => {
    const simulation = simulated({ dns: { maxStaleMs: 120_000 } });
    await passing(load(simulation, 100, 5000));
    simulation.dns = "SERVFAIL";
    const used = await passing(load(simulation, 100, 115_000));
    expect(used.lost).toEqual([]);
    await passing(wait(10_000));
    const asked = simulation.lookUps;
    const { lost, requests } = await passing(load(simulation, 20, 10_000));
    expect(lost).toHaveLength(requests);
    expect(simulation.lookUps - asked).toBeLessThanOrEqual(101);
  });
});

test.each([
  ["refuses every question", { failure: "REFUSED" }],
  ["is out of reach", { stopped: true }],
] as const)(
  "a real DNS server that %s: the first request after a quiet time goes by the old answer",
  async (_name, how) => {
    const stage = await Stage.set();
    try {
      const [task] = await stage.localTasks("127.0.10.1");
      const dispatcher = stage.dispatcher({ dns: { minTtlMs: 50, maxTtlMs: 50, maxAbsentMs: 0 } });
      await get(dispatcher, task.port);
      if ("failure" in how) stage.dns.failure = how.failure;
      else stage.dns.silent = true;
      await wait(500);
      const begun = performance.now();
      expect(await get(dispatcher, task.port)).toBe("127.0.10.1");
      // and not for the time-outs of DNS, two seconds
      expect(performance.now() - begun).toBeLessThan(1500);
      if ("failure" in how) expect(dispatcher.resolution(REAL_NAME)?.error?.code).toBe("EREFUSED");
    } finally {
      await stage.strike();
    }
  },
);
