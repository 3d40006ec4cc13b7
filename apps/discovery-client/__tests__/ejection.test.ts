import { setTimeout as delay } from "node:timers/promises";
import { request } from "undici";
import { Health } from "../src/health.js";
import type { LocalTask } from "./support/local-task.js";
import { after, failures, get, inParallel, meanwhile, NAME, Stage, until } from "./support/stage.js";

const [FIRST, SECOND, THIRD] = ["127.0.13.1", "127.0.13.2", "127.0.13.3"] as const;

let stage: Stage;
let first: LocalTask;
let second: LocalTask;
let third: LocalTask;
let port: number;

beforeEach(async () => {
  stage = await Stage.set();
  [first, second, third] = await stage.localTasks(FIRST, SECOND, THIRD);
  port = first.port;
});
afterEach(() => stage.strike());

const status =
  (code: number): LocalTask["answer"] =>
  (_request, response) =>
    void response.writeHead(code).end();

const reset: LocalTask["answer"] = (incoming) => void incoming.socket.resetAndDestroy();

/** POSTs, which nothing repeats once it was sent, and resolves to the status. */
async function post(dispatcher: ReturnType<Stage["dispatcher"]>): Promise<number> {
  const { statusCode, body } = await request(`http://${NAME}:${port}/`, {
    dispatcher,
    method: "POST",
    body: "{}",
  });
  await body.dump();
  return statusCode;
}

describe("an address is ejected", () => {
  test("at once if it refuses connections", async () => {
    const dispatcher = stage.dispatcher();
    await first.stop();
    const results = await inParallel(12, 1, () => get(dispatcher, port));
    expect(failures(results)).toEqual([]);
    expect(stage.eventsOf("retry")).toHaveLength(1);
    expect(stage.eventsOf("eject")).toMatchObject([
      { hostname: NAME, address: FIRST, port, reason: "connect" },
    ]);
    const [ejected] = dispatcher.endpoints(NAME).filter(({ ejectedUntil }) => ejectedUntil !== null);
    expect(ejected?.address).toBe(FIRST);
    expect(ejected?.ejectedUntil).toBeGreaterThan(Date.now() + 3000);
    expect(ejected?.ejectedUntil).toBeLessThan(Date.now() + 7000);
  });

  test("at once if it lets a request wait for headers, and answers nothing else meanwhile", async () => {
    const dispatcher = stage.dispatcher({ headersTimeoutMs: 1000 });
    first.answer = () => undefined;
    const results = await inParallel(9, 1, () => get(dispatcher, port));
    expect(failures(results)).toEqual([]);
    expect(stage.eventsOf("eject")).toMatchObject([{ address: FIRST, reason: "headers-timeout" }]);
  });

  test("not for one slow request while it answers others", async () => {
    const dispatcher = stage.dispatcher({ headersTimeoutMs: 600 });
    const answer: LocalTask["answer"] = (incoming, response) => {
      if (incoming.url !== "/slow") response.end();
    };
    for (const task of [first, second, third]) task.answer = answer;
    const slow = get(dispatcher, port, "/slow").catch((error: unknown) => error);
    let over = false;
    void slow.then(() => (over = true));
    await meanwhile(
      3,
      () => over,
      async () => {
        await get(dispatcher, port);
        await delay(5);
      },
    );
    expect(await slow).toMatchObject({ code: "UND_ERR_HEADERS_TIMEOUT" });
    expect(stage.eventsOf("eject")).toEqual([]);
    // the second address was tried, the third was spared
    expect(stage.eventsOf("retry")).toHaveLength(1);
  });

  test.each([502, 503, 504])(
    "after three answers of status %i in a row, which the caller gets",
    async (code) => {
      const dispatcher = stage.dispatcher();
      first.answer = status(code);
      const statuses = await inParallel(30, 1, () => post(dispatcher));
      expect(
        statuses.filter((result) => result.status === "fulfilled" && result.value === code),
      ).toHaveLength(3);
      expect(first.hits).toBe(3);
      expect(stage.eventsOf("eject")).toMatchObject([{ address: FIRST, reason: "status" }]);
    },
  );

  test("not for other statuses, nor for failures with a success in between", async () => {
    const dispatcher = stage.dispatcher();
    first.answer = status(500);
    let count = 0;
    second.answer = (incoming, response) => status(++count % 3 === 0 ? 200 : 503)(incoming, response);
    await inParallel(45, 1, () => post(dispatcher));
    expect(second.hits).toBe(15);
    expect(stage.eventsOf("eject")).toEqual([]);
  });

  test("after three resets in a row", async () => {
    const dispatcher = stage.dispatcher();
    first.answer = reset;
    const results = await inParallel(30, 1, () => get(dispatcher, port));
    expect(failures(results)).toEqual([]);
    expect(first.hits).toBe(3);
    expect(stage.eventsOf("eject")).toMatchObject([{ address: FIRST, reason: "reset" }]);
  });

  test("after three deadlines in a row that passed without an answer", async () => {
    const dispatcher = stage.dispatcher();
    first.answer = () => undefined;
    const results = await inParallel(30, 1, async () => {
      const { body } = await request(`http://${NAME}:${port}/`, {
        dispatcher,
        signal: AbortSignal.timeout(600),
      });
      await body.dump();
    });
    expect(failures(results).length).toBeGreaterThanOrEqual(3);
    expect(stage.eventsOf("eject")).toMatchObject([{ address: FIRST, reason: "deadline" }]);
    expect(first.hits).toBe(3);
  });

  test("with its connections: those it comes back with are new", async () => {
    const dispatcher = stage.dispatcher({ eject: { baseMs: 1000 } });
    await inParallel(6, 3, () => get(dispatcher, port));
    const before = first.connections;
    first.answer = status(503);
    await inParallel(12, 1, () => post(dispatcher));
    expect(stage.eventsOf("eject")).toHaveLength(1);
    first.answer = status(200);
    await delay(1200);
    await inParallel(6, 1, () => get(dispatcher, port));
    expect(stage.eventsOf("readmit")).toHaveLength(1);
    expect(first.connections).toBeGreaterThan(before);
  });

  test("without cutting off what it still answers", async () => {
    const dispatcher = stage.dispatcher({ eject: { consecutive: 1 } });
    let complete = (): void => undefined;
    const answer: LocalTask["answer"] = (incoming, response) => {
      if (incoming.url === "/long") {
        response.write("begun ");
        complete = () => void response.end("done");
      } else {
        response.writeHead(503).end();
      }
    };
    for (const task of [first, second, third]) task.answer = answer;
    const { body } = await request(`http://${NAME}:${port}/long`, { dispatcher });
    await inParallel(6, 1, () => post(dispatcher));
    expect(stage.eventsOf("eject").length).toBeGreaterThanOrEqual(2);
    complete();
    expect(await body.text()).toBe("begun done");
  });
});

