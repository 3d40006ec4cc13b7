import { FakeStockService, wave } from "./fake-stock-service.js";
import { type Log, ServiceProcess } from "./process.js";
import { HOST, sleep, until } from "./service.js";

const running: ServiceProcess[] = [];
let stock: FakeStockService;

beforeAll(async () => {
  stock = await new FakeStockService().listen();
  stock.use(wave(60));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.kill()));
});
afterAll(() => stock.close());

function run(environment: Record<string, string>, file?: string): ServiceProcess {
  const started = new ServiceProcess("signal-processing-service", { HOST, PORT: "0", ...environment }, file);
  running.push(started);
  return started;
}

describe("the process", () => {
  it("names every variable that is wrong, and exits with 1", async () => {
    const wrong = run({ PORT: "eighty", LOG_LEVEL: "loud", DRAIN_SECONDS: "-1" });
    expect(await wrong.exitCode()).toBe(1);
    for (const name of ["PORT", "LOG_LEVEL", "DRAIN_SECONDS", "STOCK_SERVICE_URL"])
      expect(wrong.errors).toContain(`  ${name} `);
    expect(wrong.errors).not.toMatch(/node_modules|at file/);
  });

  it("serves, is found healthy, logs, and on SIGTERM completes what it has and ends", async () => {
    const service = await run({
      STOCK_SERVICE_URL: stock.url,
      STOCK_SERVICE_TIMEOUT_SECONDS: "5",
      DRAIN_SECONDS: "2",
    }).ready();
    const path = `${service.url}/api/v1/signals/TICKER_1?indicator=rsi`;
    expect((await fetch(path)).status).toBe(200);
    const port = new URL(service.url).port;
    const [healthy, unhealthy] = [port, "1"].map((at) => run({ PORT: at }, "health-check.ts"));
    expect(await healthy?.exitCode()).toBe(0);
    expect(await unhealthy?.exitCode()).toBe(1);

    await fetch(`${service.url}/api/v1/signals/NOBODY?indicator=sma`, {
      headers: { "x-request-id": "find-me" },
    });
    const lines = (): Log[] => service.logs.filter(({ requestId }) => requestId === "find-me");
    await until(() => lines().length === 2, "the request was logged");
    expect(lines().map(({ msg }) => msg)).toEqual(["incoming request", "request completed"]);
    expect(lines()[1]).toMatchObject({
      level: "info",
      service: "signal-processing-service",
      res: { statusCode: 404 },
    });
    expect(JSON.stringify(service.logs)).not.toContain("/health");

    // one answer is under way when the signal comes, and takes until after the drain
    stock.behaviours = [
      (_request, response, url) => void setTimeout(() => stock.servePage(response, url), 2600),
    ];
    const asked = stock.requests.length;
    const underWay = fetch(path);
    await until(() => stock.requests.length > asked, "stock-service was asked");
    service.signal("SIGTERM");
    await sleep(200);
    const late = await fetch(path);
    expect({ status: late.status, connection: late.headers.get("connection") }).toEqual({
      status: 200,
      connection: "close",
    });
    await late.text();
    const answer = await underWay;
    expect(((await answer.json()) as { counts: unknown }).counts).toMatchObject({ quotes: 60 });
    expect(await service.exitCode()).toBe(0);
    expect(service.errors).toBe("");
  });
});
