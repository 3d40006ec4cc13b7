import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { dig } from "../../../local/dns/dig";
import { DnsServer } from "../../../local/dns/server";
import { withLength } from "../../../local/dns/connection";
import { closed, data, DnsBench, query } from "./dns-bench";
import { FakeCloudMap, instances } from "./fake-cloud-map";

const cloudMap = new FakeCloudMap([
  { name: "dev.local", services: [{ name: "api", records: [["A", 5]], instances: instances(1) }] },
]);
const NAME = "api.dev.local";

test.each(["127.0.0.1", "127.1.2.3", "::1"])("listens on %s, UDP and TCP on one port", async (address) => {
  const server = await DnsServer.start({ cloudMap, address });
  try {
    expect(server.address).toBe(address);
    expect(server.port).toBeGreaterThan(0);
    expect((await dig(NAME, "A", { server })).lines).toHaveLength(1);
  } finally {
    await server.stop();
  }
});

test.each(["0.0.0.0", "::", "126.255.255.255", "10.0.0.1", "localhost", "128.0.0.1", "", "::ffff:10.0.0.1"])(
  "refuses to listen on '%s', and says where it may",
  async (address) => {
    await expect(DnsServer.start({ cloudMap, address })).rejects.toThrow(
      `the DNS server's address is "${address}": it must be a loopback address, 127.0.0.1 to 127.255.255.254 or ::1.`,
    );
  },
);

test.each([-1, 65_536, 1.5, NaN])("refuses port %s", async (port) => {
  await expect(DnsServer.start({ cloudMap, port })).rejects.toThrow(
    `the DNS server's port is ${port}: it must be 0, for a free one, or 1 to 65535.`,
  );
});

test("says that a port is taken, by UDP or by TCP, and keeps neither", async () => {
  const tcp = createServer().listen(0, "127.0.0.1");
  await once(tcp, "listening");
  const { port } = tcp.address() as AddressInfo;
  await expect(DnsServer.start({ cloudMap, port })).rejects.toThrow(
    /cannot listen on 127\.0\.0\.1, port \d+: .*EADDRINUSE.* Another process listens there/,
  );
  const udp = createSocket("udp4").bind(port, "127.0.0.1");
  await once(udp, "listening");
  tcp.close();
  await once(tcp, "close");
  await expect(DnsServer.start({ cloudMap, port })).rejects.toThrow(/EADDRINUSE/);
  udp.close();
  await once(udp, "close");
  const server = await DnsServer.start({ cloudMap, port });
  expect(server.port).toBe(port);
  await server.stop();
});

test("many of them each find a port that both protocols have free", async () => {
  const servers = await Promise.all(Array.from({ length: 50 }, () => DnsServer.start({ cloudMap })));
  expect(new Set(servers.map(({ port }) => port)).size).toBe(50);
  await Promise.all(servers.map((server) => server.stop()));
});

test("stop ends open connections and the port, may be repeated, and answers no more", async () => {
  const bench = await DnsBench.start(cloudMap);
  const { port } = bench.server;
  const socket = await bench.connection();
  socket.resume();
  const ended = closed(socket);
  await Promise.all([bench.stop(), bench.stop()]);
  await ended;
  await bench.stop();
  await expect(
    dig(NAME, "A", { server: { address: "127.0.0.1", port }, tries: 1, timeoutMs: 300 }),
  ).rejects.toThrow(`no answer from the DNS server at 127.0.0.1, port ${port}`);
  const next = await DnsServer.start({ cloudMap, port });
  await next.stop();
});

test("stop does not wait for Cloud Map, nor for the questions that do", async () => {
  const silent = new FakeCloudMap([]);
  silent.before = () => new Promise(() => undefined);
  const bench = await DnsBench.start(silent, { timeoutMs: 60_000 });
  const socket = createSocket("udp4");
  socket.send(query(NAME), bench.server.port, "127.0.0.1");
  const connection = await bench.connection();
  connection.on("error", () => undefined);
  connection.write(withLength(query(NAME)));
  while (silent.calls.length === 0) await new Promise(setImmediate);
  // and the question over TCP
  await new Promise((resolve) => setTimeout(resolve, 100));
  const warning = jest.spyOn(process, "emitWarning");
  const started = performance.now();
  await bench.stop();
  expect(performance.now() - started).toBeLessThan(500);
  await new Promise(setImmediate);
  expect(bench.queries).toEqual([]);
  expect(warning).not.toHaveBeenCalled();
  warning.mockRestore();
  socket.close();
  connection.destroy();
});

test("a hook that throws is warned about, and the next question is answered", async () => {
  const warning = jest.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  const bench = await DnsBench.start(cloudMap, {
    onQuery: () => {
      throw new Error("the page is gone");
    },
  });
  expect(data(await bench.ask(NAME))).toEqual(["10.0.0.1"]);
  expect(data(await bench.ask(NAME))).toEqual(["10.0.0.1"]);
  expect(warning).toHaveBeenCalledWith("DNS server: the page is gone");
  warning.mockRestore();
  await bench.stop();
});
