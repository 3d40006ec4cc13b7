import { setTimeout as delay } from "node:timers/promises";
import type { ServiceDiscovery } from "@aws-sdk/client-servicediscovery";
import { request } from "undici";
import { cloudMapResolver, LookUpError, type DiscoverInstancesClient, type Endpoint } from "../src/index.js";
import { after, failures, get, inParallel, meanwhile, NAME, Stage, until } from "./support/stage.js";
import type { LocalTask } from "./support/local-task.js";

const [FIRST, SECOND] = ["127.0.12.1", "127.0.12.2"] as const;

let stage: Stage;
let first: LocalTask;
let second: LocalTask;
let port: number;

beforeEach(async () => {
  stage = await Stage.set();
  [first, second] = await stage.localTasks(FIRST, SECOND);
  port = first.port;
});
afterEach(() => stage.strike());

describe("queries", () => {
  test("many requests at once share one", async () => {
    stage.dns.delayMs = 50;
    const dispatcher = stage.dispatcher();
    await inParallel(100, 50, () => get(dispatcher, port));
    expect(stage.dns.queries).toEqual([{ name: NAME, type: "A", over: "udp" }]);
  });

  test.each([0, 1])("are at most one per floor of the cache with a TTL of %i s", async (ttl) => {
    stage.dns.a(NAME, [FIRST, SECOND], ttl);
    const minTtlMs = 300;
    const dispatcher = stage.dispatcher({ dns: { minTtlMs, maxTtlMs: 300 } });
    const begun = performance.now();
    const results = await meanwhile(5, after(1500), () => get(dispatcher, port));
    expect(failures(results)).toEqual([]);
    const passed = performance.now() - begun;
    // renewed from 80 % of the time on, while requests go on with what is known
    expect(stage.dns.queries.length).toBeLessThanOrEqual(1 + passed / (0.8 * minTtlMs));
    expect(stage.dns.queries.length).toBeGreaterThanOrEqual(3);
  });

  test("are none while there are no requests", async () => {
    const dispatcher = stage.dispatcher({ dns: { minTtlMs: 10, maxTtlMs: 10 } });
    await get(dispatcher, port);
    await delay(200);
    expect(stage.dns.queries).toHaveLength(1);
  });

  test("go over TCP if the answer is truncated", async () => {
    stage.dns.truncate = true;
    await get(stage.dispatcher(), port);
    expect(stage.dns.queries.map(({ over }) => over)).toEqual(["udp", "tcp"]);
  });

  test("nobody waits for the renewal of an answer that is still good", async () => {
    const dispatcher = stage.dispatcher({ dns: { minTtlMs: 500, maxTtlMs: 500 } });
    await get(dispatcher, port);
    stage.dns.delayMs = 2000;
    await delay(420);
    await get(dispatcher, port);
    await delay(150);
    // the answer has run out by now, and its renewal takes two seconds
    const begun = performance.now();
    await get(dispatcher, port);
    expect(performance.now() - begun).toBeLessThan(1000);
  });
});

