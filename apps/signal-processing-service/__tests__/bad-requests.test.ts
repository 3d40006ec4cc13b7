import fc from "fast-check";
import { FakeStockService, wave } from "./fake-stock-service.js";
import { type Answer, Service } from "./service.js";

let stock: FakeStockService;
let service: Service;

beforeAll(async () => {
  stock = await new FakeStockService().listen();
  service = await Service.start([stock], { pageSize: 100 });
});
beforeEach(() => {
  stock.requests.length = 0;
  stock.use(wave(250));
});
afterAll(async () => {
  await Service.stopAll();
  await stock.close();
});

const problem = ({ status, type, json }: Answer): unknown => ({ status, type, kind: json.type });
const expected = (status: number, kind: string): unknown => ({
  status,
  type: "application/problem+json",
  kind: `tag:trading-platform.local,2026:${kind}`,
});

describe("a request that is wrong in itself", () => {
  it.each([
    ["", "query#/indicator is missing"],
    ["indicator=", "query#/indicator must be one of sma,ema,rsi,macd,bollinger"],
    ["indicator=SMA", "query#/indicator must be one of"],
    ["indicator=vwap", "query#/indicator must be one of"],
    ["indicator=sma&indicator=ema", "query#/indicator"],
    ["indicator=sma&window=1", "query#/window must be >= 2"],
    ["indicator=sma&window=1001", "query#/window must be <= 1000"],
    ["indicator=sma&window=0", "query#/window"],
    ["indicator=sma&window=-5", "query#/window"],
    ["indicator=sma&window=2.5", "query#/window must be integer"],
    ["indicator=sma&window=", "query#/window must be integer"],
    ["indicator=sma&window=NaN", "query#/window"],
    ["indicator=sma&window=Infinity", "query#/window"],
    ["indicator=sma&window=1e2", "query#/window must be integer"],
    ["indicator=sma&window=0x10", "query#/window must be integer"],
    ["indicator=sma&window=%2020", "query#/window must be integer"],
    ["indicator=sma&window=1e400", "query#/window"],
    ["indicator=sma&window=20%27%3B--", "query#/window"],
    ["indicator=sma&window=5&window=6", "query#/window"],
    ["indicator=sma&windows=5", "query#/windows is not known"],
    ["indicator=sma&limit=5", "query#/limit is not known"],
    ["indicator=sma&cursor=5", "query#/cursor is not known"],
    ["indicator=sma&fast=5", "query#/fast is no parameter of sma, which has window"],
    ["indicator=macd&window=5", "query#/window is no parameter of macd, which has fast, slow, signal"],
    [
      "indicator=rsi&deviations=2",
      "query#/deviations is no parameter of rsi, which has window, overbought, oversold",
    ],
    ["indicator=macd&fast=26&slow=26", "query#/fast is 26; it must be smaller than slow, which is 26"],
    ["indicator=macd&slow=12", "query#/fast is 12; it must be smaller than slow, which is 12"],
    ["indicator=rsi&oversold=80", "query#/oversold is 80; it must be smaller than overbought, which is 70"],
    ["indicator=rsi&overbought=101", "query#/overbought must be <= 100"],
    ["indicator=bollinger&deviations=0", "query#/deviations must be >= 0.1"],
    ["indicator=bollinger&deviations=11", "query#/deviations must be <= 10"],
    ["indicator=sma&from=yesterday", "query#/from must match pattern"],
    ["indicator=sma&from=2025-01-01T00:00:00", "query#/from must match pattern"],
    ["indicator=sma&from=2025-01-01T00:00:00+01:00", "query#/from must match pattern"],
    ["indicator=sma&from=2025-02-30", "query#/from is 2025-02-30, a day that its month has not"],
    ["indicator=sma&to=2025-04-31T00:00:00Z", "query#/to is"],
    [
      "indicator=sma&from=2025-01-02&to=2025-01-01",
      "query#/from is 2025-01-02; it must not be later than to",
    ],
    ["indicator=sma&from=2025-01-01T00:00:00Z&to=2025-01-01T00:30:00%2B01:00", "query#/from is"],
    ["indicator=sma&only=items", "query#/only must be one of signals"],
  ])("%s is a 400", async (query, detail) => {
    const answer = await service.signals(query);
    expect(problem(answer)).toEqual(expected(400, "invalid-request"));
    expect(answer.json.detail).toContain(detail);
    expect(answer.json.errors.length).toBeGreaterThan(0);
    expect(answer.json.requestId).toBe(answer.headers.get("x-request-id"));
    expect(stock.requests).toEqual([]);
  });

  it("lists all that is wrong", async () => {
    const { json } = await service.signals("indicator=macd&window=5&fast=30&from=2025-02-30&to=2025-01-01");
    expect(json.errors.map(({ pointer }) => pointer)).toEqual(["#/window", "#/fast", "#/from"]);
  });

  it.each([
    "ticker_1",
    "%20",
    "TICKER%201",
    "A".repeat(33),
    "A".repeat(400),
    "..%2F..%2Fhealth",
    "TICKER_1%27%20OR%201%3D1--",
    "TICKER_1%3BDROP%20TABLE%20quotes",
    "%00",
    "%F0%9F%93%88",
    "-A",
  ])("the ticker %s is a 400", async (ticker) => {
    const answer = await service.get(`/api/v1/signals/${ticker}?indicator=sma`);
    expect(problem(answer)).toEqual(expected(400, "invalid-request"));
    expect(answer.json.detail).toContain("path#/ticker");
    expect(stock.requests).toEqual([]);
  });

  it.each(["0", "-1", "soon", "1.5", ""])("the deadline %j is a 400", async (deadline) => {
    const answer = await service.signals("indicator=sma", { headers: { "x-request-timeout-ms": deadline } });
    expect(problem(answer)).toEqual(expected(400, "invalid-request"));
    expect(answer.json.detail).toContain("header#/x-request-timeout-ms");
  });

  it("a path that is no URL is a 400", async () => {
    expect(problem(await service.get("/api/v1/signals/%zz?indicator=sma"))).toEqual(
      expected(400, "invalid-request"),
    );
  });

  it.each([
    ["GET", "/"],
    ["GET", "/api/v1/signals"],
    ["GET", "/api/v1/signals/"],
    ["POST", "/api/v1/signals/TICKER_1?indicator=sma"],
    ["DELETE", "/health"],
  ])("%s %s is a problem of the caller's", async (method, path) => {
    const answer = await service.get(path, { method });
    expect(answer.type).toBe("application/problem+json");
    expect([400, 404]).toContain(answer.status);
  });

  it("is never anything but a problem of the caller's, whatever is in the query", async () => {
    const value = fc.oneof(
      fc.string(),
      fc.integer().map(String),
      fc.constantFrom("1e3", "0x10", " 5", "5;", "[]", "{}"),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("window", "fast", "from", "to", "only", "__proto__", "a[b]"),
        value,
        async (name, text) => {
          const query = new URLSearchParams({ indicator: "sma", [name]: text });
          const response = await service.app.inject(`/api/v1/signals/TICKER_1?${query.toString()}`);
          expect([200, 400, 422]).toContain(response.statusCode);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("a request that the data cannot answer", () => {
  it.each([
    ["indicator=sma&window=251", 251],
    ["indicator=rsi&window=250", 251],
    ["indicator=macd&slow=240&signal=12", 251],
    ["indicator=bollinger&window=1000", 1000],
  ])("%s is a 422 that says what is there", async (query, required) => {
    const answer = await service.signals(query);
    expect(problem(answer)).toEqual(expected(422, "not-enough-quotes"));
    expect(answer.json).toMatchObject({ required, available: 250 });
  });

  it("is a 422 for an empty range", async () => {
    stock.count = 0;
    const answer = await service.signals("indicator=sma&from=2100-01-01");
    expect(problem(answer)).toEqual(expected(422, "not-enough-quotes"));
    expect(answer.json).toMatchObject({ required: 20, available: 0 });
  });

  it("is a 404 for a ticker that stock-service does not know", async () => {
    const answer = await service.get("/api/v1/signals/NOBODY?indicator=sma");
    expect(problem(answer)).toEqual(expected(404, "unknown-ticker"));
    expect(answer.json.detail).toContain("NOBODY");
    // answered, not failed: nothing to ask again
    expect(stock.requests).toHaveLength(1);
  });
});