describe("an ejected address", () => {
  test("gets exactly one probe, however many requests there are, and is back when that succeeds", async () => {
    const dispatcher = stage.dispatcher({ eject: { baseMs: 1500 } });
    await first.stop();
    await inParallel(9, 3, () => get(dispatcher, port));
    expect(stage.eventsOf("eject")).toHaveLength(1);

    first.hits = 0;
    let readmit = (): void => undefined;
    first.answer = (_request, response) => {
      readmit = () => void response.end(FIRST);
    };
    await first.start();
    await delay(1700);
    let over = false;
    const load = meanwhile(
      10,
      () => over,
      () => get(dispatcher, port),
    );
    await until(() => first.hits > 0);
    await delay(200);
    expect(first.hits).toBe(1);
    expect(stage.eventsOf("readmit")).toEqual([]);

    first.answer = (_request, response) => void response.end(FIRST);
    readmit();
    await until(() => first.hits > 10);
    over = true;
    expect(failures(await load)).toEqual([]);
    expect(stage.eventsOf("readmit")).toEqual([{ type: "readmit", hostname: NAME, address: FIRST, port }]);
  });

  test("is probed again after its next ejection, though the response to its last probe goes on", async () => {
    const dispatcher = stage.dispatcher({ eject: { baseMs: 300, maxMs: 300 } });
    let isBroken = true;
    const answer: LocalTask["answer"] = (incoming, response) => {
      if (incoming.url === "/events") response.write("data: begun\n\n");
      else response.writeHead(isBroken ? 503 : 200).end();
    };
    first.answer = answer;
    const eject = async (times: number): Promise<void> => {
      isBroken = true;
      await inParallel(40, 4, () => get(dispatcher, port));
      expect(stage.eventsOf("eject")).toHaveLength(times);
      isBroken = false;
      await delay(400);
    };
    await eject(1);
    const probe = await request(`http://${NAME}:${port}/events`, { dispatcher });
    probe.body.on("error", () => undefined).resume();
    await until(() => stage.eventsOf("readmit").length === 1);
    await eject(2);
    first.hits = 0;
    await inParallel(40, 4, () => get(dispatcher, port));
    expect(stage.eventsOf("readmit")).toHaveLength(2);
    expect(first.hits).toBeGreaterThanOrEqual(4);
  });

  test("is probed by another request if the probe gets no answer in its time, however long it may wait", async () => {
    const dispatcher = stage.dispatcher({
      connectTimeoutMs: 300,
      headersTimeoutMs: 300,
      eject: { baseMs: 300 },
    });
    await first.stop();
    await inParallel(3, 1, () => get(dispatcher, port));
    first.answer = () => undefined;
    await first.start();
    await delay(400);
    first.hits = 0;
    const patient = request(`http://${NAME}:${port}/`, { dispatcher, headersTimeout: 0 });
    patient.catch(() => undefined);
    await until(() => first.hits === 1);
    first.answer = (_request, response) => void response.end(FIRST);
    await get(dispatcher, port);
    expect(stage.eventsOf("readmit")).toEqual([]);
    await delay(700);
    await get(dispatcher, port);
    expect(stage.eventsOf("readmit")).toMatchObject([{ address: FIRST }]);
  });

  test("stays out longer each time its probe fails", async () => {
    const dispatcher = stage.dispatcher({ eject: { baseMs: 50, maxMs: 300 } });
    await first.stop();
    const results = await meanwhile(2, after(1300), () => get(dispatcher, port));
    expect(failures(results)).toEqual([]);
    const times = stage.eventsOf("eject").map(({ forMs }) => forMs);
    expect(times.length).toBeGreaterThanOrEqual(4);
    expect(times.length).toBeLessThanOrEqual(8);
    [50, 100, 200, 300].forEach((expected, index) => {
      expect(times[index]).toBeGreaterThanOrEqual(expected * 0.9);
      expect(times[index]).toBeLessThanOrEqual(expected * 1.1);
    });
  });

  test("is not probed with a request that must not be repeated, unless no other comes for as long again", async () => {
    const dispatcher = stage.dispatcher({ eject: { baseMs: 1000 } });
    await first.stop();
    await inParallel(3, 1, () => get(dispatcher, port));
    expect(stage.eventsOf("eject")).toHaveLength(1);
    await first.start();
    first.hits = 0;
    await delay(1150);
    await inParallel(9, 1, () => post(dispatcher));
    expect(first.hits).toBe(0);
    await delay(1150);
    await post(dispatcher);
    expect(first.hits).toBe(1);
  });

  test("is probed anew if a caller gives up on the probe", async () => {
    const dispatcher = stage.dispatcher({ eject: { baseMs: 1000 } });
    await first.stop();
    await inParallel(3, 1, () => get(dispatcher, port));
    first.answer = () => undefined;
    await first.start();
    await delay(1200);
    const cancel = new AbortController();
    first.hits = 0;
    const probe = request(`http://${NAME}:${port}/`, { dispatcher, signal: cancel.signal });
    await until(() => first.hits === 1);
    cancel.abort();
    await expect(probe).rejects.toThrow();
    first.answer = (_request, response) => void response.end(FIRST);
    await get(dispatcher, port);
    expect(stage.eventsOf("readmit")).toHaveLength(1);
  });
});

