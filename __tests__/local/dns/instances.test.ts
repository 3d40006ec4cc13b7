import { data, DnsBench, status, STATUS } from "./dns-bench";
import { FakeCloudMap, instances } from "./fake-cloud-map";
import { service, serving, STOCK } from "./served-zone";

const serve = serving();

describe("which instances", () => {
  test("MULTIVALUE: eight of twenty, all different, in changing order, and all of them over time", async () => {
    const dns = await serve(service({ instances: instances(20) }), { refreshMs: 60_000 });
    const answers: string[][] = [];
    for (let round = 0; round < 100; round++) answers.push(data(await dns.ask(STOCK)) as string[]);
    answers.forEach((addresses) => expect(new Set(addresses).size).toBe(8));
    expect(new Set(answers.flat()).size).toBe(20);
    // each of them comes first about every twentieth time; that one of them has half of the rounds is no accident
    const first = answers.map(([address]) => address);
    for (const address of new Set(first)) {
      expect(first.filter((other) => other === address).length).toBeLessThan(50);
    }
  });

  test("MULTIVALUE: eight or fewer are all there, in changing order", async () => {
    const dns = await serve(service({ instances: instances(8) }));
    const orders = new Set<string>();
    for (let round = 0; round < 10; round++) {
      const addresses = data(await dns.ask(STOCK));
      expect(new Set(addresses).size).toBe(8);
      orders.add(addresses.join());
    }
    expect(orders.size).toBeGreaterThan(1);
  });

  test("MULTIVALUE: an SRV answer has eight as well, and only their addresses", async () => {
    const dns = await serve(service({ records: [["SRV", 10]], instances: instances(20) }));
    const reply = await dns.askTcp(STOCK, "SRV");
    const targets = (data(reply) as { target: string }[]).map(({ target }) => target);
    expect(new Set(targets).size).toBe(8);
    expect(new Set(reply.additionals?.map(({ name }) => name))).toEqual(new Set(targets));
  });

  test("WEIGHTED: one, and each of them over time", async () => {
    const dns = await serve(service({ routingPolicy: "WEIGHTED", instances: instances(4) }));
    const seen = new Set<unknown>();
    for (let round = 0; round < 100; round++) {
      const addresses = data(await dns.ask(STOCK));
      expect(addresses).toHaveLength(1);
      seen.add(addresses[0]);
    }
    expect(seen.size).toBe(4);
  });

  const oneOfThree = instances(3).map((instance, index) => ({
    ...instance,
    status: ["HEALTHY", "UNHEALTHY", "UNKNOWN"][index],
  }));
  const none = oneOfThree.map((instance) => ({ ...instance, status: "UNHEALTHY" }));

  test("those whose custom status is UNHEALTHY have no record", async () => {
    const dns = await serve(service({ health: "custom", instances: oneOfThree }));
    expect(data(await dns.ask(STOCK)).sort()).toEqual(["10.0.0.1", "10.0.0.3"]);
  });

  test("where none is healthy by its custom status, the name does not exist", async () => {
    const dns = await serve(service({ health: "custom", instances: none }));
    expect(status(await dns.ask(STOCK))).toBe(STATUS.NXDOMAIN);
  });

  test("where none passes Route 53's own check, all of them are answered", async () => {
    const dns = await serve(service({ health: "route53", instances: none }));
    expect(data(await dns.ask(STOCK))).toHaveLength(3);
    const some = await serve(service({ health: "route53", instances: oneOfThree }));
    expect(data(await some.ask(STOCK))).toHaveLength(2);
  });

  test("without a check the status means nothing, and is not read", async () => {
    const cloudMap = new FakeCloudMap(service({ instances: none }));
    const bench = await DnsBench.start(cloudMap);
    expect(data(await bench.ask(STOCK))).toHaveLength(3);
    expect(cloudMap.count("getInstancesHealthStatus")).toBe(0);
    await bench.stop();
  });

  test("all pages of all lists are read", async () => {
    const cloudMap = new FakeCloudMap([
      { name: "a.local", services: [] },
      { name: "b.local", services: [] },
      ...service({ health: "custom", instances: instances(7) }),
    ]);
    cloudMap.namespaces[2]?.services.unshift({ name: "other", records: [["A", 1]], instances: [] });
    cloudMap.pageSize = 1;
    const bench = await DnsBench.start(cloudMap);
    expect(data(await bench.ask(STOCK))).toHaveLength(7);
    expect(cloudMap.count("getInstancesHealthStatus")).toBe(7);
    await bench.stop();
  });
});
