import { promises } from "node:dns";
import { DnsServer } from "../../../local/dns/server";
import { FakeCloudMap, instances } from "./fake-cloud-map";

const longId = "0".repeat(40);
const cloudMap = new FakeCloudMap([
  {
    name: "dev.local",
    services: [
      { name: "four", records: [["A", 10]], instances: instances(3) },
      { name: "six", records: [["AAAA", 0]], instances: instances(2) },
      { name: "_web._tcp", records: [["SRV", 10]], instances: instances(2) },
      {
        name: "long",
        records: [["SRV", 10]],
        instances: instances(8).map((instance) => ({ ...instance, id: `${instance.id}-${longId}` })),
      },
    ],
  },
]);
let server: DnsServer;
let resolver: promises.Resolver;

beforeAll(async () => {
  server = await DnsServer.start({ cloudMap });
  resolver = new promises.Resolver({ timeout: 2000, tries: 1 });
  resolver.setServers([`127.0.0.1:${server.port}`]);
});
afterAll(async () => {
  resolver.cancel();
  await server.stop();
});

describe("Node's own resolver", () => {
  test("reads A records with their TTL", async () => {
    const records = await resolver.resolve4("four.dev.local", { ttl: true });
    expect(records.map(({ address }) => address).sort()).toEqual(["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
    expect(records[0]?.ttl).toBe(10);
  });

  test("reads AAAA records, of TTL 0", async () => {
    const records = await resolver.resolve6("six.dev.local", { ttl: true });
    expect(records.map(({ address }) => address).sort()).toEqual(["2001:db8::1", "2001:db8::2"]);
    expect(records[0]?.ttl).toBe(0);
  });

  test("reads SRV records, and finds their targets", async () => {
    const records = await resolver.resolveSrv("_web._tcp.dev.local");
    expect(records.map(({ port }) => port).sort()).toEqual([8001, 8002]);
    for (const { name, port, priority, weight } of records) {
      expect([priority, weight]).toEqual([1, 1]);
      expect(await resolver.resolve4(name)).toEqual([`10.0.0.${port - 8000}`]);
    }
  });

  test("comes back over TCP for what is too long", async () => {
    expect(await resolver.resolveSrv("long.dev.local")).toHaveLength(8);
  });

  test("reads the SOA and the name servers", async () => {
    expect(await resolver.resolveSoa("dev.local")).toMatchObject({
      nsname: "ns-1536.awsdns-00.co.uk",
      minttl: 86_400,
    });
    expect(await resolver.resolveNs("dev.local")).toHaveLength(4);
  });

  test.each([
    ["resolve4", "none.dev.local", "ENOTFOUND"],
    ["resolve6", "four.dev.local", "ENODATA"],
    ["resolveSrv", "four.dev.local", "ENODATA"],
    ["resolve4", "example.com", "EREFUSED"],
  ] as const)("%s of %s is %s", async (method, name, code) => {
    await expect(resolver[method](name)).rejects.toMatchObject({ code });
  });
});
