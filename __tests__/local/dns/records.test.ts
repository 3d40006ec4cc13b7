import { data, status, STATUS } from "./dns-bench";
import { instances, type FakeNamespace } from "./fake-cloud-map";
import { NAMESPACE, service, serving, STOCK } from "./served-zone";

const serve = serving();

describe("addresses", () => {
  test("A has the addresses, the service's TTL and nothing else", async () => {
    const dns = await serve(service({ records: [["A", 17]], instances: instances(3) }));
    const reply = await dns.ask(STOCK);
    expect(status(reply)).toBe(STATUS.NOERROR);
    expect(data(reply).sort()).toEqual(["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
    expect(reply.answers).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: STOCK, type: "A", class: "IN", ttl: 17 })]),
    );
    expect([reply.authorities, reply.additionals]).toEqual([[], []]);
  });

  test("AAAA has the IPv6 addresses", async () => {
    const dns = await serve(service({ records: [["AAAA", 10]], instances: instances(2) }));
    expect(data(await dns.ask(STOCK, "AAAA")).sort()).toEqual(["2001:db8::1", "2001:db8::2"]);
    expect(data(await dns.ask(STOCK, "A"))).toEqual([]);
  });

  test("each type has the TTL that is configured for it, 0 included", async () => {
    const dns = await serve(
      service({
        records: [
          ["A", 0],
          ["AAAA", 60],
        ],
      }),
    );
    expect((await dns.ask(STOCK, "A")).answers).toMatchObject([{ ttl: 0 }]);
    expect((await dns.ask(STOCK, "AAAA")).answers).toMatchObject([{ ttl: 60 }]);
  });

  test("an instance without the address of that type is left out", async () => {
    const [first, second] = instances(2);
    const dns = await serve(
      service({
        records: [["AAAA", 10]],
        instances: [
          { id: first?.id ?? "", attributes: { AWS_INSTANCE_IPV4: "10.0.0.1" } },
          ...(second ? [second] : []),
        ],
      }),
    );
    expect(data(await dns.ask(STOCK, "AAAA"))).toEqual(["2001:db8::2"]);
  });

  test("two instances of one address are one record", async () => {
    const dns = await serve(service({ instances: instances(3, { AWS_INSTANCE_IPV4: "10.0.0.9" }) }));
    expect(data(await dns.ask(STOCK))).toEqual(["10.0.0.9"]);
  });

  test("what is no address is left out, and the others are still answered", async () => {
    const bad = ["", "10.0.0", "name", "10.0.0.256"].map((address, index) => ({
      id: `bad-${index}`,
      attributes: { AWS_INSTANCE_IPV4: address, AWS_INSTANCE_IPV6: `fe80::1%${address}` },
    }));
    const dns = await serve(
      service({
        records: [
          ["A", 10],
          ["AAAA", 10],
        ],
        instances: [...bad, ...instances(1)],
      }),
    );
    expect(data(await dns.ask(STOCK))).toEqual(["10.0.0.1"]);
    expect(data(await dns.ask(STOCK, "AAAA"))).toEqual(["2001:db8::1"]);
  });

  test("the service named . has the namespace's own name", async () => {
    const dns = await serve(service({ name: "." }));
    expect(data(await dns.ask(NAMESPACE))).toEqual(["10.0.0.1"]);
  });
});

describe("SRV", () => {
  test("is `1 1 port instance.service.namespace`, with the target's addresses beside it", async () => {
    const dns = await serve(service({ records: [["SRV", 10]] }));
    const reply = await dns.ask(STOCK, "SRV");
    const target = `task-1.${STOCK}`;
    expect(data(reply)).toEqual([{ priority: 1, weight: 1, port: 8001, target }]);
    expect(reply.additionals).toMatchObject([
      { name: target, type: "A", ttl: 10, data: "10.0.0.1" },
      { name: target, type: "AAAA", ttl: 10, data: "2001:db8::1" },
    ]);
  });

  test("the target's name can be asked for, and its service has no address", async () => {
    const dns = await serve(service({ records: [["SRV", 10]] }));
    expect(data(await dns.ask(`task-1.${STOCK}`))).toEqual(["10.0.0.1"]);
    const none = await dns.ask(STOCK, "A");
    expect([status(none), none.answers?.length, none.authorities?.length]).toEqual([STATUS.NOERROR, 0, 1]);
  });

  test("beside A: the service has both, and so has the target", async () => {
    const dns = await serve(
      service({
        records: [
          ["A", 10],
          ["SRV", 20],
        ],
        instances: instances(2),
      }),
    );
    expect(data(await dns.ask(STOCK, "A"))).toHaveLength(2);
    expect((await dns.ask(STOCK, "SRV")).answers).toMatchObject([{ ttl: 20 }, { ttl: 20 }]);
    expect((await dns.ask(`task-2.${STOCK}`)).answers).toMatchObject([{ ttl: 20, data: "10.0.0.2" }]);
  });

  test("a service of A records alone has no names of its instances", async () => {
    const dns = await serve(service({}));
    expect(status(await dns.ask(`task-1.${STOCK}`))).toBe(STATUS.NXDOMAIN);
  });

  test("an instance with a port or a name that DNS cannot hold is left out", async () => {
    const dns = await serve(
      service({
        records: [["SRV", 10]],
        instances: [
          ...instances(1),
          { id: "p", attributes: { AWS_INSTANCE_IPV4: "10.0.0.2", AWS_INSTANCE_PORT: "65536" } },
          { id: "q", attributes: { AWS_INSTANCE_IPV4: "10.0.0.3" } },
          { id: "n".repeat(64), attributes: { AWS_INSTANCE_IPV4: "10.0.0.4", AWS_INSTANCE_PORT: "80" } },
        ],
      }),
    );
    expect(data(await dns.ask(STOCK, "SRV"))).toHaveLength(1);
  });

  test("names of the form that RFC 2782 wants: what lies between has no records, but exists", async () => {
    const dns = await serve(service({ name: "_stock._tcp", records: [["SRV", 10]] }));
    expect(data(await dns.ask(`_stock._tcp.${NAMESPACE}`, "SRV"))).toHaveLength(1);
    expect(status(await dns.ask(`_tcp.${NAMESPACE}`, "SRV"))).toBe(STATUS.NOERROR);
  });
});

describe("CNAME", () => {
  const aliases = (target: string): FakeNamespace[] => {
    const [namespace] = service({});
    namespace?.services.push({
      name: "alias",
      records: [["CNAME", 30]],
      routingPolicy: "WEIGHTED",
      instances: [{ id: "one", attributes: { AWS_INSTANCE_CNAME: target } }],
    });
    return namespace ? [namespace] : [];
  };

  test("leads to the address of a name that is known here", async () => {
    const dns = await serve(aliases(STOCK));
    expect((await dns.ask(`alias.${NAMESPACE}`)).answers).toMatchObject([
      { type: "CNAME", ttl: 30, data: STOCK },
      { type: "A", name: STOCK, data: "10.0.0.1" },
    ]);
    expect(data(await dns.ask(`alias.${NAMESPACE}`, "CNAME"))).toEqual([STOCK]);
  });

  test("ends at a name that is not, and where it leads in a circle", async () => {
    const dns = await serve(aliases("www.example.com"));
    expect(data(await dns.ask(`alias.${NAMESPACE}`))).toEqual(["www.example.com"]);
    const circle = await serve(aliases(`alias.${NAMESPACE}`));
    const reply = await circle.ask(`alias.${NAMESPACE}`);
    expect(status(reply)).toBe(STATUS.NOERROR);
    expect(data(reply).length).toBeLessThan(20);
  });
});
