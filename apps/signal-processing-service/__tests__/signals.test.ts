import { INDICATOR_NAMES, createIndicator, withDefaults } from "../src/indicators.js";
import { FakeStockService, quoteAt, wave } from "./fake-stock-service.js";
import { Service } from "./service.js";

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

describe("GET /api/v1/signals/{ticker}", () => {
  it("gives the indicator at each quote, and where it is crossed", async () => {
    stock.use([10, 10, 10, 13, 6, 7]);
    const { status, type, json } = await service.signals("indicator=sma&window=3");
    expect({ status, type }).toEqual({ status: 200, type: "application/json; charset=utf-8" });
    expect(json).toEqual({
      ticker: "TICKER_1",
      indicator: "sma",
      parameters: { window: 3 },
      items: [
        { timestamp: "2000-01-01T00:00:00Z", close: 10, value: null, signals: [] },
        { timestamp: "2000-01-02T00:00:00Z", close: 10, value: null, signals: [] },
        { timestamp: "2000-01-03T00:00:00Z", close: 10, value: 10, signals: [] },
        { timestamp: "2000-01-04T00:00:00Z", close: 13, value: 11, signals: [] },
        {
          timestamp: "2000-01-05T00:00:00Z",
          close: 6,
          value: expect.closeTo(29 / 3, 9) as number,
          signals: [{ action: "sell", reason: "price-crosses-below-sma" }],
        },
        {
          timestamp: "2000-01-06T00:00:00Z",
          close: 7,
          value: expect.closeTo(26 / 3, 9) as number,
          signals: [],
        },
      ],
      counts: { quotes: 6, buy: 0, sell: 1 },
    });
  });

  it.each(INDICATOR_NAMES)("computes %s over several pages as over one", async (name) => {
    const { status, json } = await service.signals(`indicator=${name}`);
    const parameters = withDefaults(name, {});
    const indicator = createIndicator(name, parameters);
    const items = wave(250).map((close, i) => ({
      timestamp: quoteAt(i, close).timestamp,
      close,
      ...indicator.next(close),
    }));
    expect(status).toBe(200);
    expect(json.parameters).toEqual(parameters);
    expect(json.items).toEqual(items);
    expect(stock.requests.map(({ url }) => url.searchParams.get("cursor"))).toEqual([null, "100", "200"]);
    // the wave makes every indicator say both
    expect(json.counts.buy).toBeGreaterThan(0);
    expect(json.counts.sell).toBeGreaterThan(0);
  });

  it("can leave out the quotes without a signal; the counts stay", async () => {
    const all = (await service.signals("indicator=ema&window=10")).json;
    const few = (await service.signals("indicator=ema&window=10&only=signals")).json;
    expect(few.items).toEqual(all.items.filter(({ signals }) => signals.length > 0));
    expect(few.items.length).toBeGreaterThan(3);
    expect(few.counts).toEqual(all.counts);
  });

  it("hands the range on, and takes an offset and a single day", async () => {
    await service.signals("indicator=sma&from=2000-01-01&to=2000-12-31T00:00:00.5%2B01:00");
    const [first] = stock.requests;
    expect(Object.fromEntries(first?.url.searchParams ?? [])).toEqual({
      from: "2000-01-01",
      to: "2000-12-31T00:00:00.5+01:00",
      limit: "100",
    });
    expect((await service.signals("indicator=sma&from=2000-01-01&to=2000-01-01")).status).toBe(200);
  });

  it("answers a window that is exactly as large as the data", async () => {
    const { status, json } = await service.signals("indicator=sma&window=250&only=signals");
    expect({ status, json }).toMatchObject({ status: 200, json: { items: [], counts: { quotes: 250 } } });
  });

  it("answers the largest window from pages smaller than it", async () => {
    stock.use(wave(1100));
    expect((await service.signals("indicator=bollinger&window=1000")).json.items).toHaveLength(1100);
  });

  it("passes the request's id on, and gives it back", async () => {
    const { headers } = await service.signals("indicator=sma", { headers: { "x-request-id": "abc-1" } });
    expect(headers.get("x-request-id")).toBe("abc-1");
    expect(stock.requests.map((request) => request.headers["x-request-id"])).toEqual([
      "abc-1",
      "abc-1",
      "abc-1",
    ]);
    expect(service.logs.filter(({ requestId }) => requestId === "abc-1").length).toBeGreaterThan(0);
  });

  it.each(["", "a b", "x".repeat(129), "<script>"])("makes an id of its own instead of %j", async (id) => {
    const { headers } = await service.signals("indicator=sma", { headers: { "x-request-id": id } });
    expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("tells stock-service how long it will wait: what is left of the sooner deadline", async () => {
    await service.signals("indicator=sma");
    await service.signals("indicator=sma", { headers: { "x-request-timeout-ms": "2000" } });
    await service.signals("indicator=sma", { headers: { "x-request-timeout-ms": "60000" } });
    const told = stock.requests.map(({ headers }) => Number(headers["x-request-timeout-ms"]));
    expect(told).toHaveLength(9);
    for (const [group, limit] of [5000, 2000, 5000].entries()) {
      const three = told.slice(3 * group, 3 * group + 3);
      expect(three).toEqual([...three].sort((a, b) => b - a));
      expect(three[0]).toBeLessThanOrEqual(limit);
      expect(three[2]).toBeGreaterThan(limit - 1000);
    }
  });
});

describe("the other paths", () => {
  it("is healthy whatever has become of stock-service", async () => {
    const alone = await Service.start(() => Promise.reject(new Error("no DNS")));
    expect(await alone.get("/health")).toMatchObject({ status: 200, json: { status: "ok" } });
  });

  it("shows what discovery knows", async () => {
    await service.signals("indicator=sma");
    expect((await service.get("/api/v1/endpoints")).json).toEqual({
      hostname: "stock-service.trading-platform.local",
      endpoints: [
        {
          address: stock.address.address,
          port: stock.address.port,
          inflight: 0,
          ejectedUntil: null,
          consecutiveFailures: 0,
        },
      ],
    });
  });

  it("describes itself", async () => {
    const { json } = await service.get("/openapi.json");
    expect(json.openapi).toBe("3.1.0");
    expect(Object.keys(json.paths).sort()).toEqual([
      "/api/v1/endpoints",
      "/api/v1/signals/{ticker}",
      "/health",
    ]);
    const { parameters = [], responses = {} } = json.paths["/api/v1/signals/{ticker}"]?.get ?? {};
    expect(parameters.map(({ name }) => name).sort()).toEqual(
      [
        ...["deviations", "fast", "from", "indicator", "only", "overbought", "oversold", "signal", "slow"],
        ...["ticker", "to", "window", "x-request-timeout-ms"],
      ].sort(),
    );
    expect(Object.keys(responses)).toEqual(["200", "400", "404", "422", "502", "503", "504"]);
    expect(Object.keys(responses[503]?.content ?? {})).toEqual(["application/problem+json"]);
  });

  it("keeps idle connections for longer than callers do", () => {
    expect(service.app.server.keepAliveTimeout).toBe(65_000);
  });
});