describe("changes", () => {
  test("a new address gets requests once the answer has run out, a removed one none", async () => {
    stage.dns.a(NAME, [FIRST], 3600);
    const maxTtlMs = 400;
    const dispatcher = stage.dispatcher({ dns: { minTtlMs: 100, maxTtlMs } });
    await inParallel(20, 2, () => get(dispatcher, port));
    expect(second.hits).toBe(0);
    stage.dns.a(NAME, [SECOND], 3600);
    await delay(maxTtlMs);
    await get(dispatcher, port);
    const before = first.hits;
    await inParallel(20, 2, () => get(dispatcher, port));
    expect(second.hits).toBeGreaterThanOrEqual(20);
    expect(first.hits).toBe(before);
    expect(dispatcher.endpoints(NAME).map(({ address }) => address)).toEqual([SECOND]);
  });

  test("what a removed address is in the middle of is completed", async () => {
    stage.dns.a(NAME, [FIRST]);
    const dispatcher = stage.dispatcher({ dns: { minTtlMs: 1, maxTtlMs: 1 } });
    let complete = (): void => undefined;
    first.answer = (_request, response) => {
      response.write("begun ");
      complete = () => void response.end("done");
    };
    const { body } = await request(`http://${NAME}:${port}/`, { dispatcher });
    stage.dns.a(NAME, [SECOND]);
    await delay(5);
    await get(dispatcher, port);
    await until(() => dispatcher.endpoints(NAME).every(({ address }) => address === SECOND));
    complete();
    expect(await body.text()).toBe("begun done");
  });

  test("an address that is missing from one answer is still known to be dead in the next", async () => {
    const dispatcher = stage.dispatcher({ dns: { minTtlMs: 1, maxTtlMs: 1 }, eject: { baseMs: 60_000 } });
    await second.stop();
    await inParallel(4, 1, () => get(dispatcher, port));
    for (const addresses of [[FIRST], [FIRST, SECOND]]) {
      stage.dns.a(NAME, addresses);
      await delay(5);
      await get(dispatcher, port);
      await delay(5);
      await get(dispatcher, port);
    }
    expect(dispatcher.endpoints(NAME).filter(({ ejectedUntil }) => ejectedUntil !== null)).toHaveLength(1);
    expect(stage.eventsOf("eject")).toHaveLength(1);
  });
});

