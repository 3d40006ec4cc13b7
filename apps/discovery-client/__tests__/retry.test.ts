import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { fetch, FormData, request } from "undici";
import type { DiscoveryDispatcher } from "../src/index.js";
import { RetryBudget } from "../src/retry-budget.js";
import type { LocalTask } from "./support/local-task.js";
import { failures, get, inParallel, NAME, Stage, until } from "./support/stage.js";

const [FIRST, SECOND, THIRD] = ["127.0.14.1", "127.0.14.2", "127.0.14.3"] as const;

let stage: Stage;
let tasks: [LocalTask, LocalTask, LocalTask];
let url: string;
let port: number;

beforeEach(async () => {
  stage = await Stage.set();
  tasks = await stage.localTasks(FIRST, SECOND, THIRD);
  port = tasks[0].port;
  url = `http://${NAME}:${port}/`;
});
afterEach(() => stage.strike());

const reset: LocalTask["answer"] = (incoming) => {
  incoming.resume().on("end", () => incoming.socket.resetAndDestroy());
};

/** Reads the body and answers with it. */
const echo: LocalTask["answer"] = (incoming, response) => void incoming.pipe(response);

const hits = (): number => tasks.reduce((sum, task) => sum + task.hits, 0);

async function send(
  dispatcher: DiscoveryDispatcher,
  options: Parameters<typeof request>[1],
): Promise<string> {
  const { body } = await request(url, { dispatcher, ...options });
  return body.text();
}

describe("what was sent", () => {
  test.each(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"] as const)(
    "%s is repeated on another address",
    async (method) => {
      const dispatcher = stage.dispatcher();
      tasks[0].answer = tasks[1].answer = reset;
      const results = await inParallel(3, 1, () =>
        send(dispatcher, { method, body: method === "PUT" ? "x" : null }),
      );
      expect(failures(results)).toEqual([]);
      for (const { from, to } of stage.eventsOf("retry")) expect(from.address).not.toBe(to.address);
      expect(stage.eventsOf("retry")[0]).toMatchObject({ hostname: NAME, method, retry: 1 });
    },
  );

  test.each(["POST", "PATCH"] as const)("%s is not", async (method) => {
    const dispatcher = stage.dispatcher();
    for (const task of tasks) task.answer = reset;
    await expect(send(dispatcher, { method, body: "{}" })).rejects.toThrow();
    expect(hits()).toBe(1);
  });

  test("POST is not repeated after a headers timeout either", async () => {
    const dispatcher = stage.dispatcher({ headersTimeoutMs: 200 });
    for (const task of tasks) task.answer = () => undefined;
    await expect(send(dispatcher, { method: "POST", body: "{}" })).rejects.toMatchObject({
      code: "UND_ERR_HEADERS_TIMEOUT",
    });
    expect(hits()).toBe(1);
  });

  test("the caller may say that a POST is idempotent, or that a GET is not", async () => {
    const dispatcher = stage.dispatcher();
    for (const task of tasks) task.answer = reset;
    await expect(send(dispatcher, { method: "GET", idempotent: false })).rejects.toThrow();
    expect(hits()).toBe(1);
    tasks[2].answer = echo;
    tasks[0].hits = tasks[1].hits = tasks[2].hits = 0;
    expect(await send(dispatcher, { method: "POST", body: "once", idempotent: true })).toBe("once");
  });

  test("a stream is not, since nothing is left of it", async () => {
    const dispatcher = stage.dispatcher();
    for (const task of tasks) task.answer = reset;
    await expect(send(dispatcher, { method: "PUT", body: Readable.from(["a", "b"]) })).rejects.toThrow();
    expect(hits()).toBe(1);
    await expect(fetch(url, { dispatcher, method: "PUT", body: "ab" })).rejects.toThrow();
    expect(hits()).toBe(2);
  });

  test("a status is an answer, never repeated", async () => {
    const dispatcher = stage.dispatcher();
    for (const task of tasks) task.answer = (_request, response) => void response.writeHead(503).end("busy");
    const { statusCode, body } = await request(url, { dispatcher });
    expect([statusCode, await body.text()]).toEqual([503, "busy"]);
    expect(hits()).toBe(1);
  });
});

describe("what was not sent, since there was no connection", () => {
  const form = new FormData();
  form.set("ticker", "TICKER_1");
  const bodies: readonly [string, () => Parameters<DiscoveryDispatcher["request"]>[0]["body"]][] = [
    ["a string", () => "whole"],
    ["a buffer", () => Buffer.from("whole")],
    ["a stream", () => Readable.from(["who", "le"])],
    ["a form", () => form],
  ];

  test.each(bodies)("is repeated whatever the method, with %s as body", async (_name, body) => {
    const dispatcher = stage.dispatcher();
    for (const task of tasks) task.answer = echo;
    await tasks[0].stop();
    const results = await inParallel(3, 1, () => send(dispatcher, { method: "POST", body: body() }));
    expect(failures(results)).toEqual([]);
    for (const result of results) {
      expect(result.status === "fulfilled" && result.value).toMatch(/whole|TICKER_1/);
    }
    expect(stage.eventsOf("retry")).toHaveLength(1);
    expect(hits()).toBe(3);
  });

  test("is repeated with the body of a fetch", async () => {
    const dispatcher = stage.dispatcher();
    for (const task of tasks) task.answer = echo;
    await tasks[0].stop();
    const results = await inParallel(3, 1, async () =>
      (await fetch(url, { dispatcher, method: "POST", body: "whole" })).text(),
    );
    expect(results).toEqual(Array(3).fill({ status: "fulfilled", value: "whole" }));
    expect(stage.eventsOf("retry")).toHaveLength(1);
  });

  test("is given up if the request itself is wrong, with no harm to any address", async () => {
    const dispatcher = stage.dispatcher();
    await expect(send(dispatcher, { method: "GET", headers: { "bad header": "x" } })).rejects.toMatchObject({
      code: "UND_ERR_INVALID_ARG",
    });
    expect(stage.events.map(({ type }) => type)).toEqual(["resolve"]);
  });
});

