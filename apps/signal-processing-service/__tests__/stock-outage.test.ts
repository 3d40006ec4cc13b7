import { FakeStockService, quotesOf, send, sendHalf, wave } from "./fake-stock-service.js";
import { type Answer, Service, sleep, until } from "./service.js";

let stock: FakeStockService;
let service: Service;
/** Waits for long, so that what ends early is ended by something else. */
let patient: Service;

beforeAll(async () => {
  stock = await new FakeStockService().listen();
  service = await Service.start([stock], { pageSize: 100, requestTimeoutMs: 3000, attemptTimeoutMs: 500 });
  patient = await Service.start([stock], { requestTimeoutMs: 20_000, attemptTimeoutMs: 10_000 });
});
beforeEach(() => {
  stock.requests.length = 0;
  stock.behaviours = [];
  stock.always = (_request, response, url) => stock.servePage(response, url);
  stock.use(wave(250));
});
afterAll(async () => {
  await Service.stopAll();
  await stock.close();
});

function expectProblem(answer: Answer, status: number, kind: string): void {
  expect({ status: answer.status, type: answer.type, kind: answer.json.type }).toEqual({
    status,
    type: "application/problem+json",
    kind: `tag:trading-platform.local,2026:${kind}`,
  });
  expect(answer.json.requestId).toBe(answer.headers.get("x-request-id"));
}

const page = (closes: readonly number[], more: object = {}): object => ({
  ticker: "TICKER_1",
  quotes: quotesOf(closes),
  nextCursor: null,
  ...more,
});
const quote = (change: object): object => page([], { quotes: [{ ...quotesOf([1])[0], ...change }] });

describe("an answer that makes no sense is a 502", () => {
  it.each<[string, unknown]>([
    ["that is no JSON", "<html>It works!</html>"],
    ["that is cut short", '{"ticker":"TICKER_1","quotes":['],
    ["that is empty", ""],
    ["of null", null],
    ["of an array", []],
    ["without quotes", { ticker: "TICKER_1" }],
    ["of another ticker", page([1, 2], { ticker: "TICKER_2" })],
    ["with a cursor that is no text", page([1, 2], { nextCursor: 5 })],
    ["with no quotes and a cursor", page([], { nextCursor: "again" })],
    ["with a quote of null", page([], { quotes: [null] })],
    ["with a price as text", quote({ close: "1" })],
    ["without a price", quote({ close: null })],
    ["with a price of zero", quote({ close: 0 })],
    ["with a negative price", quote({ close: -1 })],
    ["with a time that is none", quote({ timestamp: "soon" })],
    ["with a time as number", quote({ timestamp: 5 })],
    ["with two quotes of one time", page([], { quotes: [...quotesOf([1]), ...quotesOf([1])] })],
    ["in the wrong order", page([], { quotes: quotesOf([1, 2, 3]).reverse() })],
    ["larger than any page", page([], { more: "x".repeat(3_000_000) })],
  ])("%s", async (_what, body) => {
    stock.always = (_request, response) => send(response, 200, body);
    expectProblem(await service.signals("indicator=sma&window=2"), 502, "stock-service-bad-answer");
  });

  it("that never ends", async () => {
    stock.always = (_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write("x".repeat(500_000)), 1);
      response.on("close", () => clearInterval(timer));
    };
    expectProblem(await service.signals("indicator=sma"), 502, "stock-service-bad-answer");
    await until(() => stock.requests.every(({ aborted }) => aborted), "the endless answer was let go");
  });

  it("with a cursor that leads in a circle", async () => {
    stock.always = (_request, response) => send(response, 200, page([1, 2, 3], { nextCursor: "here" }));
    expectProblem(await service.signals("indicator=sma&window=10"), 502, "stock-service-bad-answer");
    expect(stock.requests).toHaveLength(2);
  });

  it.each([500, 501, 400, 403, 301, 204])("of status %d", async (status) => {
    stock.always = (_request, response) => send(response, status, status === 204 ? "" : "no");
    const answer = await service.signals("indicator=sma");
    expectProblem(answer, 502, "stock-service-bad-answer");
    expect(answer.json.detail).toContain(String(status));
    expect(stock.requests).toHaveLength(1);
  });

  it("of a 404 that is not about the ticker, such as another service's", async () => {
    stock.always = (_request, response) => send(response, 404, "nginx", "text/html");
    expectProblem(await service.signals("indicator=sma"), 502, "stock-service-bad-answer");
  });

  it("that is not HTTP", async () => {
    stock.always = (request) => void request.socket.end("SSH-2.0-OpenSSH_9.2\r\n");
    expectProblem(await service.signals("indicator=sma"), 502, "stock-service-bad-answer");
  });

  it("says nothing of our insides", async () => {
    stock.always = (_request, response) => send(response, 500, "secret stack trace");
    const { text } = await service.signals("indicator=sma");
    expect(text).not.toMatch(/secret|node_modules|127\.0\.0/);
  });
});

