import { once } from "node:events";
import { decode } from "dns-packet";
import { withLength } from "../../../local/dns/connection";
import { closed, data, DnsBench, edns, query } from "./dns-bench";
import { FakeCloudMap, instances, type FakeService } from "./fake-cloud-map";

const NAMESPACE = "trading-platform.local";
const STOCK = `stock-service.${NAMESPACE}`;
const MANY = `many.${NAMESPACE}`;
const services: FakeService[] = [
  { name: "stock-service", records: [["A", 10]], instances: instances(2) },
  {
    name: "many",
    records: [["SRV", 10]],
    instances: instances(8).map((instance) => ({ ...instance, id: `${instance.id}-${"0".repeat(40)}` })),
  },
  { name: "wide", records: [["A", 10]], instances: instances(8) },
];
let bench: DnsBench;

beforeEach(async () => {
  bench = await DnsBench.start(new FakeCloudMap([{ name: NAMESPACE, services }]), { refreshMs: 60_000 });
});
afterEach(() => bench.stop());

/** It still answers. */
async function expectAlive(): Promise<void> {
  expect(data(await bench.ask(STOCK)).sort()).toEqual(["10.0.0.1", "10.0.0.2"]);
  expect(data(await bench.askTcp(STOCK)).sort()).toEqual(["10.0.0.1", "10.0.0.2"]);
}

describe("a reply", () => {
  test("has the question's id and flags, and says that it is from a resolver", async () => {
    const reply = await bench.ask(STOCK, "A", { id: 4711 });
    expect(reply).toMatchObject({
      id: 4711,
      flag_qr: true,
      flag_aa: false,
      flag_tc: false,
      flag_rd: true,
      flag_ra: true,
      questions: [{ name: STOCK, type: "A", class: "IN" }],
    });
    expect((await bench.ask(STOCK, "A", { flags: 0 })).flag_rd).toBe(false);
  });

  test("has an EDNS record where the question has one", async () => {
    expect((await bench.ask(STOCK)).additionals).toEqual([]);
    const { additionals } = await bench.ask(STOCK, "A", edns(1232, { flags: 1 << 15 }));
    expect(additionals).toMatchObject([{ type: "OPT", udpPayloadSize: 4096, ednsVersion: 0, flag_do: true }]);
    expect((await bench.ask(STOCK, "A", edns(1232))).additionals).toMatchObject([{ flag_do: false }]);
  });

  test("to a version of EDNS that does not exist yet is BADVERS", async () => {
    const reply = await bench.ask(STOCK, "A", edns(1232, { ednsVersion: 1 }));
    expect(reply.additionals).toMatchObject([{ type: "OPT", extendedRcode: 1 }]);
    expect(reply.answers).toEqual([]);
  });

  test("does not repeat the name: eight addresses of a long name fit into 512 bytes", async () => {
    const message = await bench.udp(query(`wide.${NAMESPACE}`));
    expect(message.length).toBe(12 + `wide.${NAMESPACE}`.length + 2 + 4 + 8 * 16);
  });
});

describe("an answer that is too long", () => {
  test("is cut at a record over UDP, with the TC bit", async () => {
    const message = await bench.udp(query(MANY, "SRV"));
    const reply = decode(message);
    expect(message.length).toBeLessThanOrEqual(512);
    expect(reply.flag_tc).toBe(true);
    expect(reply.answers?.length).toBeGreaterThan(0);
    expect(reply.answers?.length).toBeLessThan(8);
    expect(reply.additionals).toEqual([]);
  });

  test("is whole with EDNS, and loses the additional records before any of its own", async () => {
    const whole = await bench.ask(MANY, "SRV", edns(4096));
    expect([whole.flag_tc, whole.answers?.length, whole.additionals?.length]).toEqual([false, 8, 17]);
    const message = await bench.udp(query(MANY, "SRV", edns(1232)));
    const smaller = decode(message);
    expect(message.length).toBeLessThanOrEqual(1232);
    expect([smaller.flag_tc, smaller.answers?.length]).toEqual([false, 8]);
    expect(smaller.additionals?.length).toBeLessThan(17);
    expect(smaller.additionals?.at(-1)).toMatchObject({ type: "OPT" });
  });

  test("is whole over TCP", async () => {
    const reply = await bench.askTcp(MANY, "SRV");
    expect([reply.flag_tc, reply.answers?.length, reply.additionals?.length]).toEqual([false, 8, 16]);
  });

  test("an EDNS size below 512 means 512", async () => {
    const reply = await bench.ask(`wide.${NAMESPACE}`, "A", edns(100));
    expect([reply.flag_tc, reply.answers?.length]).toEqual([false, 8]);
  });
});

describe("TCP", () => {
  test("takes many questions at once, and in pieces", async () => {
    const queries = Array.from({ length: 50 }, (_, id) => query(STOCK, "A", { id }));
    const replies = await bench.tcp(queries, 50);
    expect(new Set(replies.map((reply) => decode(reply).id)).size).toBe(50);

    const socket = await bench.connection();
    for (const byte of withLength(query(STOCK, "A", { id: 99 }))) {
      socket.write(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
    const [reply] = (await once(socket, "data")) as [Buffer];
    expect(decode(reply.subarray(2)).id).toBe(99);
    socket.destroy();
  });

  test("answers a client that has closed its side, and then closes its own", async () => {
    const socket = await bench.connection();
    socket.end(withLength(query(STOCK)));
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    expect(data(decode(Buffer.concat(chunks).subarray(2)))).toHaveLength(2);
  });

  test("outlives clients that hang up in the middle", async () => {
    for (let round = 0; round < 20; round++) {
      const socket = await bench.connection();
      socket.write(withLength(query(STOCK)).subarray(0, round + 1));
      if (round % 2) socket.resetAndDestroy();
      else socket.destroy();
    }
    await expectAlive();
  });

  test("cuts off a client that asks without reading", async () => {
    const socket = await bench.connection();
    const flood = Buffer.concat(Array.from({ length: 200 }, () => withLength(query(MANY, "SRV"))));
    const cut = closed(socket);
    const write = (error?: Error | null): void => {
      if (!error) socket.write(flood, write);
    };
    socket.pause();
    write();
    await cut;
    await expectAlive();
  });
});
