import type { RemoteInfo } from "node:dgram";
import { once } from "node:events";
import type { Socket } from "node:net";
import type { Question } from "dns-packet";
import { answer, failure, type Reply, type Status } from "./answer";
import { readNamespaces, type CloudMap, type Namespace } from "./cloud-map";
import { serveConnection } from "./connection";
import { listen, type Listeners } from "./loopback";
import { read, TCP_BYTES, write, writeUnusable, type Query } from "./message";
import { dataOf } from "./record-text";
import { Snapshots } from "./snapshots";
import { serviceName, Zones } from "./zone";

export interface DnsServerOptions {
  /** Where the records come from, see `cloudMapOf`. It stays the caller's. */
  readonly cloudMap: CloudMap;
  /** A loopback address. @default 127.0.0.1 */
  readonly address?: string;
  /** For UDP and TCP. @default 0, a free one */
  readonly port?: number;
  /** How old the state of Cloud Map may be that a question is answered from, in milliseconds. @default 200 */
  readonly refreshMs?: number;
  /** How long Cloud Map may take before the answer is SERVFAIL, in milliseconds. @default 2000 */
  readonly timeoutMs?: number;
  /**
   * How long a resolver may remember that a name does not exist, in seconds. A namespace with an SOA TTL of its own
   * keeps that. @default - 300 in private zones, 900 in public ones (aws/aws-app-mesh-roadmap#221)
   */
  readonly negativeTtl?: number;
  /** Is told every question and what became of it, after the answer was sent. */
  readonly onQuery?: (query: DnsQuery) => void;
}

/** A question that was answered. */
export interface DnsQuery {
  /** As it was asked, without the dot at the end. */
  readonly name: string;
  /** For example `A` or `SRV`. */
  readonly type: string;
  readonly status: Status;
  /** The records of the answer, as `dig +short` prints them. */
  readonly answers: readonly string[];
  /** Who asked, for example `127.0.0.12:40123`. */
  readonly from: string;
  readonly protocol: "udp" | "tcp";
}

/** A name of Cloud Map, and what is answered for one of its record types now. */
export interface ServiceName {
  /** Id of the Cloud Map service. */
  readonly serviceId: string;
  readonly name: string;
  readonly type: string;
  /** Seconds. */
  readonly ttl: number;
  /** As `dig +short` prints them. */
  readonly answers: readonly string[];
}

interface State {
  readonly namespaces: readonly Namespace[];
  readonly zones: Zones;
}

/**
 * Answers DNS questions from the state of Cloud Map, as the resolver of a VPC does from Route 53's private zones.
 *
 * ```ts
 * const server = await DnsServer.start({ cloudMap: cloudMapOf(emulator) });
 * // dig @127.0.0.1 -p <server.port> stock-service.trading-platform.local
 * await server.stop();
 * ```
 */
export class DnsServer {
  /** @throws Error where the address is not a loopback address, or the port cannot be had */
  public static async start(options: DnsServerOptions): Promise<DnsServer> {
    const address = options.address ?? "127.0.0.1";
    return new DnsServer(options, address, await listen(address, options.port ?? 0));
  }

  public readonly port: number;
  private readonly state: Snapshots<State>;
  private readonly connections = new Set<Socket>();
  private stopping: Promise<void> | undefined;

  private constructor(
    private readonly options: DnsServerOptions,
    public readonly address: string,
    private readonly listeners: Listeners,
  ) {
    this.port = listeners.port;
    this.state = new Snapshots(
      async (signal) => {
        const namespaces = await readNamespaces(options.cloudMap, signal);
        return { namespaces, zones: new Zones(namespaces, options.negativeTtl) };
      },
      { refreshMs: options.refreshMs ?? 200, timeoutMs: options.timeoutMs ?? 2000 },
    );
    listeners.udp.on("message", (message, from) => void this.serveUdp(message, from));
    listeners.tcp.on("connection", (socket) => this.serveTcp(socket));
    // about a single message, whose sender went away
    listeners.udp.on("error", warn);
    listeners.tcp.on("error", warn);
  }

  /** All names that services of Cloud Map have, with the answers that they get now. @throws what Cloud Map's API throws */
  public async names(): Promise<ServiceName[]> {
    const { namespaces, zones } = await this.state.current();
    return namespaces.flatMap((namespace) =>
      namespace.services.flatMap((service) =>
        service.records.map(({ type, ttl }) => {
          const name = serviceName(service, namespace);
          const { answers } = answer(zones, { name, type: type as Question["type"], class: "IN" });
          return { serviceId: service.id, name, type, ttl, answers: answers.map(dataOf) };
        }),
      ),
    );
  }

  /** Ends all sockets and what is under way. May be called twice. */
  public stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  private async end(): Promise<void> {
    const { udp, tcp } = this.listeners;
    this.state.stop();
    const closed = [once(udp, "close"), once(tcp, "close")];
    udp.close();
    tcp.close();
    this.connections.forEach((socket) => socket.destroy());
    await Promise.all(closed);
  }

  private async serveUdp(message: Buffer, { address, port }: RemoteInfo): Promise<void> {
    const from = endpoint(address, port);
    await this.reply(message, { protocol: "udp", from }, (answer) => {
      // nobody can be answered at port 0
      if (port > 0) this.listeners.udp.send(answer, port, address, () => undefined);
    });
  }

  private serveTcp(socket: Socket): void {
    this.connections.add(socket);
    socket.once("close", () => this.connections.delete(socket));
    const from = endpoint(socket.remoteAddress ?? "", socket.remotePort ?? 0);
    serveConnection(socket, async (message) => {
      let reply: Buffer | undefined;
      await this.reply(message, { protocol: "tcp", from }, (answer) => (reply = answer));
      return reply;
    });
  }

  /** Never throws: whatever came over the network, the next message must be answered. */
  private async reply(
    message: Buffer,
    sender: Pick<DnsQuery, "from" | "protocol">,
    send: (answer: Buffer) => void,
  ): Promise<void> {
    try {
      const given = read(message);
      if ("unusable" in given) {
        if (given.unusable) send(writeUnusable(given.unusable));
        return;
      }
      const { query } = given;
      const reply = await this.answer(query);
      if (this.stopping) return;
      send(write(query.header, reply, sender.protocol === "tcp" ? TCP_BYTES : query.udpSize));
      const { name, type } = query.question;
      this.options.onQuery?.({
        name,
        type,
        status: reply.status,
        answers: reply.answers.map(dataOf),
        ...sender,
      });
    } catch (error) {
      warn(error);
    }
  }

  /** SERVFAIL while Cloud Map does not answer: that a name does not exist would be remembered. */
  private async answer({ question }: Query): Promise<Reply> {
    try {
      return answer((await this.state.current()).zones, question);
    } catch {
      return failure("SERVFAIL");
    }
  }
}

function endpoint(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

function warn(error: unknown): void {
  process.emitWarning(`DNS server: ${error instanceof Error ? error.message : String(error)}`);
}
