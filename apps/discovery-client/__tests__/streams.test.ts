import { setTimeout as delay } from "node:timers/promises";
import type { Duplex } from "node:stream";
import { request, upgrade } from "undici";
import { Traffic, type Flow } from "../src/traffic.js";
import { staysOpen } from "../src/stays-open.js";
import type { LocalTask } from "./support/local-task.js";
import { get, imbalance, inParallel, NAME, Stage, until } from "./support/stage.js";

const ADDRESSES = ["127.0.19.1", "127.0.19.2", "127.0.19.3"] as const;
const [FIRST, SECOND, THIRD] = ADDRESSES;
/** A response is idle after a quarter of a second at the earliest. */
const UNTIL_IDLE_MS = 500;

let stage: Stage;
let tasks: [LocalTask, LocalTask, LocalTask];
let port: number;
/** Of each address, the paths that it was asked for. */
let asked: Map<string, string[]>;

beforeEach(async () => {
  stage = await Stage.set();
  tasks = await stage.localTasks(FIRST, SECOND, THIRD);
  port = tasks[0].port;
  asked = new Map(ADDRESSES.map((address) => [address, []]));
  for (const task of tasks) {
    task.answer = (incoming, response) => {
      const path = incoming.url ?? "";
      asked.get(task.address)?.push(path);
      if (path === "/events") response.write("data: begun\n\n");
      else response.end(task.address);
    };
  }
});
afterEach(() => stage.strike());

const counts = (path: string): number[] =>
  [...asked.values()].map((paths) => paths.filter((one) => one === path).length);

async function openStream(dispatcher: ReturnType<Stage["dispatcher"]>, headers = {}): Promise<void> {
  const { body } = await request(`http://${NAME}:${port}/events`, { dispatcher, headers });
  body.on("error", () => undefined).resume();
}

describe.each([1, 10])("short requests, %i at a time", (callers) => {
  test("are spread evenly though a new task has none of the event streams that the others have", async () => {
    stage.dns.a(NAME, [FIRST, SECOND]);
    const dispatcher = stage.dispatcher({ dns: { minTtlMs: 100, maxTtlMs: 100 } });
    await inParallel(20, 1, () => openStream(dispatcher));
    stage.dns.a(NAME, ADDRESSES);
    await delay(UNTIL_IDLE_MS);
    await get(dispatcher, port);
    await until(() => dispatcher.endpoints(NAME).length === 3);
    await inParallel(600, callers, () => get(dispatcher, port));
    expect(imbalance(counts("/"))).toBeLessThanOrEqual(1.2);
    const streams = dispatcher.endpoints(NAME).map((state) => [state.inflight, state.streams]);
    expect(streams).toEqual([
      [10, 10],
      [10, 10],
      [0, 0],
    ]);
  });
});

