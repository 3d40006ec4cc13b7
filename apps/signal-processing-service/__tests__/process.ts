import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Readable } from "node:stream";

const APPS = join(__dirname, "../..");

export type Log = Record<string, unknown>;

/** One of the services as a process of its own, run from its source. */
export class ServiceProcess {
  public readonly logs: Log[] = [];
  public errors = "";
  private readonly child: ChildProcessByStdio<null, Readable, Readable>;
  private readonly exited: Promise<unknown>;
  private text = "";

  public constructor(
    app: "signal-processing-service" | "stock-service",
    environment: Record<string, string>,
    file = "main.ts",
  ) {
    const folder = join(APPS, app);
    this.child = spawn(process.execPath, ["--import", "tsx", join(folder, "src", file)], {
      cwd: folder,
      env: { PATH: process.env.PATH, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.exited = once(this.child, "exit");
    this.child.stdout.on("data", (chunk: Buffer) => this.read(chunk.toString()));
    this.child.stderr.on("data", (chunk: Buffer) => (this.errors += chunk.toString()));
  }

  /** Resolves when it listens. */
  public async ready(): Promise<this> {
    const listens = (): boolean => this.logs.some(({ msg }) => String(msg).startsWith("Server listening"));
    for (const end = Date.now() + 30_000; !listens();) {
      if (this.child.exitCode !== null || Date.now() > end)
        throw new Error(`did not start: ${this.errors}${this.text}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return this;
  }

  /** Where it listens, as it has logged it. */
  public get url(): string {
    const line = this.logs.map(({ msg }) => String(msg)).find((msg) => msg.startsWith("Server listening"));
    return String(line).replace("Server listening at ", "");
  }

  public signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  public async exitCode(): Promise<number | null> {
    await this.exited;
    return this.child.exitCode;
  }

  public async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.exited;
  }

  private read(chunk: string): void {
    const lines = (this.text + chunk).split("\n");
    this.text = lines.pop() ?? "";
    this.logs.push(...lines.map((line) => JSON.parse(line) as Log));
  }
}
