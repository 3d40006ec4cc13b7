import { createServer, type Server } from "node:net";

/** An address that nobody else has until it is given back. */
export interface LoopbackAddress {
  /** For example `127.64.0.10`. */
  readonly address: string;
  giveBack(): Promise<void>;
}

/**
 * Whoever listens here has the address. Runners in several processes share the machine's loopback addresses, and the
 * kernel frees a port however its process ends.
 */
const CLAIM_PORT = 61_964;
const LAST = 0xff_fe;
/** A port that is taken on so many addresses is taken on all of them. */
const TRIES = 20;

/**
 * Loopback addresses for tasks. They go round: an address that a task gave back is the last to be used again, because
 * callers may have it in their DNS cache.
 */
export class AddressPool {
  private next: number;
  private readonly network: string;
  private readonly first: number;

  /** @param firstAddress in 127.0.0.0/8; the pool goes on from there to the end of its /16 */
  public constructor(firstAddress = "127.64.0.10") {
    const bytes = firstAddress.split(".").map(Number);
    const [a = 0, b = 0, c = 0, d = 0] = bytes;
    const valid =
      bytes.length === 4 &&
      a === 127 &&
      bytes.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256);
    if (!valid || (c << 8) + d >= LAST) {
      throw new Error(
        `the first address of the tasks is ${JSON.stringify(firstAddress)}; give an address in 127.0.0.0/8 with others above it, for example 127.64.0.10`,
      );
    }
    this.network = `${a}.${b}`;
    this.first = this.next = (c << 8) + d;
  }

  /**
   * Finds an address on which all of the ports are free.
   *
   * @throws Error which port cannot be opened, why, and what to do about it
   */
  public async take(ports: readonly number[]): Promise<LoopbackAddress> {
    let problem: Error | undefined;
    for (let tried = 0; tried < LAST - this.first && !(problem && tried >= TRIES); tried++) {
      const address = this.nextAddress();
      const claim = await listen(address, CLAIM_PORT).catch((error: unknown) => {
        if (codeOf(error) !== "EADDRINUSE") throw explained(error, address, CLAIM_PORT);
        return undefined;
      });
      if (!claim) continue;
      try {
        for (const port of ports)
          await closed(
            await listen(address, port).catch((error: unknown) => {
              throw explained(error, address, port);
            }),
          );
        return { address, giveBack: () => closed(claim) };
      } catch (error) {
        await closed(claim);
        problem = error as Error;
      }
    }
    throw (
      problem ??
      new Error(
        `all loopback addresses from ${this.network}.${this.first >> 8}.${this.first & 255} on are taken`,
      )
    );
  }

  private nextAddress(): string {
    const host = this.next;
    this.next = host >= LAST ? this.first : host + 1;
    return `${this.network}.${host >> 8}.${host & 255}`;
  }
}

function listen(host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", reject);
    server.listen({ host, port, exclusive: true }, () => resolve(server));
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function explained(error: unknown, address: string, port: number): Error {
  const reasons: Record<string, string> = {
    EACCES: `only root may open it. Allow it until the next start of the machine with: sudo sysctl net.ipv4.ip_unprivileged_port_start=${port}`,
    EADDRINUSE: `something listens on it on all addresses of this machine. See what, and end it: ss -ltnp 'sport = :${port}'`,
    EADDRNOTAVAIL: `this system has only 127.0.0.1. Add the address: sudo ifconfig lo0 alias ${address} up`,
  };
  const reason = reasons[codeOf(error) ?? ""] ?? String(error);
  return new Error(`a task cannot listen on port ${port} of ${address}: ${reason}`);
}
