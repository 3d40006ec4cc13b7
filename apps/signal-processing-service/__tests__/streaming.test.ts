import { once } from "node:events";
import { type IncomingMessage, get } from "node:http";
import v8 from "node:v8";
import vm from "node:vm";
import { FakeStockService } from "./fake-stock-service.js";
import { Service, sleep, until } from "./service.js";

let stock: FakeStockService;
let service: Service;

beforeAll(async () => {
  stock = await new FakeStockService().listen();
  service = await Service.start([stock], { pageSize: 1000, requestTimeoutMs: 20_000 });
});
beforeEach(() => {
  stock.requests.length = 0;
  stock.always = (_request, response, url) => stock.servePage(response, url);
  stock.closeAt = (index) => 100 + (index % 7);
});
afterAll(async () => {
  await Service.stopAll();
  await stock.close();
});

/** Heap in use after a collection, in MiB. */
function heapMib(): number {
  v8.setFlagsFromString("--expose-gc");
  (vm.runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

async function open(query: string, headers = {}): Promise<IncomingMessage> {
  const request = get(`${service.url}/api/v1/signals/TICKER_1?${query}`, { agent: false, headers });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return response;
}

describe("a long answer", () => {
  it("gives out 10,000 quotes piece by piece", async () => {
    stock.count = 10_000;
    const { json, headers } = await service.signals("indicator=ema&window=50");
    expect(json.items).toHaveLength(10_000);
    expect(json.counts.quotes).toBe(10_000);
    expect(headers.get("transfer-encoding")).toBe("chunked");
    expect(stock.requests).toHaveLength(10);
  });

  it("takes memory for a window and a page, not for all of it", async () => {
    stock.count = 70_000;
    const heap: number[] = [];
    stock.always = (_request, response, url) => {
      if ([10, 65].includes(stock.requests.length)) heap.push(heapMib());
      stock.servePage(response, url);
    };
    let bytes = 0;
    for await (const chunk of await open("indicator=sma&window=100")) bytes += (chunk as Buffer).length;
    expect(bytes).toBeGreaterThan(5_000_000);
    // 55 pages later; their text alone would be more than this
    expect(heap).toHaveLength(2);
    expect(Number(heap[1]) - Number(heap[0])).toBeLessThan(3);
  });

  it("waits for a reader who does not read, asks stock-service no further, and breaks off at the deadline", async () => {
    stock.count = 1_000_000;
    const response = await open("indicator=macd", {
      "x-request-timeout-ms": "4000",
      "x-request-id": "slow-reader",
    });
    response.pause();
    let before = -1;
    // until the sockets' buffers are full
    for (let calm = 0; calm < 5; calm = stock.requests.length === before ? calm + 1 : 0) {
      before = stock.requests.length;
      await sleep(100);
    }
    // all of it would be a thousand pages
    expect(stock.requests.length).toBeLessThan(400);
    // nothing is being done for it now, so it is the deadline alone that can notice
    const isBrokenOff = (): boolean =>
      service.logs.some(
        ({ requestId, msg }) => requestId === "slow-reader" && String(msg).includes("terminated"),
      );
    await until(isBrokenOff, "the answer was broken off");
    expect(stock.requests.length).toBe(before);
    const ended = once(response, "end");
    response.resume();
    await expect(ended).rejects.toThrow(/aborted|ECONNRESET/);
  });

  it("serves others meanwhile", async () => {
    stock.count = 20_000;
    const long = service.signals("indicator=bollinger&window=1000&only=signals");
    await until(() => stock.requests.length > 2, "it is under way");
    let over = false;
    void long.then(() => (over = true));
    expect((await service.get("/health")).status).toBe(200);
    expect(over).toBe(false);
    expect((await long).status).toBe(200);
  });
});
