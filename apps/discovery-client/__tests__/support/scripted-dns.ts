import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { createServer, type Server, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import packet, { type Answer, type Packet } from "dns-packet";

export interface Query {
  readonly name: string;
  readonly type: string;
  readonly over: "udp" | "tcp";
}

const AUTHORITATIVE_ANSWER = 1 << 10;
const TRUNCATED_RESPONSE = 1 << 9;
const CODES = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 };

/** A DNS server on 127.0.0.1, over UDP and TCP, whose answers a test changes as it goes. */
export class ScriptedDns {
  /** Every query that came in, in order. */
  readonly queries: Query[] = [];
  /** Answers every query with this code instead of records. */
  failure: "SERVFAIL" | "NXDOMAIN" | "REFUSED" | undefined;
  /** The same for queries of one type. */
  failureOf: Partial<Record<string, "SERVFAIL" | "NXDOMAIN" | "REFUSED">> = {};
  /** Answers nothing at all, as a server that is out of reach. */
  silent = false;
  /** Waits so long before it answers. */
  delayMs = 0;
  /** Answers over UDP with the truncation flag, so that the client comes again over TCP. */
  truncate = false;

  readonly #records = new Map<string, Answer[]>();
  readonly #sockets = new Set<Socket>();
  #stopped = false;

  private constructor(
    private readonly udp: UdpSocket,
    private readonly tcp: Server,
    /** `address:port`, for `dns.servers`. */
    readonly server: string,
  ) {
    udp.on("message", (message, peer) => {
      void this.#answer(message, "udp").then((answer) => {
        if (answer !== undefined && !this.#stopped)
          udp.send(packet.encode(answer), peer.port, peer.address, () => undefined);
      });
    });
    tcp.on("connection", (socket) => this.#serve(socket));
  }

  static async start(): Promise<ScriptedDns> {
    for (;;) {
      const tcp = createServer();
      await new Promise<void>((resolve) => tcp.listen(0, "127.0.0.1", resolve));
      const { port } = tcp.address() as { port: number };
      const udp = createSocket("udp4");
      const bound = await new Promise<boolean>((resolve) => {
        udp.once("error", () => resolve(false));
        udp.bind(port, "127.0.0.1", () => resolve(true));
      });
      if (bound) return new ScriptedDns(udp, tcp, `127.0.0.1:${port}`);
      udp.close();
      tcp.close();
    }
  }

  a(name: string, addresses: readonly string[], ttl = 10): void {
    this.#records.set(
      `A ${name}`,
      addresses.map((data) => ({ type: "A", name, ttl, data })),
    );
  }

  aaaa(name: string, addresses: readonly string[], ttl = 10): void {
    this.#records.set(
      `AAAA ${name}`,
      addresses.map((data) => ({ type: "AAAA", name, ttl, data })),
    );
  }

  srv(name: string, targets: readonly { target: string; port: number }[], ttl = 10): void {
    this.#records.set(
      `SRV ${name}`,
      targets.map((target) => ({
        type: "SRV",
        name,
        ttl,
        data: { priority: 1, weight: 1, ...target },
      })),
    );
  }

  count(name: string): number {
    return this.queries.filter((query) => query.name === name).length;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all([
      new Promise<void>((resolve) => this.udp.close(() => resolve())),
      new Promise<void>((resolve) => this.tcp.close(() => resolve())),
    ]);
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket)).on("error", () => undefined);
    let received = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const end = 2 + received.readUInt16BE(0);
        const message = received.subarray(2, end);
        received = received.subarray(end);
        void this.#answer(message, "tcp").then((answer) => {
          if (answer !== undefined) socket.write(packet.streamEncode(answer));
        });
      }
    });
  }

  #isThere(name: string): boolean {
    return ["A", "AAAA", "SRV"].some((type) => (this.#records.get(`${type} ${name}`) ?? []).length > 0);
  }

  async #answer(message: Buffer, over: "udp" | "tcp"): Promise<Packet | undefined> {
    const query = packet.decode(message);
    const question = query.questions?.[0];
    if (question === undefined) return undefined;
    this.queries.push({ name: question.name, type: question.type, over });
    const { failure, silent, delayMs } = this;
    if (silent) return undefined;
    if (delayMs > 0) await delay(delayMs, undefined, { ref: false });
    const answers = this.#records.get(`${question.type} ${question.name}`);
    const code =
      failure ?? this.failureOf[question.type] ?? (this.#isThere(question.name) ? "NOERROR" : "NXDOMAIN");
    const truncated = this.truncate && over === "udp";
    return {
      type: "response",
      id: query.id ?? 0,
      flags: AUTHORITATIVE_ANSWER | (truncated ? TRUNCATED_RESPONSE : 0) | CODES[code],
      questions: [question],
      answers: code === "NOERROR" && !truncated ? (answers ?? []) : [],
    };
  }
}
