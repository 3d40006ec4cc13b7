import type { DecodedPacket, Question } from "dns-packet";
import { data, status, STATUS } from "./dns-bench";
import { instances, type FakeNamespace, type FakeService } from "./fake-cloud-map";
import { NAMESPACE, service, serving, STOCK } from "./served-zone";

const serve = serving();

describe("names", () => {
  const soaOf = ({ authorities }: DecodedPacket): unknown => authorities?.[0];

  test("one that is not there is NXDOMAIN with the SOA of its zone", async () => {
    const dns = await serve(service({}));
    const reply = await dns.ask(`other.${NAMESPACE}`);
    expect(status(reply)).toBe(STATUS.NXDOMAIN);
    expect(reply.authorities).toHaveLength(1);
    expect(soaOf(reply)).toMatchObject({
      name: NAMESPACE,
      type: "SOA",
      ttl: 300,
      data: {
        mname: "ns-1536.awsdns-00.co.uk",
        rname: "awsdns-hostmaster.amazon.com",
        serial: 1,
        refresh: 7200,
        retry: 900,
        expire: 1209600,
        minimum: 86400,
      },
    });
  });

  test("one that is there without that type is NOERROR with the SOA", async () => {
    const dns = await serve(service({}));
    for (const type of ["AAAA", "SRV", "TXT", "MX", "UNKNOWN_65280"] as Question["type"][]) {
      const reply = await dns.ask(STOCK, type);
      expect([status(reply), reply.answers]).toEqual([STATUS.NOERROR, []]);
      expect(soaOf(reply)).toMatchObject({ name: NAMESPACE, type: "SOA" });
    }
  });

  test.each([
    ["a private zone", {}, undefined, 300],
    ["a public zone", { type: "DNS_PUBLIC" }, undefined, 900],
    ["as configured", {}, 42, 42],
    ["the namespace's own SOA TTL", { soaTtl: 15 }, 42, 15],
    ["the namespace's own SOA TTL of 0", { soaTtl: 0 }, undefined, 0],
    ["the SOA's minimum where that is less", { soaTtl: 100_000 }, undefined, 86_400],
  ] as const)("the negative TTL of %s", async (_, more, negativeTtl, expected) => {
    const dns = await serve([{ name: NAMESPACE, services: [], ...more }], { negativeTtl });
    expect(soaOf(await dns.ask(`other.${NAMESPACE}`))).toMatchObject({ ttl: expected });
  });

  test("one in no zone is refused, so are the zone's parent and a name that only ends alike", async () => {
    const dns = await serve(service({}));
    for (const name of ["www.example.com", "local", `x${NAMESPACE}`, "."]) {
      const reply = await dns.ask(name);
      expect([name, status(reply), reply.authorities]).toEqual([name, STATUS.REFUSED, []]);
    }
  });

  test("an HTTP namespace, a service without records and one without instances are not there", async () => {
    const [namespace] = service({ records: [] });
    const http: FakeNamespace = {
      name: "http.local",
      type: "HTTP",
      services: [{ name: "api", records: [["A", 10]], instances: instances(1) }],
    };
    namespace?.services.push({ name: "empty", records: [["A", 10]], instances: [] });
    const dns = await serve([http, ...(namespace ? [namespace] : [])]);
    expect(status(await dns.ask("api.http.local"))).toBe(STATUS.REFUSED);
    expect(status(await dns.ask(STOCK))).toBe(STATUS.NXDOMAIN);
    expect(status(await dns.ask(`empty.${NAMESPACE}`))).toBe(STATUS.NXDOMAIN);
  });

  test("they have no case, and the reply has that of the question", async () => {
    const dns = await serve([
      { name: "Trading.Local", services: [{ name: "Stock", records: [["A", 1]], instances: instances(1) }] },
    ]);
    const reply = await dns.ask("sToCk.tRaDiNg.LoCaL");
    expect(reply.questions?.[0]?.name).toBe("sToCk.tRaDiNg.LoCaL");
    expect(reply.answers).toMatchObject([{ name: "sToCk.tRaDiNg.LoCaL", data: "10.0.0.1" }]);
  });

  test("of nested zones the inner one has the name", async () => {
    const services: FakeService[] = [{ name: "api", records: [["A", 1]], instances: instances(1) }];
    const dns = await serve([
      { name: "corp.local", services },
      { name: "dev.corp.local", services: [] },
    ]);
    expect(soaOf(await dns.ask("api.dev.corp.local"))).toMatchObject({ name: "dev.corp.local" });
    expect(data(await dns.ask("api.corp.local"))).toEqual(["10.0.0.1"]);
  });

  test("of a public and a private zone of one name the private one answers", async () => {
    const dns = await serve([{ name: NAMESPACE, type: "DNS_PUBLIC", services: [] }, ...service({})]);
    expect(data(await dns.ask(STOCK))).toEqual(["10.0.0.1"]);
  });

  test("the zone's own name has an SOA and four name servers", async () => {
    const dns = await serve(service({}));
    expect((await dns.ask(NAMESPACE, "SOA")).answers).toMatchObject([{ type: "SOA", ttl: 300 }]);
    expect(data(await dns.ask(NAMESPACE, "NS"))).toHaveLength(4);
    expect((await dns.ask(NAMESPACE, "ANY" as Question["type"])).answers).toHaveLength(5);
    const none = await dns.ask(NAMESPACE, "A");
    expect([status(none), none.answers?.length, none.authorities?.length]).toEqual([STATUS.NOERROR, 0, 1]);
  });

  test("other classes and zone transfers are refused", async () => {
    const dns = await serve(service({}));
    const chaos = await dns.ask(STOCK, "A", { questions: [{ name: STOCK, type: "A", class: "CH" }] });
    expect(status(chaos)).toBe(STATUS.REFUSED);
    expect(status(await dns.askTcp(NAMESPACE, "AXFR"))).toBe(STATUS.REFUSED);
  });
});

