import { createSocket } from "node:dgram";
import { decode, type DecodedPacket } from "dns-packet";
import fc from "fast-check";
import { withLength } from "../../../local/dns/connection";
import { closed, data, DnsBench, edns, query, status, STATUS } from "./dns-bench";
import { FakeCloudMap, instances } from "./fake-cloud-map";
import { service, STOCK } from "./served-zone";

let bench: DnsBench;

beforeEach(async () => {
  bench = await DnsBench.start(new FakeCloudMap(service({ instances: instances(2) })), { refreshMs: 60_000 });
});
afterEach(() => bench.stop());

/** It still answers. */
async function expectAlive(): Promise<void> {
  expect(data(await bench.ask(STOCK)).sort()).toEqual(["10.0.0.1", "10.0.0.2"]);
  expect(data(await bench.askTcp(STOCK)).sort()).toEqual(["10.0.0.1", "10.0.0.2"]);
}

describe("what is no question", () => {
  const header = (flags: number, counts: number[]): Buffer => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt16BE(7, 0);
    bytes.writeUInt16BE(flags, 2);
    counts.forEach((count, index) => bytes.writeUInt16BE(count, 4 + 2 * index));
    return bytes;
  };
  const name = Buffer.concat([Buffer.from([5]), Buffer.from("stock"), Buffer.from([0])]);
  const typeAndClass = Buffer.from([0, 1, 0, 1]);
  const labels = (label: Buffer): Buffer =>
    Buffer.concat([
      header(0, [1, 0, 0, 0]),
      Buffer.from([label.length]),
      label,
      Buffer.from([0]),
      typeAndClass,
    ]);

  test.each([
    ["no question", header(0, [0, 0, 0, 0]), STATUS.FORMERR],
    [
      "two questions",
      Buffer.concat([header(0, [2]), name, typeAndClass, name, typeAndClass]),
      STATUS.FORMERR,
    ],
    ["a question that is missing", header(0, [1]), STATUS.FORMERR],
    ["half a question", Buffer.concat([header(0, [1]), name]), STATUS.FORMERR],
    ["an answer that is missing", Buffer.concat([header(0, [1, 1]), name, typeAndClass]), STATUS.FORMERR],
    [
      "a record that is longer than the message",
      Buffer.concat([
        header(0, [1, 0, 0, 1]),
        name,
        typeAndClass,
        name,
        Buffer.from("ff0000010000000000ff", "hex"),
      ]),
      STATUS.FORMERR,
    ],
    [
      "a pointer to itself",
      Buffer.concat([header(0, [1]), Buffer.from([0xc0, 12]), typeAndClass]),
      STATUS.FORMERR,
    ],
    [
      "a pointer into the header",
      Buffer.concat([header(0, [1]), Buffer.from([0xc0, 4]), typeAndClass]),
      STATUS.FORMERR,
    ],
    ["a dot in a label", labels(Buffer.from("a.b")), STATUS.FORMERR],
    ["a label that is not UTF-8", labels(Buffer.from([0xff, 0xfe])), STATUS.FORMERR],
    [
      "two EDNS records",
      query(STOCK, "A", {
        additionals: [...(edns(512).additionals ?? []), ...(edns(512).additionals ?? [])],
      }),
      STATUS.FORMERR,
    ],
    ["more than a question can have", Buffer.concat([query(STOCK), Buffer.alloc(5000)]), STATUS.FORMERR],
    ["another opcode", header(5 << 11, [0]), STATUS.NOTIMP],
  ])("%s", async (_, message, expected) => {
    const reply: DecodedPacket = decode(await bench.udp(message));
    expect(reply).toMatchObject({ id: message.readUInt16BE(0), flag_qr: true, questions: [], answers: [] });
    expect(status(reply)).toBe(expected);
    expect(bench.queries).toEqual([]);
    await expectAlive();
  });

  test("a reply, and what is shorter than a header, get no answer", async () => {
    const socket = createSocket("udp4");
    let replies = 0;
    socket.on("message", () => replies++);
    const reply = query(STOCK, "A", { type: "response" });
    for (const message of [reply, Buffer.alloc(0), Buffer.from([1]), Buffer.alloc(11)]) {
      socket.send(message, bench.server.port, bench.server.address);
    }
    await expectAlive();
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.close();
    expect(replies).toBe(0);
  });
});

describe("whatever comes", () => {
  const valid = [query(STOCK), query(STOCK, "SRV", edns(1232)), query("www.example.com", "TXT")];
  const damaged = fc
    .tuple(
      fc.constantFrom(...valid),
      fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 6 }),
      fc.nat(80),
      fc.uint8Array({ maxLength: 40 }),
    )
    .map(([message, changes, end, more]) => {
      const bytes = Buffer.concat([message.subarray(0, end), more]);
      for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
      return bytes;
    });
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 600 }).map((array) => Buffer.from(array)),
    damaged,
  );

  test("over UDP, every later question is answered", async () => {
    const socket = createSocket("udp4");
    const replies: Buffer[] = [];
    socket.on("message", (message) => replies.push(message));
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { minLength: 1, maxLength: 20 }), async (messages) => {
        for (const message of messages) socket.send(message, bench.server.port, bench.server.address);
        expect(data(await bench.ask(STOCK))).toHaveLength(2);
      }),
      { numRuns: 200 },
    );
    socket.close();
    // and what is answered can be read
    expect(replies.length).toBeGreaterThan(100);
    replies.forEach((reply) => expect(decode(reply).flag_qr).toBe(true));
  });

  test("over TCP, every later connection is served", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(bytes, { minLength: 1, maxLength: 10 }),
        fc.boolean(),
        async (messages, framed) => {
          const socket = await bench.connection();
          const ended = closed(socket);
          socket.end(Buffer.concat(framed ? messages.map(withLength) : messages));
          socket.resume();
          await ended;
          expect(data(await bench.askTcp(STOCK))).toHaveLength(2);
        },
      ),
      { numRuns: 100 },
    );
  });
});
