import { promises } from "node:dns";
import { setTimeout as wait } from "node:timers/promises";
import type { ServiceDiscovery } from "@aws-sdk/client-servicediscovery";
import { cloudMapOf } from "../../local/dns/cloud-map";
import { dig } from "../../local/dns/dig";
import { DnsServer } from "../../local/dns/server";
import { Emulator } from "../../local/emulator-process";
import { createNetwork } from "../../local/network";

const NAMESPACE = "trading-platform.local";
const STOCK = `stock-service.${NAMESPACE}`;
/** A little more than the server's `refreshMs`. */
const REFRESH_MS = 250;

describe("DNS from emulated Cloud Map", () => {
  let emulator: Emulator;
  let cloudMap: ServiceDiscovery;
  let server: DnsServer;
  let stock: string;

  beforeAll(async () => {
    emulator = await Emulator.start();
    cloudMap = cloudMapOf(emulator);
    server = await DnsServer.start({ cloudMap });
    const { vpcId } = await createNetwork(emulator);
    await cloudMap.createPrivateDnsNamespace({ Name: NAMESPACE, Vpc: vpcId });
    await cloudMap.createHttpNamespace({ Name: "http-only" });
    stock = await createService("stock-service", [{ Type: "A", TTL: 10 }]);
  });
  afterAll(async () => {
    await server.stop();
    cloudMap.destroy();
    await emulator.stop();
  });

  async function createService(
    Name: string,
    DnsRecords: { Type: "A" | "AAAA" | "SRV"; TTL: number }[],
    RoutingPolicy: "MULTIVALUE" | "WEIGHTED" = "MULTIVALUE",
  ): Promise<string> {
    const { Namespaces = [] } = await cloudMap.listNamespaces({});
    const NamespaceId = Namespaces.find((namespace) => namespace.Name === NAMESPACE)?.Id ?? "";
    const { Service } = await cloudMap.createService({
      Name,
      DnsConfig: { NamespaceId, RoutingPolicy, DnsRecords },
      HealthCheckCustomConfig: { FailureThreshold: 1 },
    });
    return Service?.Id ?? "";
  }

  async function register(
    ServiceId: string,
    InstanceId: string,
    more: Record<string, string> = {},
  ): Promise<void> {
    await cloudMap.registerInstance({
      ServiceId,
      InstanceId,
      Attributes: { AWS_INSTANCE_IPV4: `127.0.0.${InstanceId}`, AWS_INSTANCE_PORT: "80", ...more },
    });
  }

  async function addresses(name = STOCK): Promise<string[]> {
    await wait(REFRESH_MS);
    const { lines } = await dig(name, "A", { server });
    return lines.map((line) => line.split(/\s/).at(-1) ?? "").sort();
  }

  test("the answers follow the instances as they come and go", async () => {
    expect((await dig(STOCK, "A", { server })).status).toBe("NXDOMAIN");
    await register(stock, "11");
    expect(await addresses()).toEqual(["127.0.0.11"]);
    expect(await dig(STOCK, "A", { server })).toEqual({
      status: "NOERROR",
      lines: [`${STOCK}. 10 IN A\t127.0.0.11`],
    });
    await register(stock, "12");
    await register(stock, "13");
    expect(await addresses()).toEqual(["127.0.0.11", "127.0.0.12", "127.0.0.13"]);
    await cloudMap.deregisterInstance({ ServiceId: stock, InstanceId: "12" });
    expect(await addresses()).toEqual(["127.0.0.11", "127.0.0.13"]);
  });

  test("an instance is answered from when it is healthy until it is not", async () => {
    const health = async (Status: "HEALTHY" | "UNHEALTHY"): Promise<void> => {
      await cloudMap.updateInstanceCustomHealthStatus({ ServiceId: stock, InstanceId: "14", Status });
    };
    await register(stock, "14", { AWS_INIT_HEALTH_STATUS: "UNHEALTHY" });
    expect(await addresses()).not.toContain("127.0.0.14");
    await health("HEALTHY");
    expect(await addresses()).toContain("127.0.0.14");
    await health("UNHEALTHY");
    expect(await addresses()).not.toContain("127.0.0.14");
  });

  test("SRV, a new TTL, WEIGHTED and more than eight", async () => {
    const srv = await createService("_signal._tcp", [{ Type: "SRV", TTL: 10 }]);
    await register(srv, "21", { AWS_INSTANCE_PORT: "32768" });
    await wait(REFRESH_MS);
    const name = `_signal._tcp.${NAMESPACE}`;
    expect((await dig(name, "SRV", { server })).lines).toEqual([
      `${name}. 10\tIN SRV\t1 1 32768 21.${name}.`,
    ]);
    expect(await addresses(`21.${name}`)).toEqual(["127.0.0.21"]);

    await cloudMap.updateService({
      Id: stock,
      Service: { DnsConfig: { DnsRecords: [{ Type: "A", TTL: 0 }] } },
    });
    for (let host = 30; host < 40; host++) await register(stock, `${host}`);
    await wait(REFRESH_MS);
    const { lines } = await dig(STOCK, "A", { server });
    expect(lines).toHaveLength(8);
    expect(lines[0]).toMatch(/ 0\s+IN\s+A\s/);

    const weighted = await createService("weighted", [{ Type: "A", TTL: 10 }], "WEIGHTED");
    await register(weighted, "41");
    await register(weighted, "42");
    expect(await addresses(`weighted.${NAMESPACE}`)).toHaveLength(1);
  });

  test("Node's own resolver gets the same", async () => {
    const resolver = new promises.Resolver();
    resolver.setServers([`127.0.0.1:${server.port}`]);
    expect(await resolver.resolve4(`21._signal._tcp.${NAMESPACE}`)).toEqual(["127.0.0.21"]);
    await expect(resolver.resolve4(`none.${NAMESPACE}`)).rejects.toMatchObject({ code: "ENOTFOUND" });
    await expect(resolver.resolve6(STOCK)).rejects.toMatchObject({ code: "ENODATA" });
    await expect(resolver.resolve4("api.http-only")).rejects.toMatchObject({ code: "EREFUSED" });
  });

  test("without the emulator SERVFAIL, and with the next one at its port its answers", async () => {
    const first = await Emulator.start();
    const { port } = new URL(first.endpoint);
    const reading = cloudMapOf(first);
    const other = await DnsServer.start({ cloudMap: reading });
    const status = async (): Promise<string> => {
      await wait(REFRESH_MS);
      return (await dig("any.local", "A", { server: other })).status;
    };
    try {
      expect(await status()).toBe("REFUSED");
      await first.stop();
      expect(await status()).toBe("SERVFAIL");
      const second = await Emulator.start({ port: Number(port) });
      try {
        const { vpcId } = await createNetwork(second);
        await reading.createPrivateDnsNamespace({ Name: "any.local", Vpc: vpcId });
        expect(await status()).toBe("NOERROR");
      } finally {
        await second.stop();
      }
    } finally {
      await other.stop();
      reading.destroy();
      await first.stop();
    }
  });
});
