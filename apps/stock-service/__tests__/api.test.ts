import { cleanUp, json, minutes, quote, stored, temporaryApp, TICKER, type TestApp } from "./support.js";

const DAYS = [quote("2025-01-02"), quote("2025-01-03"), quote("2025-01-06")];

/** An app with three daily quotes of TICKER_1. */
async function appWithQuotes(): Promise<TestApp> {
  const test = await temporaryApp();
  const { statusCode } = await test.app.inject({ method: "POST", url: TICKER, payload: { quotes: DAYS } });
  expect(statusCode).toBe(201);
  return test;
}

interface QuotesPage {
  ticker: string;
  quotes: { timestamp: string; close: number }[];
  nextCursor: string | null;
}

describe("what is asked for as it should be", () => {
  afterEach(cleanUp);

  it("adds one or many quotes and gives them out in order of time", async () => {
    const { app } = await temporaryApp();
    const many = await app.inject({ method: "POST", url: TICKER, payload: { quotes: [...DAYS].reverse() } });
    expect([many.statusCode, many.json(), many.headers.location]).toEqual([
      201,
      { ticker: "TICKER_1", added: 3 },
      TICKER,
    ]);
    const one = await app.inject({
      method: "POST",
      url: TICKER,
      payload: { quotes: [quote("2025-01-02T15:30:00.250+01:00", { volume: 0 })] },
    });
    expect([one.statusCode, one.json()]).toEqual([201, { ticker: "TICKER_1", added: 1 }]);

    const read = await app.inject(TICKER);
    expect(read.statusCode).toBe(200);
    expect(read.json()).toEqual({
      ticker: "TICKER_1",
      quotes: [
        quote("2025-01-02T00:00:00Z"),
        quote("2025-01-02T14:30:00.250Z", { volume: 0 }),
        quote("2025-01-03T00:00:00Z"),
        quote("2025-01-06T00:00:00Z"),
      ],
      nextCursor: null,
    });
  });

  it.each([
    ["from=2025-01-03", ["2025-01-03", "2025-01-06"]],
    ["to=2025-01-03", ["2025-01-02", "2025-01-03"]],
    ["from=2025-01-03&to=2025-01-03", ["2025-01-03"]],
    ["from=2025-01-02T00:00:00.001Z&to=2025-01-05T23:00:00-01:00", ["2025-01-03", "2025-01-06"]],
    ["from=2025-02-01", []],
  ])("gives out the range %s, both ends included", async (range, days) => {
    const { app } = await appWithQuotes();
    const { quotes } = json<QuotesPage>(await app.inject(`${TICKER}?${range}`));
    expect(quotes.map(({ timestamp }) => timestamp)).toEqual(days.map((day) => `${day}T00:00:00Z`));
  });

  it("takes a date as the end of a range for the whole day", async () => {
    const { app } = await temporaryApp();
    await app.inject({
      method: "POST",
      url: TICKER,
      payload: { quotes: [quote("2025-01-02T23:59:59.999Z"), quote("2025-01-03")] },
    });
    const { quotes } = json<QuotesPage>(await app.inject(`${TICKER}?to=2025-01-02`));
    expect(quotes.map(({ timestamp }) => timestamp)).toEqual(["2025-01-02T23:59:59.999Z"]);
  });

  it("replaces and adds quotes with PUT, and doing it again changes nothing", async () => {
    const { app, path } = await appWithQuotes();
    const payload = { quotes: [quote("2025-01-03", { close: 99.75 }), quote("2025-01-07")] };
    const first = await app.inject({ method: "PUT", url: TICKER, payload });
    expect([first.statusCode, first.json()]).toEqual([200, { ticker: "TICKER_1", added: 1, replaced: 1 }]);
    const after = stored(path);
    expect(after).toHaveLength(4);
    expect(after[1]).toMatchObject({ close: 99.75 });

    const second = await app.inject({ method: "PUT", url: TICKER, payload });
    expect([second.statusCode, second.json()]).toEqual([200, { ticker: "TICKER_1", added: 0, replaced: 2 }]);
    expect(stored(path)).toEqual(after);
  });

  it("answers a PUT that makes a ticker with 201", async () => {
    const { app } = await temporaryApp();
    const { statusCode } = await app.inject({ method: "PUT", url: TICKER, payload: { quotes: DAYS } });
    expect(statusCode).toBe(201);
  });

  it("removes a range, then the rest, and then there is no such ticker", async () => {
    const { app, path } = await appWithQuotes();
    await app.inject({ method: "POST", url: "/api/v1/data/OTHER", payload: { quotes: DAYS } });
    const remove = async (query = ""): Promise<[number, unknown]> => {
      const response = await app.inject({ method: "DELETE", url: `${TICKER}${query}` });
      return [response.statusCode, json<{ removed?: number }>(response).removed];
    };
    expect(await remove("?from=2025-01-03&to=2025-01-05")).toEqual([200, 1]);
    expect(await remove("?from=2026-01-01")).toEqual([200, 0]);
    expect(await remove()).toEqual([200, 2]);
    expect(await remove()).toEqual([404, undefined]);
    expect((await app.inject(TICKER)).statusCode).toBe(404);
    expect(stored(path)).toHaveLength(3);
  });

  it("lists the tickers with their first and last quotes", async () => {
    const { app } = await appWithQuotes();
    await app.inject({
      method: "POST",
      url: "/api/v1/data/BRK.B",
      payload: { quotes: [quote("2024-05-06")] },
    });
    expect((await app.inject("/api/v1/data")).json()).toEqual({
      tickers: [
        { ticker: "BRK.B", first: "2024-05-06T00:00:00Z", last: "2024-05-06T00:00:00Z" },
        { ticker: "TICKER_1", first: "2025-01-02T00:00:00Z", last: "2025-01-06T00:00:00Z" },
      ],
      nextCursor: null,
    });
  });

  it("answers HEAD as GET, without the body", async () => {
    const { app } = await appWithQuotes();
    const head = await app.inject({ method: "HEAD", url: TICKER });
    expect([head.statusCode, head.body]).toEqual([200, ""]);
  });

  it("takes the largest batch that it allows", async () => {
    const { app, path } = await temporaryApp();
    const payload = JSON.stringify({ quotes: minutes(1000) }, undefined, 2);
    const headers = { "content-type": "application/json" };
    expect((await app.inject({ method: "POST", url: TICKER, payload, headers })).statusCode).toBe(201);
    expect(stored(path)).toHaveLength(1000);
  });
});