describe("nobody there is a 503 with Retry-After", () => {
  const cases: [string, () => Promise<Service>][] = [
    [
      "no address",
      () =>
        Service.start(() =>
          Promise.reject(Object.assign(new Error("queryA ENOTFOUND"), { code: "ENOTFOUND" })),
        ),
    ],
    [
      "an address where nobody listens",
      async () => {
        const gone = await new FakeStockService().listen("127.0.0.5");
        const { address } = gone;
        await gone.close();
        return Service.start([{ address }]);
      },
    ],
  ];
  it.each(cases)("%s", async (_what, start) => {
    const alone = await start();
    const answer = await alone.signals("indicator=sma");
    expectProblem(answer, 503, "stock-service-unavailable");
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(answer.ms).toBeLessThan(2000);
  });

  it.each([
    ["7", "7"],
    ["Fri, 20 Nov 2026 12:00:00 GMT", "5"],
  ])("a stock-service that says so itself, with Retry-After %s", async (given, told) => {
    stock.always = (_request, response) => {
      response.setHeader("retry-after", given);
      send(response, 503, "busy");
    };
    const answer = await service.signals("indicator=sma");
    expectProblem(answer, 503, "stock-service-unavailable");
    expect(answer.headers.get("retry-after")).toBe(told);
  });
});

describe("silence is a 504", () => {
  it("before an answer begins", async () => {
    stock.always = () => undefined;
    const answer = await service.signals("indicator=sma");
    expectProblem(answer, 504, "stock-service-too-slow");
    expect(answer.ms).toBeLessThan(4000);
  });

  it("in the middle of one", async () => {
    stock.always = (_request, response) => sendHalf(response);
    const answer = await service.signals("indicator=sma");
    expectProblem(answer, 504, "stock-service-too-slow");
    expect(answer.ms).toBeLessThan(4000);
    await until(() => stock.requests.every(({ aborted }) => aborted), "the half answers were let go");
  });

  it("drop by drop, which no pause gives away", async () => {
    stock.always = (_request, response) => {
      sendHalf(response);
      const timer = setInterval(() => response.write(" "), 50);
      response.on("close", () => clearInterval(timer));
    };
    const answer = await service.signals("indicator=sma", { headers: { "x-request-timeout-ms": "700" } });
    expectProblem(answer, 504, "stock-service-too-slow");
    expect(answer.ms).toBeGreaterThan(650);
    expect(answer.ms).toBeLessThan(2000);
    expect(stock.requests).toHaveLength(1);
  });

  it("of DNS, too", async () => {
    const alone = await Service.start(() => new Promise<never>(() => undefined), { requestTimeoutMs: 300 });
    const answer = await alone.signals("indicator=sma");
    expectProblem(answer, 504, "stock-service-too-slow");
    expect(answer.ms).toBeLessThan(1500);
  });

  it("as soon as the caller's own deadline has it", async () => {
    stock.always = () => undefined;
    const answer = await patient.signals("indicator=sma", { headers: { "x-request-timeout-ms": "200" } });
    expectProblem(answer, 504, "stock-service-too-slow");
    expect(answer.ms).toBeGreaterThan(190);
    expect(answer.ms).toBeLessThan(1500);
    await until(() => stock.requests.every(({ aborted }) => aborted), "stock-service was told to stop");
  });
});

