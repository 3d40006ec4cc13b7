import { execFile, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { promisify } from "node:util";
import { decode, encode } from "dns-packet";
import { dig } from "../../../local/dns/dig";
import { DnsServer } from "../../../local/dns/server";
import { FakeCloudMap, instances, type FakeService } from "./fake-cloud-map";

const NAMESPACE = "trading-platform.local";
const services: FakeService[] = [
  { name: "stock-service", records: [["A", 10]], instances: instances(1) },
  { name: "three", records: [["A", 10]], instances: instances(3) },
  {
    name: "six",
    records: [["AAAA", 2147483647]],
    instances: instances(1, { AWS_INSTANCE_IPV6: "2001:DB8:0:0:0:0:0:0A" }),
  },
  {
    name: "mapped",
    records: [["AAAA", 0]],
    instances: instances(1, { AWS_INSTANCE_IPV6: "::ffff:10.1.2.3" }),
  },
  { name: "srv", records: [["SRV", 10]], instances: instances(1) },
  {
    name: "odd",
    records: [["SRV", 10]],
    instances: instances(1).map((instance) => ({ ...instance, id: "a@b:c/d_e" })),
  },
  {
    name: "long",
    records: [["SRV", 10]],
    instances: instances(8).map((instance) => ({ ...instance, id: `${instance.id}-${"0".repeat(50)}` })),
  },
  // every length of name, hence every way to reach the columns
  ...Array.from({ length: 50 }, (_, length) => ({
    name: "n".repeat(length + 1),
    records: [["A", 10 ** (length % 6)]] as [string, number][],
    instances: instances(1),
  })),
];
let server: DnsServer;

beforeAll(async () => {
  const cloudMap = new FakeCloudMap([
    { name: NAMESPACE, services },
    { name: "x", services },
  ]);
  server = await DnsServer.start({ cloudMap, refreshMs: 60_000 });
});
afterAll(() => server.stop());

describe("dig", () => {
  test("prints a line as dig does", async () => {
    expect(await dig(`stock-service.${NAMESPACE}`, "A", { server })).toEqual({
      status: "NOERROR",
      lines: [`stock-service.${NAMESPACE}. 10 IN A\t10.0.0.1`],
    });
    expect((await dig("srv.x", "SRV", { server })).lines).toEqual([
      "srv.x.\t\t\t10\tIN\tSRV\t1 1 8001 task-1.srv.x.",
    ]);
  });

  test("prints a line for each record", async () => {
    const { lines } = await dig("three.x", "A", { server });
    expect([...lines].sort()).toEqual(
      ["10.0.0.1", "10.0.0.2", "10.0.0.3"].map((address) => `three.x.\t\t10\tIN\tA\t${address}`),
    );
  });

  test("says why there is none", async () => {
    expect(await dig("none.x", "A", { server })).toEqual({ status: "NXDOMAIN", lines: [] });
    expect(await dig("three.x", "SRV", { server })).toEqual({ status: "NOERROR", lines: [] });
    expect(await dig("example.com", "A", { server })).toEqual({ status: "REFUSED", lines: [] });
  });

  test("asks again over TCP where the answer is cut", async () => {
    const protocols: string[] = [];
    const watched = await DnsServer.start({
      cloudMap: new FakeCloudMap([{ name: "x".repeat(60), services }]),
      onQuery: ({ protocol }) => protocols.push(protocol),
    });
    const { lines } = await dig(`long.${"x".repeat(60)}`, "SRV", { server: watched });
    expect(lines).toHaveLength(8);
    expect(protocols).toEqual(["udp", "tcp"]);
    await watched.stop();
  });

  test("asks again where the first question is lost, and hears no reply to another one", async () => {
    const socket = createSocket("udp4").bind(0, "127.0.0.1");
    await once(socket, "listening");
    let asked = 0;
    socket.on("message", (message, from) => {
      if (++asked === 1) return;
      const { id = 0, questions } = decode(message);
      const reply = (otherId: number, address: string): void =>
        socket.send(
          encode({
            type: "response",
            id: otherId,
            questions,
            answers: [{ type: "A", name: "a.x", ttl: 1, data: address }],
          }),
          from.port,
        );
      reply(id ^ 1, "10.0.0.66");
      socket.send(Buffer.from("nonsense"), from.port);
      reply(id, "10.0.0.1");
    });
    const server = socket.address();
    expect((await dig("a.x", "A", { server, timeoutMs: 100 })).lines).toEqual([
      "a.x.\t\t\t1\tIN\tA\t10.0.0.1",
    ]);
    socket.removeAllListeners("message");
    await expect(dig("a.x", "A", { server, timeoutMs: 20, tries: 2 })).rejects.toThrow(
      /no answer from the DNS server at 127\.0\.0\.1, port \d+: timed out/,
    );
    socket.close();
  });
});

const installed = spawnSync("dig", ["-v"]).status === 0;

(installed ? describe : describe.skip)("beside the real dig", () => {
  const real = async (name: string, type: string): Promise<string[]> => {
    const args = ["+noall", "+answer", "@127.0.0.1", "-p", `${server.port}`, name, type];
    const { stdout } = await promisify(execFile)("dig", args);
    // of a moved answer dig says so first
    return stdout.split("\n").filter((line) => line !== "" && !line.startsWith(";"));
  };

  test("the lines are the same, whatever the length of the name", async () => {
    const names = services.flatMap(({ name, records: [record] }) => [
      [`${name}.${NAMESPACE}`, record?.[0] ?? "A"] as const,
      [`${name}.x`, record?.[0] ?? "A"] as const,
    ]);
    for (const [name, type] of [...names, ["task-1.srv.x", "AAAA"] as const]) {
      const { lines } = await dig(name, type as "A", { server });
      expect(lines.length).toBeGreaterThan(0);
      expect([...lines].sort()).toEqual((await real(name, type)).sort());
    }
  });

  test("has the answer that is too long for UDP", async () => {
    expect(await real(`long.${NAMESPACE}`, "SRV")).toHaveLength(8);
  });
});
