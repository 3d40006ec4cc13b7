import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";

export interface Served {
  readonly id: string;
  readonly method: string;
}

/** One task of a service: a child process that serves HTTP at one address. */
export class Task {
  /** The requests that reached it. */
  readonly served: Served[] = [];
  #process: ChildProcess;

  private constructor(
    readonly address: string,
    readonly port: number,
  ) {
    this.#process = this.#fork();
  }

  static async start(address: string, port: number): Promise<Task> {
    const task = new Task(address, port);
    await task.#listening();
    return task;
  }

  /** Starts tasks on the same port of each address. */
  static async startAll(addresses: readonly string[]): Promise<Task[]> {
    const port = await freePort(addresses);
    return Promise.all(addresses.map((address) => Task.start(address, port)));
  }

  /** As a task that crashes: the operating system refuses new connections and resets old ones. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await exited;
  }

  async restart(): Promise<void> {
    this.#process = this.#fork();
    await this.#listening();
  }

  /** Connections are still accepted, by the kernel, and nothing is answered. */
  freeze(): void {
    this.#process.kill("SIGSTOP");
  }

  thaw(): void {
    this.#process.kill("SIGCONT");
  }

  #fork(): ChildProcess {
    const child = fork(join(__dirname, "backend.mjs"), [this.address, String(this.port)], { execArgv: [] });
    child.on("message", (message) => {
      if (message !== "listening") this.served.push(message as Served);
    });
    return child;
  }

  async #listening(): Promise<void> {
    await once(this.#process, "message");
  }
}

/** A port that is free at every one of the addresses, below the range from which the kernel gives ports. */
export async function freePort(addresses: readonly string[]): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const free = await Promise.all(addresses.map((address) => isFree(address, port)));
    if (free.every(Boolean)) return port;
  }
}

async function isFree(address: string, port: number): Promise<boolean> {
  const server = createServer();
  const free = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, address, () => resolve(true));
  });
  if (free) await new Promise((resolve) => server.close(resolve));
  return free;
}