describe("few addresses", () => {
  test("the only one is never out", async () => {
    stage.dns.a(NAME, [FIRST]);
    const dispatcher = stage.dispatcher();
    await first.stop();
    const results = await inParallel(20, 5, () => get(dispatcher, port));
    expect(failures(results)).toHaveLength(20);
    expect(stage.eventsOf("eject")).toEqual([]);
    await first.start();
    expect(await get(dispatcher, port)).toBe(FIRST);
  });

  test("two of three may be out", async () => {
    const dispatcher = stage.dispatcher({ eject: { baseMs: 60_000 } });
    await Promise.all([first.stop(), second.stop()]);
    await inParallel(10, 1, () => get(dispatcher, port));
    expect(stage.eventsOf("eject")).toHaveLength(2);
    const retries = stage.eventsOf("retry").length;
    expect(failures(await inParallel(60, 6, () => get(dispatcher, port)))).toEqual([]);
    expect(stage.eventsOf("panic")).toEqual([]);
    expect(stage.eventsOf("retry")).toHaveLength(retries);
  });

  test("if all are dead, requests fail fast with the true cause, and work again as soon as one is back", async () => {
    const dispatcher = stage.dispatcher({ eject: { baseMs: 60_000 } });
    await inParallel(6, 1, () => get(dispatcher, port));
    await Promise.all([first.stop(), second.stop(), third.stop()]);
    const begun = performance.now();
    await inParallel(20, 2, async () => {
      const error = await get(dispatcher, port).catch((reason: unknown) => reason);
      expect((error as NodeJS.ErrnoException).code).toMatch(/ECONNREFUSED|UND_ERR_SOCKET|ECONNRESET/);
    });
    await expect(get(dispatcher, port)).rejects.toMatchObject({ code: "ECONNREFUSED", syscall: "connect" });
    expect(performance.now() - begun).toBeLessThan(2000);
    expect(stage.eventsOf("panic")).toContainEqual({ type: "panic", hostname: NAME, eligible: 0, total: 3 });

    await second.start();
    expect(await get(dispatcher, port)).toBe(SECOND);
    expect(stage.eventsOf("readmit")).toMatchObject([{ address: SECOND }]);
    expect(failures(await inParallel(30, 3, () => get(dispatcher, port)))).toEqual([]);
  });
});

