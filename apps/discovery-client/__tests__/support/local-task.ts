import { createServer, type RequestListener, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { freePort } from "./task.js";

/** A task inside the test's own process: cheap, and it does what the test says. */
export class LocalTask {
  /** Requests that reached it. */
  hits = 0;
  /** Connections that it accepted. */
  connections = 0;
  /** Resets the connection unless the test changes it. */
  onUpgrade = (socket: Duplex): void => void socket.destroy();
  readonly #server: Server;
  readonly #upgraded = new Set<Duplex>();

  private constructor(
    readonly address: string,
    readonly port: number,
    /** Answers with the address unless the test changes it. */
    public answer: RequestListener = (request, response) => {
      request.resume();
      response.end(address);
    },
  ) {
    this.#server = createServer((request, response) => {
      this.hits += 1;
      this.answer(request, response);
    });
    this.#server.on("connection", () => (this.connections += 1));
    this.#server.on("upgrade", (_request, socket) => {
      this.#upgraded.add(socket);
      socket.on("error", () => undefined);
      this.onUpgrade(socket);
    });
    this.#server.keepAliveTimeout = 65_000;
  }

  static async startAll(addresses: readonly string[], answer?: RequestListener): Promise<LocalTask[]> {
    const port = await freePort(addresses);
    const tasks = addresses.map((address) => new LocalTask(address, port, answer));
    await Promise.all(tasks.map((task) => task.start()));
    return tasks;
  }

  start(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(this.port, this.address, resolve));
  }

  /** Refuses from now on, and resets what is connected. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    for (const socket of this.#upgraded) socket.destroy();
    await closed;
  }
}
