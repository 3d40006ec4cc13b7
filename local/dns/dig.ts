import { createSocket } from "node:dgram";
import { connect, isIPv6 } from "node:net";
import {
  AUTHENTIC_DATA,
  RECURSION_DESIRED,
  decode,
  encode,
  type Answer,
  type DecodedPacket,
  type Packet,
} from "dns-packet";
import { RCODE } from "./answer";
import { firstMessage, withLength } from "./connection";
import { normalized } from "./domain-name";
import { absolute, dataOf } from "./record-text";

/** What a server answered. */
export interface Dig {
  /** For example `NOERROR` or `NXDOMAIN`. */
  readonly status: string;
  /** Byte for byte what `dig +noall +answer` prints, a line for each record. */
  readonly lines: readonly string[];
}

export interface DigOptions {
  /** Where the server is; a `DnsServer` is one. */
  readonly server: { readonly address: string; readonly port: number };
  /** How long one attempt waits, in milliseconds. @default 5000, as dig does */
  readonly timeoutMs?: number;
  /** How often it is asked over UDP. @default 3, as dig does */
  readonly tries?: number;
}

/** dig's columns of TTL, class, type and data. A longer name moves them to the right. */
const COLUMNS = [24, 32, 40, 48];
const TAB = 8;
const UDP_BYTES = 1232;

/**
 * Asks as dig does, over TCP where the answer does not fit into UDP.
 *
 * ```ts
 * const { lines } = await dig("stock-service.trading-platform.local", "A", { server });
 * // stock-service.trading-platform.local. 10 IN A 127.0.0.11
 * ```
 *
 * @throws Error where nobody answers
 */
export async function dig(name: string, type: "A" | "AAAA" | "SRV", options: DigOptions): Promise<Dig> {
  const id = Math.floor(Math.random() * 0x1_0000);
  const opt: Answer = {
    type: "OPT",
    name: ".",
    udpPayloadSize: UDP_BYTES,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  };
  const query: Packet = {
    type: "query",
    id,
    flags: RECURSION_DESIRED | AUTHENTIC_DATA,
    questions: [{ name, type }],
    additionals: [opt],
  };
  const request: Request = { query: encode(query), timeoutMs: 5000, ...options };
  let reply = await overUdp(request, options.tries ?? 3);
  if (reply.flag_tc) reply = await overTcp(request);
  const rcode = (reply.flags ?? 0) & 0xf;
  const status = Object.entries(RCODE).find(([, code]) => code === rcode)?.[0] ?? `RCODE${rcode}`;
  return { status, lines: (reply.answers ?? []).flatMap(line) };
}

interface Request extends DigOptions {
  readonly query: Buffer;
  readonly timeoutMs: number;
}

async function overUdp(request: Request, tries: number): Promise<DecodedPacket> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await onceOverUdp(request);
    } catch (error) {
      if (attempt >= tries) throw error;
    }
  }
}

function onceOverUdp({ server, query, timeoutMs }: Request): Promise<DecodedPacket> {
  return new Promise((resolve, reject) => {
    // a connected socket hears of a port where nobody listens, and only hears the server
    const socket = createSocket(isIPv6(server.address) ? "udp6" : "udp4");
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      socket.close();
      settle();
    };
    const timer = setTimeout(() => end(() => reject(noAnswer(server, "timed out"))), timeoutMs);
    socket.on("error", (error) => end(() => reject(noAnswer(server, error.message))));
    socket.on("message", (message) => {
      const reply = replyTo(query, message);
      if (reply) end(() => resolve(reply));
    });
    socket.on("connect", () => socket.send(query));
    socket.connect(server.port, server.address);
  });
}

function overTcp({ server, query, timeoutMs }: Request): Promise<DecodedPacket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: server.address, port: server.port });
    const end = (settle: () => void): void => {
      socket.destroy();
      settle();
    };
    let received = Buffer.alloc(0);
    socket.setTimeout(timeoutMs, () => end(() => reject(noAnswer(server, "timed out"))));
    socket.on("error", (error) => end(() => reject(noAnswer(server, error.message))));
    socket.on("end", () => end(() => reject(noAnswer(server, "the connection was closed"))));
    socket.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const message = firstMessage(received);
      const reply = message && replyTo(query, message);
      if (reply) end(() => resolve(reply));
    });
    socket.write(withLength(query));
  });
}

/** The reply, if it is the one to this query. */
function replyTo(query: Buffer, message: Buffer): DecodedPacket | undefined {
  try {
    const [asked, reply] = [decode(query), decode(message)];
    const name = (packet: Packet): string => normalized(packet.questions?.[0]?.name ?? "");
    return reply.flag_qr && reply.id === asked.id && name(reply) === name(asked) ? reply : undefined;
  } catch {
    return undefined;
  }
}

function noAnswer({ address, port }: DigOptions["server"], reason: string): Error {
  return new Error(`no answer from the DNS server at ${address}, port ${port}: ${reason}`);
}

function line(record: Answer): string[] {
  if (record.type === "OPT") return [];
  const cells = [absolute(record.name), `${record.ttl ?? 0}`, "IN", record.type, dataOf(record)];
  let column = 0;
  return [
    cells.reduce((text, cell, index) => {
      column += cells[index - 1]?.length ?? 0;
      // BIND's own rule: at least one blank, tabs as far as they reach
      const to = Math.max(COLUMNS[index - 1] ?? 0, column + 1);
      const tabs = Math.floor(to / TAB) - Math.floor(column / TAB);
      const spaces = tabs > 0 ? to % TAB : to - column;
      column = to;
      return `${text}${"\t".repeat(tabs)}${" ".repeat(spaces)}${cell}`;
    }),
  ];
}
