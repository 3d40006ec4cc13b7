import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import {
  decode,
  encode,
  RECURSION_DESIRED,
  type DecodedPacket,
  type Packet,
  type Question,
} from "dns-packet";
import type { CloudMap } from "../../../local/dns/cloud-map";
import { firstMessage, withLength } from "../../../local/dns/connection";
import { DnsServer, type DnsQuery, type DnsServerOptions } from "../../../local/dns/server";

export const STATUS = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 };

/** A server, clients that speak bytes to it, and what it told its hook. */
export class DnsBench {
  public static async start(cloudMap: CloudMap, options: Partial<DnsServerOptions> = {}): Promise<DnsBench> {
    const queries: DnsQuery[] = [];
    const server = await DnsServer.start({
      cloudMap,
      refreshMs: 0,
      onQuery: (query) => queries.push(query),
      ...options,
    });
    return new DnsBench(server, queries);
  }

  private constructor(
    public readonly server: DnsServer,
    public readonly queries: readonly DnsQuery[],
  ) {}

  /** Asks one question over UDP. */
  public async ask(name: string, type: Question["type"] = "A", more: Packet = {}): Promise<DecodedPacket> {
    return decode(await this.udp(query(name, type, more)));
  }

  /** Asks one question over TCP. */
  public async askTcp(name: string, type: Question["type"] = "A"): Promise<DecodedPacket> {
    const [reply] = await this.tcp([query(name, type)], 1);
    return decode(reply ?? Buffer.alloc(0));
  }

  /** Sends bytes and waits for the reply. */
  public async udp(message: Buffer): Promise<Buffer> {
    const socket = createSocket("udp4");
    try {
      const reply = once(socket, "message", { signal: AbortSignal.timeout(5000) });
      socket.send(message, this.server.port, this.server.address);
      return ((await reply) as [Buffer])[0];
    } finally {
      socket.close();
    }
  }

  /** Sends messages on one connection, and waits for so many replies. */
  public async tcp(messages: readonly Buffer[], replies: number): Promise<Buffer[]> {
    const socket = await this.connection();
    socket.write(Buffer.concat(messages.map(withLength)));
    const received: Buffer[] = [];
    let rest = Buffer.alloc(0);
    for await (const chunk of socket) {
      rest = Buffer.concat([rest, chunk as Buffer]);
      for (let message = firstMessage(rest); message; message = firstMessage(rest)) {
        received.push(message);
        rest = rest.subarray(2 + message.length);
      }
      if (received.length >= replies) break;
    }
    return received;
  }

  public async connection(): Promise<Socket> {
    const socket = connect(this.server.port, this.server.address);
    await once(socket, "connect");
    return socket;
  }

  public stop(): Promise<void> {
    return this.server.stop();
  }
}

/** Resolves when the connection has ended, be it by an error. */
export function closed(socket: Socket): Promise<void> {
  socket.on("error", () => undefined);
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

export function query(name: string, type: Question["type"] = "A", more: Packet = {}): Buffer {
  return encode({
    type: "query",
    id: Math.floor(Math.random() * 0x1_0000),
    flags: RECURSION_DESIRED,
    questions: [{ name, type }],
    ...more,
  });
}

/** An EDNS record as a client sends it. */
export function edns(udpPayloadSize: number, more: object = {}): Packet {
  return {
    additionals: [
      {
        type: "OPT",
        name: ".",
        udpPayloadSize,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: [],
        ...more,
      },
    ],
  };
}

export function status({ flags = 0 }: DecodedPacket): number {
  return flags & 0xf;
}

/** The data of the answers, in order. */
export function data({ answers = [] }: Packet): unknown[] {
  return answers.map((record) => ("data" in record ? record.data : undefined));
}