describe("a failure that another task makes up for is none", () => {
  it.each<[string, (typeof stock)["always"]]>([
    [
      "a page that breaks off",
      (_request, response) => (sendHalf(response), setTimeout(() => response.destroy(), 20)),
    ],
    ["a page that freezes", (_request, response) => sendHalf(response)],
    ["a 502", (_request, response) => send(response, 502, "")],
    ["a 503", (_request, response) => send(response, 503, "")],
    ["a 504", (_request, response) => send(response, 504, "")],
  ])("%s, on the second page", async (_what, behaviour) => {
    stock.behaviours = [(_request, response, url) => stock.servePage(response, url), behaviour];
    const { status, json } = await service.signals("indicator=sma");
    expect(status).toBe(200);
    expect(json.items).toHaveLength(250);
    expect(json.items.map(({ close }) => close)).toEqual(wave(250));
    expect(stock.requests).toHaveLength(4);
  });

  it("is told in the log", async () => {
    stock.behaviours = [(_request, response) => send(response, 503, "")];
    await service.signals("indicator=sma", { headers: { "x-request-id": "retried" } });
    expect(service.logs).toContainEqual(
      expect.objectContaining({ requestId: "retried", level: "warn", msg: "asking stock-service again" }),
    );
  });

  it("is not made up for more than twice", async () => {
    stock.always = (_request, response) => send(response, 503, "");
    await service.signals("indicator=sma");
    expect(stock.requests).toHaveLength(3);
  });
});

describe("an answer that fails after it has begun", () => {
  /** What arrives: the status, and whether the body ended as HTTP bodies do. */
  async function readAll(): Promise<{ status: number; complete: boolean; text: string }> {
    const response = await fetch(`${service.url}/api/v1/signals/TICKER_1?indicator=sma`);
    const decoder = new TextDecoder();
    let text = "";
    try {
      for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
      return { status: response.status, complete: true, text };
    } catch {
      return { status: response.status, complete: false, text };
    }
  }

  it.each<[string, (typeof stock)["always"]]>([
    ["by a bad page", (_request, response) => send(response, 500, "")],
    ["by silence", () => undefined],
    ["by a broken connection", (request) => request.socket.destroy()],
  ])("%s is visibly broken", async (_what, behaviour) => {
    stock.behaviours = [(_request, response, url) => stock.servePage(response, url)];
    stock.always = behaviour;
    const { status, complete, text } = await readAll();
    expect({ status, complete }).toEqual({ status: 200, complete: false });
    expect(text).toContain('"items":[');
    expect(() => JSON.parse(text) as unknown).toThrow();
  });

  it("is complete if it does not, so the above can be told apart", async () => {
    const { complete, text } = await readAll();
    expect(complete).toBe(true);
    expect(JSON.parse(text)).toMatchObject({ counts: { quotes: 250 } });
  });
});

describe("a caller who goes away", () => {
  it.each<[string, (typeof stock)["always"]]>([
    ["before the answer of stock-service begins", () => undefined],
    ["in the middle of it", (_request, response) => sendHalf(response)],
  ])("%s cancels the work", async (_what, behaviour) => {
    stock.always = behaviour;
    const abort = new AbortController();
    const call = patient.signals("indicator=sma", {
      signal: abort.signal,
      headers: { "x-request-id": "gone", connection: "close" },
    });
    await until(() => stock.requests.length === 1, "stock-service was asked");
    await sleep(50);
    const begun = performance.now();
    abort.abort();
    await expect(call).rejects.toThrow();
    await until(() => stock.requests[0]?.aborted === true, "stock-service was told to stop");
    // by the abort, and not by a timeout
    expect(performance.now() - begun).toBeLessThan(3000);
    expect(stock.requests).toHaveLength(1);
    expect(patient.logs.filter(({ requestId, level }) => requestId === "gone" && level === "error")).toEqual(
      [],
    );
  });
});
