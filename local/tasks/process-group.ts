import { spawn, type ChildProcessByStdio } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Watchdog } from "./watchdog";

export interface GroupCommand {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** All of it; nothing of this process's own environment is added. */
  readonly env: Readonly<Record<string, string>>;
  readonly onLine?: (line: string, stream: "stdout" | "stderr") => void;
}

/** How a process ended: with a code, or by a signal. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Begins only when it is told to, which is after the watchdog knows of it; at the end of its input it never begins. */
const GATE = 'read -r go || exit 125; exec "$@" </dev/null';
const GONE_POLL_MS = 10;
const GONE_POLLS = 100;

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** A process and whatever it starts, which end together, like a container's, and with this process at the latest. */
export class ProcessGroup {
  /** Starts it. @throws Error where the system starts no process */
  public static async start(command: GroupCommand, watchdog: Watchdog): Promise<ProcessGroup> {
    const child = spawn("/bin/sh", ["-c", GATE, "sh", ...command.argv], {
      cwd: command.cwd,
      env: { ...command.env },
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
    });
    const group = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("spawn", () => resolve(child.pid ?? 0));
    });
    const started = new ProcessGroup(group, child, command, watchdog);
    await watchdog.watch(group);
    child.stdin.on("error", () => undefined);
    child.stdin.end("go\n");
    return started;
  }

  /** Resolves when the process has ended, all others of its group are gone and their output is read. */
  public readonly exited: Promise<Exit>;
  private ended = false;

  private constructor(
    /** Of the process, and of its group. */
    public readonly pid: number,
    child: Child,
    command: GroupCommand,
    watchdog: Watchdog,
  ) {
    const { onLine } = command;
    for (const stream of ["stdout", "stderr"] as const) {
      const lines = createInterface({ input: child[stream], crlfDelay: Infinity });
      lines.on("line", (line) => onLine?.(line, stream));
    }
    const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
    this.exited = new Promise<Exit>((resolve) => {
      child.once("exit", (code, signal) => {
        this.ended = true;
        void this.end(closed, child, watchdog).then(() => resolve({ code, signal }));
      });
    });
  }

  /** Sends a signal to the process alone, as a container engine does. */
  public signal(signal: NodeJS.Signals): void {
    if (!this.ended) send(this.pid, signal);
  }

  /** Kills the process and all others of its group. */
  public kill(): void {
    if (!this.ended) send(-this.pid, "SIGKILL");
  }

  private async end(closed: Promise<void>, child: Child, watchdog: Watchdog): Promise<void> {
    for (let poll = 0; poll < GONE_POLLS && send(-this.pid, "SIGKILL"); poll++) await sleep(GONE_POLL_MS);
    // a process that left the group may hold the other ends of the pipes
    const giveUp = setTimeout(() => {
      child.stdout.destroy();
      child.stderr.destroy();
    }, GONE_POLL_MS * GONE_POLLS);
    await closed;
    clearTimeout(giveUp);
    await watchdog.forget(this.pid);
  }
}

/** Whether there was somebody to send it to. */
function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