describe("streams", () => {
  test("go where the fewest are, if they say what they are: a new task gets its share", async () => {
    stage.dns.a(NAME, [FIRST, SECOND]);
    const dispatcher = stage.dispatcher({ dns: { minTtlMs: 100, maxTtlMs: 100 } });
    const headers = { accept: "text/event-stream" };
    await inParallel(12, 1, () => openStream(dispatcher, headers));
    stage.dns.a(NAME, ADDRESSES);
    await delay(UNTIL_IDLE_MS);
    await get(dispatcher, port);
    await until(() => dispatcher.endpoints(NAME).length === 3);
    await inParallel(6, 2, () => openStream(dispatcher, headers));
    expect(counts("/events")).toEqual([6, 6, 6]);
  });

  test("of callers that alternate with short requests do not all meet at one task", async () => {
    stage.dns.a(NAME, [FIRST, SECOND]);
    const dispatcher = stage.dispatcher();
    let opened = 0;
    for (const task of tasks) {
      const plain = task.answer;
      task.answer = (incoming, response) => {
        if (incoming.url === "/long") asked.get(task.address)?.push("/long");
        if (incoming.url === "/long") response.end("long");
        else plain(incoming, response);
      };
    }
    for (; opened < 60; opened += 1) {
      await get(dispatcher, port);
      await get(dispatcher, port, "/long");
    }
    const long = counts("/long");
    expect(long[0]).toBeGreaterThan(10);
    expect(long[1]).toBeGreaterThan(10);
  });

  test("that end all at once, as by a limit on their age, do not eject their task", async () => {
    const dispatcher = stage.dispatcher();
    await inParallel(30, 1, () => openStream(dispatcher));
    await delay(UNTIL_IDLE_MS);
    await tasks[0].stop();
    await tasks[0].start();
    await until(() => dispatcher.endpoints(NAME)[0]?.inflight === 0);
    await inParallel(30, 1, () => get(dispatcher, port));
    expect(stage.eventsOf("eject")).toEqual([]);
    expect(imbalance(counts("/"))).toBeLessThanOrEqual(1.2);
  });

  test("that break while they bring much are failures", async () => {
    const dispatcher = stage.dispatcher({ eject: { baseMs: 60_000 } });
    tasks[0].answer = (incoming, response) => {
      response.write("begun");
      setTimeout(() => incoming.socket.resetAndDestroy(), 20);
    };
    await inParallel(12, 1, () => get(dispatcher, port));
    expect(stage.eventsOf("eject")).toMatchObject([{ address: FIRST, reason: "reset" }]);
  });
});

test("WebSockets count as open until their socket closes, and never as load", async () => {
  const ends: Duplex[] = [];
  for (const task of tasks) {
    task.onUpgrade = (socket) => {
      ends.push(socket);
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
    };
  }
  const dispatcher = stage.dispatcher();
  const upgraded = await inParallel(6, 1, () =>
    upgrade(`http://${NAME}:${port}/`, { dispatcher, protocol: "websocket" }),
  );
  expect(upgraded.map(({ status }) => status)).toEqual(Array(6).fill("fulfilled"));
  expect(dispatcher.endpoints(NAME).map(({ inflight, streams }) => [inflight, streams])).toEqual([
    [0, 2],
    [0, 2],
    [0, 2],
  ]);
  for (const end of ends) end.destroy();
  await until(() => dispatcher.endpoints(NAME).every(({ streams }) => streams === 0));
});

describe("traffic", () => {
  const flow = (): Flow => ({ bytes: 0, since: 60_000, isIdle: false });

  test("is load while a response is waited for, begins or brings much, and none while it brings little", () => {
    const traffic = new Traffic();
    const download = flow();
    traffic.begin();
    expect(traffic.load).toBe(1);
    traffic.measure(download, 60_249);
    expect(traffic.load).toBe(1);
    download.bytes = 65_536;
    traffic.measure(download, 61_000);
    expect([traffic.load, traffic.streams]).toEqual([1, 0]);
    download.bytes = 65_535;
    traffic.measure(download, 62_000);
    expect([traffic.load, traffic.streams, traffic.open]).toEqual([0, 1, 1]);
    download.bytes = 1_000_000;
    traffic.measure(download, 63_000);
    expect(traffic.load).toBe(1);
    traffic.measure(download, 64_000);
    traffic.end(download);
    expect([traffic.load, traffic.streams, traffic.open, traffic.inflight]).toEqual([0, 0, 0, 0]);
  });
});

test.each([
  [{ upgrade: "websocket" }, true],
  [{ method: "CONNECT" }, true],
  [{ headers: { Accept: "text/event-stream" } }, true],
  [{ headers: { accept: "text/html, text/event-stream;q=0.9" } }, true],
  [{ headers: ["host", "accept", "Accept", "text/event-stream"] }, true],
  [{ headers: ["accept", "*/*"] }, false],
  [{ headers: { accept: "*/*" } }, false],
  [{}, false],
])("%j stays open: %s", (options, expected) => {
  expect(staysOpen({ method: "GET", path: "/", ...options })).toBe(expected);
});
