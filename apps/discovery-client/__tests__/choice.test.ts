import type { LocalTask } from "./support/local-task.js";
import { get, imbalance, inParallel, NAME, Stage, until } from "./support/stage.js";

const ADDRESSES = ["127.0.11.1", "127.0.11.2", "127.0.11.3"] as const;
const [FIRST, SECOND, THIRD] = ADDRESSES;

let stage: Stage;
let tasks: [LocalTask, LocalTask, LocalTask];
let port: number;

beforeEach(async () => {
  stage = await Stage.set();
  tasks = await stage.localTasks(FIRST, SECOND, THIRD);
  port = tasks[0].port;
});
afterEach(() => stage.strike());

function answersBy(results: PromiseSettledResult<string>[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const result of results) {
    if (result.status === "rejected") throw result.reason;
    counts.set(result.value, (counts.get(result.value) ?? 0) + 1);
  }
  return counts;
}

describe.each([1, 20])("with %i requests at a time", (concurrency) => {
  test("each address gets its share", async () => {
    const dispatcher = stage.dispatcher();
    const counts = answersBy(await inParallel(600, concurrency, () => get(dispatcher, port)));
    expect([...counts.keys()].sort()).toEqual(ADDRESSES);
    expect(imbalance([...counts.values()])).toBeLessThanOrEqual(1.2);
  });

  test("the others share evenly while one is ejected", async () => {
    const dispatcher = stage.dispatcher({ eject: { baseMs: 60_000 } });
    await tasks[1].stop();
    await inParallel(30, concurrency, () => get(dispatcher, port));
    await until(() => stage.eventsOf("eject").length === 1);
    const counts = answersBy(await inParallel(400, concurrency, () => get(dispatcher, port)));
    expect([...counts.keys()].sort()).toEqual([FIRST, THIRD]);
    expect(imbalance([...counts.values()])).toBeLessThanOrEqual(1.2);
  });
});

test("an address that is busy gets less", async () => {
  const dispatcher = stage.dispatcher();
  tasks[0].answer = (_request, response) => void setTimeout(() => response.end(FIRST), 200);
  const counts = answersBy(await inParallel(300, 6, () => get(dispatcher, port)));
  expect(counts.get(FIRST)).toBeLessThan(60);
});

test("the order of a DNS answer does not matter", async () => {
  const dispatcher = stage.dispatcher({ dns: { minTtlMs: 0, maxTtlMs: 1 } });
  for (let index = 0; index < 90; index += 1) {
    stage.dns.a(NAME, [...ADDRESSES.slice(index % 3), ...ADDRESSES.slice(0, index % 3)], 0);
    await get(dispatcher, port);
  }
  expect(imbalance(tasks.map((task) => task.hits))).toBeLessThanOrEqual(1.2);
});

test("endpoints() tells where requests are", async () => {
  const dispatcher = stage.dispatcher();
  expect(dispatcher.endpoints(NAME)).toEqual([]);
  let release = (): void => undefined;
  tasks[0].answer = (_request, response) => {
    release = () => void response.end();
  };
  const pending = inParallel(3, 3, () => get(dispatcher, port));
  await until(() => tasks.every((task) => task.hits === 1));
  await until(() => dispatcher.endpoints(NAME).filter(({ inflight }) => inflight === 0).length === 2);
  expect(dispatcher.endpoints(NAME.toUpperCase())).toContainEqual({
    address: FIRST,
    port,
    inflight: 1,
    streams: 0,
    ejectedUntil: null,
    consecutiveFailures: 0,
  });
  release();
  await pending;
  expect(dispatcher.endpoints(NAME).map(({ inflight }) => inflight)).toEqual([0, 0, 0]);
});