interface ProblemDocument {
  type: string;
  status: number;
  detail: string;
  requestId: string;
  errors?: { in: string; pointer: string; detail: string }[];
}

/** A request that must be refused: what it is, its method and address, its body, the answer, and where it points to. */
type Refused = [name: string, request: string, body: unknown, status: number, type: string, pointer?: string];

const body = (timestamp: string, more: object): unknown => ({ quotes: [{ ...quote(timestamp), ...more }] });
const BAD = "invalid-request";

const REFUSED = (
  [
    ["an unknown ticker", "GET /api/v1/data/NOPE", undefined, 404, "unknown-ticker"],
    ["removing an unknown ticker", "DELETE /api/v1/data/NOPE", undefined, 404, "unknown-ticker"],
    [
      "SQL in a ticker",
      `GET /api/v1/data/${encodeURIComponent("X' OR '1'='1")}`,
      undefined,
      400,
      BAD,
      "path #/ticker",
    ],
    [
      "SQL in a ticker to remove",
      `DELETE /api/v1/data/${encodeURIComponent("X'; DROP TABLE quotes; --")}`,
      undefined,
      400,
      BAD,
      "path #/ticker",
    ],
    [
      "SQL in a ticker to write",
      `PUT /api/v1/data/${encodeURIComponent('"; --')}`,
      { quotes: DAYS },
      400,
      BAD,
      "path #/ticker",
    ],
    ["a ticker in small letters", "GET /api/v1/data/ticker_1", undefined, 400, BAD, "path #/ticker"],
    ["a long ticker", `GET /api/v1/data/${"A".repeat(33)}`, undefined, 400, BAD, "path #/ticker"],
    ["a very long ticker", `GET /api/v1/data/${"A".repeat(501)}`, undefined, 414, "address-too-long"],
    ["an address that is wrongly encoded", "GET /api/v1/data/%E0%A4%A", undefined, 400, BAD],
    ["a limit of 0", `GET ${TICKER}?limit=0`, undefined, 400, BAD, "query #/limit"],
    ["a limit that is too high", `GET ${TICKER}?limit=1001`, undefined, 400, BAD, "query #/limit"],
    ["a limit that is no number", `GET ${TICKER}?limit=ten`, undefined, 400, BAD, "query #/limit"],
    ["an empty limit", `GET ${TICKER}?limit=`, undefined, 400, BAD, "query #/limit"],
    ["two limits", `GET ${TICKER}?limit=1&limit=2`, undefined, 400, BAD, "query #/limit"],
    ["a parameter that there is not", `GET ${TICKER}?form=2025-01-02`, undefined, 400, BAD, "query #"],
    ["a day that there is not", `GET ${TICKER}?from=2025-02-30`, undefined, 400, BAD, "query #/from"],
    ["a time without an offset", `GET ${TICKER}?to=2025-01-02T00:00:00`, undefined, 400, BAD, "query #/to"],
    ["an inverted range", `GET ${TICKER}?from=2025-01-03&to=2025-01-02`, undefined, 400, BAD, "query #/from"],
    [
      "removing an inverted range",
      `DELETE ${TICKER}?from=2025-01-03&to=2025-01-02`,
      undefined,
      400,
      BAD,
      "query #/from",
    ],
    ["removing with a misspelt range", `DELETE ${TICKER}?form=2025-01-03`, undefined, 400, BAD, "query #"],
    ["a cursor of nobody", `GET ${TICKER}?cursor=abc`, undefined, 400, BAD, "query #/cursor"],
    [
      "a cursor of another listing",
      `GET ${TICKER}?cursor=WyJUSUNLRVJfMSJd`,
      undefined,
      400,
      BAD,
      "query #/cursor",
    ],
    [
      "a ticker's cursor for the tickers",
      "GET /api/v1/data?cursor=WyJUSUNLRVJfMSIsMF0",
      undefined,
      400,
      BAD,
      "query #/cursor",
    ],
    [
      "a cursor of another ticker",
      "GET /api/v1/data/A?cursor=WyJUSUNLRVJfMSIsMF0",
      undefined,
      400,
      BAD,
      "query #/cursor",
    ],
    ["malformed JSON", `POST ${TICKER}`, '{"quotes":', 400, BAD],
    ["__proto__ in the body", `POST ${TICKER}`, '{"quotes":[],"__proto__":{"polluted":true}}', 400, BAD],
    [
      "constructor.prototype in the body",
      `POST ${TICKER}`,
      '{"quotes":[],"constructor":{"prototype":{"polluted":true}}}',
      400,
      BAD,
    ],
    ["an empty body", `POST ${TICKER}`, "", 400, BAD],
    ["no body at all", `PUT ${TICKER}`, undefined, 400, BAD, "body #"],
    ["a body that is no object", `POST ${TICKER}`, DAYS, 400, BAD, "body #"],
    ["no quotes", `POST ${TICKER}`, { quotes: [] }, 400, BAD, "body #/quotes"],
    ["too many quotes", `POST ${TICKER}`, { quotes: minutes(1001) }, 400, BAD, "body #/quotes"],
    [
      "a body that is too large",
      `POST ${TICKER}`,
      `{"quotes":[]${" ".repeat(600_000)}}`,
      413,
      "body-too-large",
    ],
    ["a negative price", `POST ${TICKER}`, body("2025-02-03", { low: -1 }), 400, BAD, "body #/quotes/0/low"],
    ["a price of 0", `PUT ${TICKER}`, body("2025-01-02", { open: 0 }), 400, BAD, "body #/quotes/0/open"],
    [
      "a price as a text",
      `POST ${TICKER}`,
      body("2025-02-03", { open: "100" }),
      400,
      BAD,
      "body #/quotes/0/open",
    ],
    [
      "a price of null",
      `POST ${TICKER}`,
      body("2025-02-03", { close: null }),
      400,
      BAD,
      "body #/quotes/0/close",
    ],
    [
      "an infinite price",
      `POST ${TICKER}`,
      JSON.stringify(body("2025-02-03", { high: 9 })).replace(":9", ":1e999"),
      400,
      BAD,
      "body #/quotes/0/high",
    ],
    [
      "half a share",
      `POST ${TICKER}`,
      body("2025-02-03", { volume: 0.5 }),
      400,
      BAD,
      "body #/quotes/0/volume",
    ],
    [
      "a missing price",
      `POST ${TICKER}`,
      body("2025-02-03", { close: undefined }),
      400,
      BAD,
      "body #/quotes/0",
    ],
    [
      "an unknown field",
      `POST ${TICKER}`,
      body("2025-02-03", { colour: "red" }),
      400,
      BAD,
      "body #/quotes/0",
    ],
    [
      "an unknown field beside the quotes",
      `PUT ${TICKER}`,
      { quotes: DAYS, replace: true },
      400,
      BAD,
      "body #",
    ],
    ["a wrong time", `POST ${TICKER}`, body("yesterday", {}), 400, BAD, "body #/quotes/0/timestamp"],
    [
      "a time as a number",
      `POST ${TICKER}`,
      body("2025-02-03", { timestamp: 1 }),
      400,
      BAD,
      "body #/quotes/0/timestamp",
    ],
    [
      "a high that is none",
      `POST ${TICKER}`,
      body("2025-02-03", { high: 101 }),
      422,
      "contradictory-quotes",
      "body #/quotes/0/high",
    ],
    [
      "a low that is none",
      `PUT ${TICKER}`,
      body("2025-01-02", { low: 100.5 }),
      422,
      "contradictory-quotes",
      "body #/quotes/0/low",
    ],
    [
      "two quotes of one time",
      `PUT ${TICKER}`,
      { quotes: [quote("2025-02-03"), quote("2025-02-03T01:00:00+01:00")] },
      422,
      "contradictory-quotes",
      "body #/quotes/1/timestamp",
    ],
    [
      "a quote that is there",
      `POST ${TICKER}`,
      { quotes: [quote("2025-02-03"), DAYS[0]] },
      409,
      "quotes-exist",
    ],
    ["a method that there is not", `PATCH ${TICKER}`, { quotes: DAYS }, 405, "method-not-allowed"],
    ["removing everything", "DELETE /api/v1/data", undefined, 405, "method-not-allowed"],
    ["a path that there is not", "GET /api/v2/data", undefined, 404, "unknown-path"],
  ] satisfies Refused[] as Refused[]
).map(([name, request, body, status, type, pointer]) => ({ name, request, body, status, type, pointer }));