describe("health", () => {
  const policy = { consecutive: 3, baseMs: 1000, maxMs: 8000, probeMs: 5500 };

  test("what was sent before an ejection neither lengthens it nor ends it", () => {
    const health = new Health(policy);
    const before = health.begin(0);
    const backOff = health.failed("connect", 0, 0, before, true) ?? 0;
    expect(health.failed("reset", 10, 0, before, true)).toBeUndefined();
    expect(health.failed("reset", backOff + 10, 0, before, true)).toBeUndefined();
    expect(health.answered(20, before)).toBe(false);
    expect(health.ejectedUntil).toBe(backOff);
  });

  test("what was sent in an earlier ejection neither lengthens a later one nor ends it", () => {
    const health = new Health(policy);
    health.failed("connect", 0, 0, undefined, true);
    const [stream, probe] = [health.begin(2000), health.begin(2000)];
    health.answered(2001, probe);
    const backOff = health.failed("connect", 3000, 3000, undefined, true) ?? 0;
    expect(health.answered(3001, stream)).toBe(false);
    expect(health.failed("reset", 3000 + backOff, 2000, stream, true)).toBeUndefined();
    expect(health.ejectedUntil).toBe(3000 + backOff);
  });

  test("a probe without a verdict makes way for another one after its time", () => {
    const health = new Health(policy);
    const backOff = health.failed("connect", 0, 0, undefined, true) ?? 0;
    const silent = health.begin(backOff);
    expect(health.isProbeDue(backOff + 5499, true)).toBe(false);
    expect(health.isProbeDue(backOff + 5500, true)).toBe(true);
    health.begin(backOff + 5500);
    if (silent !== undefined) health.end(silent);
    expect(health.isProbeDue(backOff + 5501, true)).toBe(false);
  });

  test("an address that stayed in for long starts over with a short ejection", () => {
    const health = new Health(policy);
    health.failed("connect", 0, 0, undefined, true);
    health.failed("connect", 2000, 2000, health.begin(2000), true);
    health.answered(6000, health.begin(5000));
    expect(health.failed("connect", 7000, 7000, undefined, true)).toBeGreaterThan(3000);
    health.answered(20_000, health.begin(20_000));
    expect(health.failed("connect", 29_000, 29_000, undefined, true)).toBeLessThan(1200);
  });
});