test("the hook is told every question and what became of it", async () => {
  const dns = await serve(service({ records: [["SRV", 10]] }));
  await dns.ask(STOCK, "SRV");
  await dns.ask(NAMESPACE, "SOA");
  await dns.ask(NAMESPACE, "NS");
  await dns.askTcp(`Other.${NAMESPACE}`, "SRV");
  const from = expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string;
  expect(dns.queries).toEqual([
    {
      name: STOCK,
      type: "SRV",
      status: "NOERROR",
      answers: [`1 1 8001 task-1.${STOCK}.`],
      from,
      protocol: "udp",
    },
    expect.objectContaining({
      type: "SOA",
      answers: ["ns-1536.awsdns-00.co.uk. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"],
    }),
    expect.objectContaining({
      type: "NS",
      answers: expect.arrayContaining(["ns-0.awsdns-00.com."]) as string[],
    }),
    { name: `Other.${NAMESPACE}`, type: "SRV", status: "NXDOMAIN", answers: [], from, protocol: "tcp" },
  ]);
});

test("all names can be listed with the answers that they get", async () => {
  const [namespace] = service({
    records: [
      ["A", 10],
      ["SRV", 60],
    ],
    instances: instances(2),
  });
  const apex: FakeService = { name: ".", records: [["A", 5]], instances: [] };
  const dns = await serve([
    { name: NAMESPACE, services: [...(namespace?.services ?? []), apex] },
    { name: "http", type: "HTTP", services: [{ name: "api", records: [], instances: instances(1) }] },
  ]);
  const names = await dns.server.names();
  expect(names.map((name) => ({ ...name, answers: [...name.answers].sort() }))).toEqual([
    { serviceId: "0/0", name: STOCK, type: "A", ttl: 10, answers: ["10.0.0.1", "10.0.0.2"] },
    {
      serviceId: "0/0",
      name: STOCK,
      type: "SRV",
      ttl: 60,
      answers: [`1 1 8001 task-1.${STOCK}.`, `1 1 8002 task-2.${STOCK}.`],
    },
    { serviceId: "0/1", name: NAMESPACE, type: "A", ttl: 5, answers: [] },
  ]);
});