describe("what is refused, with a problem document, and leaves the data as they were", () => {
  let test: TestApp;
  beforeAll(async () => (test = await appWithQuotes()));
  afterAll(cleanUp);

  it.each(REFUSED)("$name: $request", async ({ request, body: payload, status, type, pointer }) => {
    const { app, path } = test;
    const before = stored(path);
    const [method = "", url = ""] = request.split(" ");
    const response = await app.inject({
      method: method as "GET",
      url,
      ...(payload === undefined
        ? {}
        : {
            payload: typeof payload === "string" ? payload : JSON.stringify(payload),
            headers: { "content-type": "application/json" },
          }),
    });
    const problem = json<ProblemDocument>(response);
    expect(problem).toMatchObject({
      status,
      type: `tag:trading-platform.local,2026:${type}`,
      title: expect.any(String) as string,
      detail: expect.any(String) as string,
    });
    expect(response.statusCode).toBe(status);
    expect(response.headers["content-type"]).toMatch(/^application\/problem\+json/);
    expect(response.headers["x-request-id"]).toBe(problem.requestId);
    const [first] = problem.errors ?? [];
    expect(first && `${first.in} ${first.pointer}`).toBe(pointer);
    expect(stored(path)).toEqual(before);
    expect("polluted" in {}).toBe(false);
  });

  it("says which of the quotes are there", async () => {
    const { app } = test;
    const response = await app.inject({
      method: "POST",
      url: TICKER,
      payload: { quotes: [quote("2025-02-03"), quote("2025-01-03T02:00:00+02:00")] },
    });
    expect(json<ProblemDocument>(response).detail).toContain("none was added: 2025-01-03T00:00:00Z. PUT");
  });

  it("says which methods there are", async () => {
    const { app } = test;
    const { headers } = await app.inject({ method: "OPTIONS", url: TICKER });
    expect(headers.allow).toBe("GET, HEAD, POST, PUT, DELETE");
  });

  it("takes bodies as application/json only", async () => {
    const { app } = test;
    const payload = JSON.stringify({ quotes: DAYS });
    for (const type of ["text/plain", "application/xml"]) {
      const response = await app.inject({
        method: "POST",
        url: TICKER,
        payload,
        headers: { "content-type": type },
      });
      expect(response.statusCode).toBe(415);
      expect(json<ProblemDocument>(response).type).toMatch(/unsupported-media-type$/);
    }
  });
});