describe("if addresses fail", () => {
  test("a request that no known address takes goes to one that DNS names by now, whatever its TTL", async () => {
    stage.dns.a(NAME, [FIRST], 3600);
    const dispatcher = stage.dispatcher({ dns: { maxTtlMs: 60_000 } });
    await get(dispatcher, port);
    stage.dns.a(NAME, [SECOND], 3600);
    await first.stop();
    // POST: what could not connect was not sent
    const { body } = await request(`http://${NAME}:${port}/`, { dispatcher, method: "POST", body: "{}" });
    expect(await body.text()).toBe(SECOND);
    expect(stage.dns.count(NAME)).toBe(2);
    expect(stage.eventsOf("retry")).toMatchObject([{ from: { address: FIRST }, to: { address: SECOND } }]);
  });

  test("all of three, though its attempts are used up by then", async () => {
    const [, , third] = await stage.localTasks(FIRST, SECOND, "127.0.12.3");
    const [last] = await stage.localTasks("127.0.12.4");
    stage.dns.srv(NAME, [
      { target: "a.stock.internal", port },
      { target: "b.stock.internal", port },
      { target: "c.stock.internal", port: third.port },
    ]);
    stage.dns.a("a.stock.internal", [FIRST]);
    stage.dns.a("b.stock.internal", [SECOND]);
    stage.dns.a("c.stock.internal", [third.address]);
    stage.dns.a("d.stock.internal", [last.address]);
    const dispatcher = stage.dispatcher({ record: "SRV", dns: { maxTtlMs: 60_000 } });
    await inParallel(6, 1, () => get(dispatcher, port));
    await Promise.all([first.stop(), second.stop(), third.stop()]);
    stage.dns.srv(NAME, [{ target: "d.stock.internal", port: last.port }]);
    const results = await inParallel(10, 5, () => get(dispatcher, port));
    expect(failures(results)).toEqual([]);
    expect(last.hits).toBe(10);
  });

  test("one of two, DNS is asked at once, and nobody waits for it", async () => {
    const dispatcher = stage.dispatcher({ dns: { maxTtlMs: 60_000 } });
    await inParallel(4, 1, () => get(dispatcher, port));
    stage.dns.delayMs = 3000;
    await first.stop();
    const begun = performance.now();
    await inParallel(4, 1, () => get(dispatcher, port));
    expect(performance.now() - begun).toBeLessThan(2000);
    expect(stage.dns.count(NAME)).toBe(2);
  });

  test("and DNS names no others, they fail with the true cause, soon, and DNS is asked less and less", async () => {
    const dispatcher = stage.dispatcher({ dns: { maxTtlMs: 60_000 } });
    await get(dispatcher, port);
    await Promise.all([first.stop(), second.stop()]);
    const begun = performance.now();
    const results = await meanwhile(4, after(2500), () => get(dispatcher, port));
    const passed = performance.now() - begun;
    expect(results.length).toBeGreaterThan(50);
    expect(results.every(({ status }) => status === "rejected")).toBe(true);
    expect(results.at(-1)).toMatchObject({ reason: { code: "ECONNREFUSED", syscall: "connect" } });
    // at 0, 100, 300, 700, 1500 ms, then once a second
    expect(stage.dns.count(NAME)).toBeLessThanOrEqual(1 + 5 + passed / 1000);
  });

  test("without retries nothing is tried elsewhere", async () => {
    stage.dns.a(NAME, [FIRST]);
    const dispatcher = stage.dispatcher({ dns: { maxTtlMs: 60_000 }, retry: { max: 0 } });
    await get(dispatcher, port);
    stage.dns.a(NAME, [SECOND]);
    await first.stop();
    await expect(get(dispatcher, port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
});

describe("IPv6", () => {
  const SIX = "::1";

  test("a name without A records is asked for AAAA, one with them is not", async () => {
    const [task] = await stage.localTasks(SIX);
    stage.dns.a(NAME, []);
    stage.dns.aaaa(NAME, [SIX]);
    const dispatcher = stage.dispatcher();
    expect(await get(dispatcher, task.port)).toBe(SIX);
    expect(stage.dns.queries.map(({ type }) => type)).toEqual(["A", "AAAA"]);
    expect(dispatcher.endpoints(NAME)).toMatchObject([{ address: SIX }]);
    stage.dns.a("both.internal", [FIRST]);
    stage.dns.aaaa("both.internal", [SIX]);
    const { body } = await request(`http://both.internal:${port}/`, { dispatcher });
    expect(await body.text()).toBe(FIRST);
    expect(stage.dns.queries.map(({ type }) => type)).toEqual(["A", "AAAA", "A"]);
  });

  test('with record "AAAA" a name is called by IPv6 though it has both', async () => {
    const [task] = await stage.localTasks(SIX);
    stage.dns.a(NAME, [FIRST]);
    stage.dns.aaaa(NAME, [SIX]);
    expect(await get(stage.dispatcher({ record: "AAAA" }), task.port)).toBe(SIX);
    expect(stage.dns.queries.map(({ type }) => type)).toEqual(["AAAA"]);
  });

  test("an SRV target may have AAAA records alone", async () => {
    const [task] = await stage.localTasks(SIX);
    stage.dns.a(NAME, []);
    stage.dns.srv(NAME, [{ target: "a.stock.internal", port: task.port }]);
    stage.dns.aaaa("a.stock.internal", [SIX]);
    expect(await get(stage.dispatcher({ record: "SRV" }), 1)).toBe(SIX);
  });

  test("a failure of the second question is no answer", async () => {
    const dispatcher = stage.dispatcher();
    stage.dns.a(NAME, []);
    stage.dns.aaaa(NAME, [SIX]);
    stage.dns.failureOf = { AAAA: "SERVFAIL" };
    await expect(get(dispatcher, port)).rejects.toMatchObject({ code: "ESERVFAIL", isAbsent: false });
  });
});

describe("errors", () => {
  test("of a DNS server are told from those of a task, also by the same code", async () => {
    const dispatcher = stage.dispatcher({ dns: { servers: ["127.0.12.9:1"] } });
    const error: unknown = await get(dispatcher, port).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LookUpError);
    expect(error).toMatchObject({
      name: "LookUpError",
      code: "ECONNREFUSED",
      hostname: NAME,
      isAbsent: false,
      cause: { syscall: "queryA" },
    });
    await Promise.all([first.stop(), second.stop()]);
    const refused: unknown = await get(stage.dispatcher(), port).catch((reason: unknown) => reason);
    expect(refused).not.toBeInstanceOf(LookUpError);
    expect(refused).toMatchObject({ code: "ECONNREFUSED", syscall: "connect" });
  });

  test.each([
    ["NXDOMAIN", "ENOTFOUND", true],
    ["SERVFAIL", "ESERVFAIL", false],
    ["REFUSED", "EREFUSED", false],
  ] as const)("%s has the code %s", async (failure, code, isAbsent) => {
    stage.dns.failure = failure;
    await expect(get(stage.dispatcher(), port)).rejects.toMatchObject({ code, isAbsent, hostname: NAME });
  });

  test("Cloud Map's answer that there is no such service is an answer", async () => {
    const resolver = (): Promise<never> =>
      Promise.reject(Object.assign(new Error("No such service"), { name: "ServiceNotFound" }));
    await expect(get(stage.dispatcher({ resolver }), port)).rejects.toMatchObject({ isAbsent: true });
  });
});

describe("while DNS fails", () => {
  const outages: readonly [string, () => void][] = [
    ["SERVFAIL", () => (stage.dns.failure = "SERVFAIL")],
    ["NXDOMAIN", () => (stage.dns.failure = "NXDOMAIN")],
    ["silence", () => (stage.dns.silent = true)],
  ];

  test.each(outages)(
    "%s: requests go on with the last answer, and queries stay few",
    async (_name, begin) => {
      const minTtlMs = 100;
      const dispatcher = stage.dispatcher({ dns: { minTtlMs, maxTtlMs: 200, timeoutMs: 100, tries: 1 } });
      await get(dispatcher, port);
      begin();
      const begun = performance.now();
      let slowest = 0;
      const results = await meanwhile(2, after(1500), async () => {
        const sent = performance.now();
        await get(dispatcher, port);
        slowest = Math.max(slowest, performance.now() - sent);
      });
      expect(failures(results)).toEqual([]);
      expect(stage.eventsOf("stale").length).toBeGreaterThanOrEqual(2);
      expect(stage.dns.queries.length).toBeLessThanOrEqual(2 + (performance.now() - begun) / minTtlMs);
      // no request waited for DNS time and again; one may have, for the first look-up that failed
      expect(slowest).toBeLessThan(1400);

      stage.dns.failure = undefined;
      stage.dns.silent = false;
      stage.dns.a(NAME, [SECOND]);
      const resolved = stage.eventsOf("resolve").length;
      await until(() => {
        void get(dispatcher, port).catch(() => undefined);
        return stage.eventsOf("resolve").length > resolved;
      });
      expect(await get(dispatcher, port)).toBe(SECOND);
    },
  );

  test("the last answer is given up after its time", async () => {
    const dispatcher = stage.dispatcher({ dns: { minTtlMs: 50, maxTtlMs: 50, maxStaleMs: 300 } });
    await get(dispatcher, port);
    stage.dns.failure = "SERVFAIL";
    await delay(100);
    await get(dispatcher, port);
    await delay(400);
    await expect(get(dispatcher, port)).rejects.toMatchObject({ code: "ESERVFAIL" });
  });

  test("a name that is not there yet is asked for again, not remembered as missing", async () => {
    stage.dns.a(NAME, []);
    const dispatcher = stage.dispatcher({ dns: { minTtlMs: 10_000, maxTtlMs: 10_000 } });
    await expect(get(dispatcher, port)).rejects.toMatchObject({ code: "ENOTFOUND" });
    stage.dns.a(NAME, [FIRST]);
    expect(await get(dispatcher, port)).toBe(FIRST);
  });

  test("nor is a missing name asked for without end", async () => {
    const dispatcher = stage.dispatcher();
    stage.dns.failure = "NXDOMAIN";
    const begun = performance.now();
    const results = await inParallel(40, 10, () => get(dispatcher, port));
    expect(results.every(({ status }) => status === "rejected")).toBe(true);
    expect(stage.dns.queries.length).toBeLessThanOrEqual(2 + (performance.now() - begun) / 100);
  });
});

describe("SRV records", () => {
  const SERVICE = "_http._tcp.stock.trading.internal";

  test("give address and port of each task", async () => {
    const [other] = await stage.localTasks("127.0.12.3");
    stage.dns.srv(NAME, [
      { target: "a.stock.internal", port },
      { target: "b.stock.internal", port: other.port },
    ]);
    stage.dns.a("a.stock.internal", [FIRST]);
    stage.dns.a("b.stock.internal", [other.address]);
    const dispatcher = stage.dispatcher({ record: "SRV" });
    let host: string | undefined;
    other.answer = (incoming, response) => {
      host = incoming.headers.host;
      response.end(other.address);
    };
    const answers = await inParallel(10, 1, async () => {
      const { body } = await request(`http://${NAME}/`, { dispatcher });
      return body.text();
    });
    const values = answers.map((answer) => (answer.status === "fulfilled" ? answer.value : undefined));
    expect(new Set(values)).toEqual(new Set([FIRST, other.address]));
    expect(host).toBe(NAME);
    expect(stage.dns.queries).toHaveLength(3);
  });

  test("a target that cannot be resolved leaves the others", async () => {
    stage.dns.srv(NAME, [
      { target: "a.stock.internal", port },
      { target: "gone.stock.internal", port },
    ]);
    stage.dns.a("a.stock.internal", [FIRST]);
    const dispatcher = stage.dispatcher({ record: "SRV" });
    expect(await get(dispatcher, 1)).toBe(FIRST);
  });

  test("port 0 is an error, and says so", async () => {
    stage.dns.srv(SERVICE, [{ target: "a.stock.internal", port: 0 }]);
    const dispatcher = stage.dispatcher({ record: "SRV" });
    await expect(request(`http://${SERVICE}/`, { dispatcher })).rejects.toThrow(
      "The SRV record of _http._tcp.stock.trading.internal gives port 0 for a.stock.internal: no port at all.",
    );
  });
});

describe("a resolver", () => {
  test("replaces DNS, and its answers are cached", async () => {
    const asked: string[] = [];
    const dispatcher = stage.dispatcher({
      resolver: (hostname) => {
        asked.push(hostname);
        return Promise.resolve([{ address: FIRST, port }]);
      },
    });
    await inParallel(20, 5, () => get(dispatcher, 1));
    expect(asked).toEqual([NAME]);
    expect(stage.dns.queries).toEqual([]);
  });

  test("that finds nothing is an error", async () => {
    const dispatcher = stage.dispatcher({ resolver: () => Promise.resolve([]) });
    await expect(get(dispatcher, port)).rejects.toThrow(`The resolver found no endpoint of ${NAME}.`);
  });

  test("asks Cloud Map for the healthy instances of a service", async () => {
    const inputs: unknown[] = [];
    const client: DiscoverInstancesClient = {
      discoverInstances: (input) => {
        inputs.push(input);
        const instances: { Attributes?: Record<string, string> }[] = [
          { Attributes: { AWS_INSTANCE_IPV4: "10.0.0.1", AWS_INSTANCE_PORT: "8080" } },
          { Attributes: { AWS_INSTANCE_IPV4: "10.0.0.2" } },
          { Attributes: { AWS_INSTANCE_CNAME: "elsewhere.example" } },
          {},
        ];
        return Promise.resolve({ Instances: instances });
      },
    };
    const resolve = cloudMapResolver({ client, namespace: "trading.internal" });
    const expected: Endpoint[] = [{ address: "10.0.0.1", port: 8080 }, { address: "10.0.0.2" }];
    expect(await resolve(NAME)).toEqual(expected);
    expect(await resolve("stock-service")).toEqual(expected);
    const input = {
      NamespaceName: "trading.internal",
      ServiceName: "stock-service",
      HealthStatus: "HEALTHY_OR_ELSE_ALL",
      MaxResults: 100,
    };
    expect(inputs).toEqual([input, input]);
  });

  test("takes the client of the AWS SDK", () => {
    // checked by the compiler: the SDK's client has what is needed of it
    const use = (client: ServiceDiscovery): DiscoverInstancesClient => client;
    expect(use).toBeDefined();
  });
});