describe("a response that has begun", () => {
  /** Half of a body, all of one letter; then the connection breaks. */
  const half =
    (letter: string): LocalTask["answer"] =>
    (_request, response) => {
      response.writeHead(200, { "content-length": "100", etag: '"same"', "accept-ranges": "bytes" });
      response.write(letter.repeat(50), () => setTimeout(() => response.destroy(), 20));
    };

  test("is never continued by another address", async () => {
    const dispatcher = stage.dispatcher();
    tasks.forEach((task, index) => (task.answer = half("ABC".charAt(index))));
    for (let index = 0; index < 3; index += 1) {
      const { statusCode, body } = await request(url, { dispatcher });
      expect(statusCode).toBe(200);
      let received = "";
      const reading = (async () => {
        for await (const chunk of body) received += String(chunk);
      })();
      await expect(reading).rejects.toThrow();
      expect(received).toMatch(/^(A{50}|B{50}|C{50})$/);
    }
    expect(hits()).toBe(3);
    expect(stage.eventsOf("retry")).toEqual([]);
  });

  test("nor begun anew after its headers alone", async () => {
    const dispatcher = stage.dispatcher();
    for (const task of tasks) {
      task.answer = (_request, response) => {
        response.writeHead(200, { "content-length": "100" });
        response.flushHeaders();
        setTimeout(() => response.destroy(), 20);
      };
    }
    const response = await fetch(url, { dispatcher });
    await expect(response.text()).rejects.toThrow();
    expect(hits()).toBe(1);
  });
});

describe("the number of retries", () => {
  test("is limited per request, each on an address of its own", async () => {
    const more = await stage.localTasks("127.0.14.4", "127.0.14.5", "127.0.14.6", "127.0.14.7");
    for (const task of more) task.answer = reset;
    port = more[0].port;
    const dispatcher = stage.dispatcher({ retry: { max: 3 } });
    await expect(get(dispatcher, port)).rejects.toThrow();
    expect(more.map((task) => task.hits)).toEqual([1, 1, 1, 1]);
    expect(stage.eventsOf("retry").map(({ retry }) => retry)).toEqual([1, 2, 3]);
  });

  test("is limited by the budget", async () => {
    const dispatcher = stage.dispatcher({
      eject: { consecutive: 1000 },
      retry: { budget: { ratio: 0.2, minPerSecond: 0 } },
    });
    for (const task of tasks) task.answer = reset;
    await inParallel(200, 5, () => get(dispatcher, port));
    // a fifth of the requests
    expect(stage.eventsOf("retry").length).toBeLessThanOrEqual(40);
    expect(stage.eventsOf("retry").length).toBeGreaterThanOrEqual(30);
    expect(hits()).toBe(200 + stage.eventsOf("retry").length);
  });

  test("is none without a budget", async () => {
    const dispatcher = stage.dispatcher({ retry: { budget: { ratio: 0, minPerSecond: 0 } } });
    for (const task of tasks) task.answer = reset;
    await inParallel(20, 5, () => get(dispatcher, port));
    expect(hits()).toBe(20);
  });

  test("a budget allows some per second to those who ask little", () => {
    const budget = new RetryBudget(0, 0.5);
    const taken = Array.from({ length: 20 }, () => budget.takeRetry());
    expect(taken.filter(Boolean)).toHaveLength(5);
  });

  test("with one address alone, a reset is tried again there, and a refusal is not", async () => {
    stage.dns.a(NAME, [FIRST]);
    const dispatcher = stage.dispatcher();
    let count = 0;
    tasks[0].answer = (incoming, response) => {
      if (++count === 1) reset(incoming, response);
      else response.end(FIRST);
    };
    expect(await get(dispatcher, port)).toBe(FIRST);
    await tasks[0].stop();
    await expect(get(dispatcher, port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    expect(stage.eventsOf("retry")).toHaveLength(1);
  });
});

describe("an abort", () => {
  test("takes effect while the name is looked up", async () => {
    stage.dns.silent = true;
    const dispatcher = stage.dispatcher();
    const begun = performance.now();
    const signal = AbortSignal.timeout(100);
    await expect(request(url, { dispatcher, signal })).rejects.toMatchObject({ name: "TimeoutError" });
    expect(performance.now() - begun).toBeLessThan(900);
  });

  test("ends the request, and nothing is tried again", async () => {
    const dispatcher = stage.dispatcher();
    for (const task of tasks) task.answer = () => undefined;
    const cancel = new AbortController();
    const pending = request(url, { dispatcher, signal: cancel.signal });
    await until(() => hits() === 1);
    cancel.abort();
    await expect(pending).rejects.toMatchObject({ name: "AbortError" });
    await delay(50);
    expect(hits()).toBe(1);
    expect(dispatcher.endpoints(NAME).map(({ inflight, ejectedUntil }) => [inflight, ejectedUntil])).toEqual(
      Array(3).fill([0, null]),
    );
  });
});
