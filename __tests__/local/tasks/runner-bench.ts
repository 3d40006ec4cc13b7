import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Emulator } from "../../../local/emulator-process";
import {
  TaskRunner,
  type TaskEvent,
  type TaskLog,
  type TaskRunnerOptions,
  type TaskSnapshot,
} from "../../../local/tasks";
import type { HealthCheck } from "../../../local/tasks/ecs-api";
import { IMAGES } from "./images";
import { FakeCloudMap, FakeEc2, FakeEcs, FakeEfs } from "./fake-aws";

export { IMAGES };
/** Nothing is asked of it where an API is given. */
export const NO_EMULATOR = Object.create(null) as Emulator;
const PATIENCE_MS = 30_000;

/** Fails after `/sick`; cheaper than a request. */
export const HEALTH_CHECK: HealthCheck = {
  command: ["CMD-SHELL", 'test ! -e "$TMPDIR/sick"'],
  interval: 5,
  timeout: 5,
  retries: 2,
};

/** A container that ends before it counts as running, on a machine with much else to do too. */
export const BROKEN = { entryPoint: ["/bin/sh", "-c"], command: ["echo broken from the start; exit 3"] };

/** What a task answers to any path but its deeds. */
export interface About {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
  readonly cwd: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A runner on a fake of AWS, a hundred times faster than ECS; all of it is gone after `dispose`. */
export class RunnerBench {
  public readonly ecs = new FakeEcs();
  public readonly cloudMap = new FakeCloudMap();
  public readonly efs = new FakeEfs();
  public readonly ec2 = new FakeEc2();
  public readonly events: TaskEvent[] = [];
  public readonly logs: TaskLog[] = [];
  public readonly scratch = mkdtempSync(join(tmpdir(), "task-runner-"));
  private started: TaskRunner | undefined;

  public get runner(): TaskRunner {
    if (!this.started) throw new Error("the runner is not started");
    return this.started;
  }

  public async start(options: Partial<TaskRunnerOptions> = {}): Promise<void> {
    const { ecs, cloudMap, efs, ec2 } = this;
    this.started = await TaskRunner.start({
      emulator: NO_EMULATOR,
      api: { ecs, cloudMap, efs, ec2 },
      images: { web: { command: [process.execPath, "web.mjs"], cwd: IMAGES } },
      scratch: this.scratch,
      pollMs: 30,
      timeScale: 0.02,
      onEvent: (event) => this.events.push(event),
      onTaskLog: (log) => this.logs.push(log),
      ...options,
    });
  }

  public async dispose(): Promise<void> {
    await this.started?.stop({ fast: true });
    rmSync(this.scratch, { recursive: true, force: true });
  }

  /** Those of the service `web` that are not being stopped. */
  public tasks(): TaskSnapshot[] {
    const live = this.all().filter(({ status }) => status === "PENDING" || status === "RUNNING");
    return live.sort((a, b) => (a.address ?? "").localeCompare(b.address ?? ""));
  }

  /** Those that are being stopped too. */
  public all(): TaskSnapshot[] {
    return this.runner.snapshot().services.flatMap(({ tasks }) => tasks);
  }

  public messages(type?: TaskEvent["type"]): string[] {
    return this.events
      .filter((event) => type === undefined || event.type === type)
      .map(({ message }) => message);
  }

  public async until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
    await until(what, condition, () =>
      this.events.map(({ type, address, message }) => [type, address, message].join(" ")),
    );
  }

  /** Waits for so many tasks, all of them in Cloud Map. */
  public async ready(count: number): Promise<TaskSnapshot[]> {
    await this.until(`${count} tasks are ready`, () => {
      const tasks = this.tasks();
      return (
        tasks.length === count &&
        tasks.every(({ registered }) => registered) &&
        this.cloudMap.instances.size === count
      );
    });
    return this.tasks();
  }

  public ask(task: TaskSnapshot | undefined, path = "/"): Promise<string> {
    return ask(task, path);
  }

  public async about(task: TaskSnapshot | undefined): Promise<About> {
    return JSON.parse(await this.ask(task)) as About;
  }
}

/** Asks a task, when it listens: one without a health check is ready as soon as it runs. */
export async function ask(task: TaskSnapshot | undefined, path: string): Promise<string> {
  const url = `http://${task?.address}:${task?.ports[0]}${path}`;
  let text: string | undefined;
  await until(`${url} answers`, async () => {
    try {
      text = await (await fetch(url, { headers: { connection: "close" } })).text();
    } catch (error) {
      const { cause } = error as { cause?: NodeJS.ErrnoException };
      if (cause?.code !== "ECONNREFUSED") throw error;
    }
    return text !== undefined;
  });
  return text ?? "";
}

export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  details: () => readonly string[] = () => [],
): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error([`waited in vain until ${what}`, ...details()].join("\n"));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Kills the first process of a task's first container, as `kill -9` does. */
export function kill(task: TaskSnapshot | undefined): void {
  const pid = task?.containers[0]?.pid;
  // 0 would be this process and all of its group
  if (pid === undefined) throw new Error("the task has no process");
  process.kill(pid, "SIGKILL");
}

export function isAlive(pid: number): boolean {
  try {
    // a zombie waits for its parent, and is no process any more
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** The processes that have this text in their command or environment. */
export function processesWith(text: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => {
      try {
        const read = (file: string): string => readFileSync(`/proc/${pid}/${file}`, "utf8");
        return isAlive(pid) && (read("cmdline").includes(text) || read("environ").includes(text));
      } catch {
        return false;
      }
    });
}
