import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { python } from "../../emulator-process";
import type { Watchdog } from "../watchdog";
import type { PortRange } from "./security-groups";

/** Where something on this machine listens that tasks may call. */
export interface Listening {
  /** Of IPv4. */
  readonly address: string;
  readonly port: number;
}

/** Stands for the API of AWS in the place of a task that is called. */
export const AWS = "AWS";

/** From one task to another, or to `AWS`. */
export interface Way {
  /** Id of the task that calls. */
  readonly from: string;
  /** Id of the task that is called. */
  readonly to: string;
  readonly tcp: readonly PortRange[];
  readonly udp: readonly PortRange[];
}

export type HelperCommand =
  | {
      readonly command: "add";
      readonly task: string;
      readonly address: string;
      readonly udp: readonly number[];
    }
  | { readonly command: "remove"; readonly task: string }
  | { readonly command: "allow"; readonly ways: readonly Way[] }
  | { readonly command: "look" };

export interface HelperOptions {
  readonly watchdog: Watchdog;
  readonly nameServer: Listening | undefined;
  readonly aws: Listening | undefined;
  /** Of a way that cannot be opened: why, and the id of the task that it is about. */
  readonly onProblem: (problem: string, taskId: string) => void;
  /** It has ended, and was not asked to. */
  onLost(how: string): void;
}

interface Line {
  readonly id?: number;
  readonly error?: string;
  readonly namespace?: string;
  readonly problem?: string;
  readonly task?: string;
}

/** It uses nothing but the standard library, and writes nothing beside its sources. */
const COMMAND = [python(), "-S", "-E", "-B", join(__dirname, "helper.py")];

/** What is run to see whether it would work here. */
export const PROBE: readonly string[] = [...COMMAND, "--probe"];

/** The process that holds the tasks' network namespaces open and joins them: `helper.py`, where its commands are described. */
export class NetworkHelper {
  public static async start(options: HelperOptions): Promise<NetworkHelper> {
    const [command = "", ...args] = COMMAND;
    const { nameServer, aws } = options;
    if (nameServer) args.push("--name-server", `${nameServer.address}:${nameServer.port}`);
    if (aws) args.push("--aws", `${aws.address}:${aws.port}`);
    // a group of its own: Ctrl-C in the terminal goes to the whole group of this process
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], detached: true });
    await once(child, "spawn");
    const helper = new NetworkHelper(child, options);
    // it ends with its input; this is for the day when it does not
    await options.watchdog.watch(helper.pid);
    return helper;
  }

  public readonly pid: number;
  private readonly waiting = new Map<
    number,
    { resolve: (line: Line) => void; reject: (error: Error) => void }
  >();
  private readonly ended: Promise<void>;
  private lastId = 0;
  private stopping = false;
  private printed = "";

  private constructor(
    private readonly child: ChildProcess,
    private readonly options: HelperOptions,
  ) {
    this.pid = child.pid ?? 0;
    if (child.stdout) createInterface({ input: child.stdout }).on("line", (line) => this.take(line));
    child.stderr?.on("data", (chunk: Buffer) => (this.printed += chunk.toString()));
    child.stdin?.on("error", () => undefined);
    this.ended = new Promise((resolve) =>
      child.once("close", (code, signal) => resolve(this.end(code, signal))),
    );
  }

  /** @throws Error where it cannot be done, or the process has ended */
  public async obey(command: HelperCommand): Promise<{ readonly namespace?: string }> {
    const id = ++this.lastId;
    return await new Promise<Line>((resolve, reject) => {
      if (!this.child.stdin?.writable) {
        reject(new Error("the network of the tasks has ended"));
        return;
      }
      this.waiting.set(id, { resolve, reject });
      this.child.stdin.write(`${JSON.stringify({ id, ...command })}\n`);
    });
  }

  /** Ends it, and with it every namespace that no process is in. */
  public async stop(): Promise<void> {
    this.stopping = true;
    this.child.stdin?.end();
    await this.ended;
  }

  private take(text: string): void {
    const line = JSON.parse(text) as Line;
    if (line.problem !== undefined) this.options.onProblem(line.problem, line.task ?? "");
    if (line.id === undefined) return;
    const waiting = this.waiting.get(line.id);
    this.waiting.delete(line.id);
    if (line.error === undefined) waiting?.resolve(line);
    else waiting?.reject(new Error(line.error));
  }

  private async end(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    const how = [signal ? `ended by ${signal}` : `exit code ${code}`, this.printed.trim()].filter(Boolean);
    for (const { reject } of this.waiting.values())
      reject(new Error(`the network of the tasks: ${how.join("\n")}`));
    this.waiting.clear();
    await this.options.watchdog.forget(this.pid);
    if (!this.stopping) this.options.onLost(how.join("\n"));
  }
}
