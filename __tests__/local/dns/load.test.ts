import { decode } from "dns-packet";
import { withLength } from "../../../local/dns/connection";
import { data, DnsBench, query, status, STATUS } from "./dns-bench";
import { FakeCloudMap, instances } from "./fake-cloud-map";

const NAME = "api.dev.local";
let cloudMap: FakeCloudMap;
let bench: DnsBench;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const register = (count: number): void => {
  cloudMap.namespaces = [
    {
      name: "dev.local",
      services: [{ name: "api", records: [["A", 0]], health: "custom", instances: instances(count) }],
    },
  ];
};

beforeEach(() => {
  cloudMap = new FakeCloudMap([]);
  register(1);
});
afterEach(() => bench.stop());

describe("the state of Cloud Map", () => {
  test("is read once for 200 questions that come together", async () => {
    bench = await DnsBench.start(cloudMap, { refreshMs: 60_000 });
    cloudMap.before = () => wait(20);
    const replies = await Promise.all(Array.from({ length: 200 }, () => bench.ask(NAME)));
    replies.forEach((reply) => expect(data(reply)).toEqual(["10.0.0.1"]));
    expect(cloudMap.calls).toEqual([
      "listNamespaces",
      "listServices",
      "listInstances",
      "getInstancesHealthStatus",
    ]);
    expect(bench.queries).toHaveLength(200);
  });

  test("is read by one call at a time, however slow, and a TCP client that has said all gets its answer", async () => {
    bench = await DnsBench.start(cloudMap, { refreshMs: 0 });
    let [reading, most] = [0, 0];
    cloudMap.before = async (call) => {
      if (call !== "listNamespaces") return;
      most = Math.max(most, ++reading);
      await wait(100);
      reading--;
    };
    const replies = Promise.all(Array.from({ length: 20 }, () => bench.ask(NAME)));
    const socket = await bench.connection();
    socket.end(withLength(query(NAME)));
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    expect(data(decode(Buffer.concat(chunks).subarray(2)))).toEqual(["10.0.0.1"]);
    expect(await replies).toHaveLength(20);
    expect(most).toBe(1);
  });

  test("is read a few times a second, however long the flood", async () => {
    bench = await DnsBench.start(cloudMap, { refreshMs: 200 });
    const started = performance.now();
    while (performance.now() - started < 900) {
      await Promise.all(Array.from({ length: 20 }, () => bench.ask(NAME)));
    }
    const reads = cloudMap.count("listNamespaces");
    expect(reads).toBeGreaterThan(1);
    expect(reads).toBeLessThanOrEqual(1 + (performance.now() - started) / 200);
    expect(bench.queries.length).toBeGreaterThanOrEqual(10 * reads);
  });

  test("is not read while nobody asks", async () => {
    bench = await DnsBench.start(cloudMap, { refreshMs: 10 });
    await wait(100);
    expect(cloudMap.calls).toEqual([]);
  });

  test("is seen as soon as it is as old as that", async () => {
    bench = await DnsBench.start(cloudMap, { refreshMs: 500 });
    expect(data(await bench.ask(NAME))).toHaveLength(1);
    register(3);
    expect(data(await bench.ask(NAME))).toHaveLength(1);
    await wait(510);
    expect(data(await bench.ask(NAME))).toHaveLength(3);
  });

  test("a service that is deleted while it is read has no instances, and the others have theirs", async () => {
    bench = await DnsBench.start(cloudMap);
    cloudMap.namespaces[0]?.services.push({ name: "web", records: [["A", 0]], instances: instances(2) });
    cloudMap.before = (call) => {
      if (call === "listInstances") cloudMap.namespaces[0]?.services.splice(1);
      return Promise.resolve();
    };
    expect(status(await bench.ask("web.dev.local"))).toBe(STATUS.NXDOMAIN);
    expect(data(await bench.ask(NAME))).toHaveLength(1);
  });

  test("an instance that is deregistered before its status is read is gone", async () => {
    register(2);
    bench = await DnsBench.start(cloudMap);
    cloudMap.before = (call) => {
      if (call === "getInstancesHealthStatus") cloudMap.namespaces[0]?.services[0]?.instances.splice(1);
      return Promise.resolve();
    };
    expect(data(await bench.ask(NAME))).toEqual(["10.0.0.1"]);
  });
});

describe("while Cloud Map does not answer", () => {
  const refuse = (): Promise<void> => Promise.reject(new Error("connect ECONNREFUSED"));

  test("questions get SERVFAIL, and their answer again as soon as it does", async () => {
    bench = await DnsBench.start(cloudMap, { refreshMs: 50 });
    expect(data(await bench.ask(NAME))).toHaveLength(1);
    cloudMap.before = refuse;
    await wait(60);
    expect(status(await bench.ask(NAME))).toBe(STATUS.SERVFAIL);
    expect(status(await bench.askTcp(NAME))).toBe(STATUS.SERVFAIL);
    cloudMap.before = () => Promise.resolve();
    await wait(60);
    expect(data(await bench.ask(NAME))).toHaveLength(1);
    expect(bench.queries.map((query) => query.status)).toEqual([
      "NOERROR",
      "SERVFAIL",
      "SERVFAIL",
      "NOERROR",
    ]);
  });

  test("a flood of questions is no flood of calls", async () => {
    bench = await DnsBench.start(cloudMap, { refreshMs: 60_000 });
    cloudMap.before = refuse;
    for (let round = 0; round < 5; round++) {
      await Promise.all(Array.from({ length: 20 }, () => bench.ask(NAME)));
    }
    expect(cloudMap.calls).toHaveLength(1);
  });

  test("questions do not wait for one that is silent longer than they may", async () => {
    bench = await DnsBench.start(cloudMap, { timeoutMs: 100 });
    cloudMap.before = () => new Promise(() => undefined);
    const started = performance.now();
    expect(status(await bench.ask(NAME))).toBe(STATUS.SERVFAIL);
    expect(performance.now() - started).toBeLessThan(1000);
    cloudMap.before = () => Promise.resolve();
    expect(data(await bench.ask(NAME))).toHaveLength(1);
  });
});
