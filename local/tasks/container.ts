import type { ContainerDefinition } from "./ecs-api";
import type { ContainerCommand } from "./container-command";
import { checkCommand, HealthCheckLoop, type Health } from "./health-check";
import { ProcessGroup, type Exit, type GroupCommand } from "./process-group";
import type { Watchdog } from "./watchdog";

export interface ContainerHost {
  readonly watchdog: Watchdog;
  readonly timeScale: number;
  onLine(container: string, line: string, stream: "stdout" | "stderr"): void;
  onHealth(container: Container, why: string): void;
  /** Also for containers that are not essential; not for those that were stopped. */
  onExit(container: Container, exit: Exit): void;
}

const DEFAULT_STOP_TIMEOUT = 30;

/** A container of a task: a process, its health check and how it is stopped. */
export class Container {
  public health: Health = "UNKNOWN";
  public exit: Exit | undefined;
  private process: ProcessGroup | undefined;
  private checks: HealthCheckLoop | undefined;
  private stopping = false;
  private killTimer: NodeJS.Timeout | undefined;
  private readonly check: readonly string[] | undefined;

  public constructor(
    public readonly definition: ContainerDefinition,
    private readonly command: ContainerCommand,
    private readonly host: ContainerHost,
    checkInstead?: readonly string[],
  ) {
    this.check = checkCommand(definition) && (checkInstead ?? checkCommand(definition));
  }

  public get name(): string {
    return this.definition.name;
  }

  public get essential(): boolean {
    return this.definition.essential ?? true;
  }

  public get hasHealthCheck(): boolean {
    return this.check !== undefined;
  }

  public get pid(): number | undefined {
    return this.exit ? undefined : this.process?.pid;
  }

  public async start(): Promise<void> {
    const { name, definition, host } = this;
    const started = await this.spawn({
      ...this.command.start,
      onLine: (line, stream) => host.onLine(name, line, stream),
    });
    this.process = started;
    void started.exited.then((exit) => this.ended(exit));
    if (this.stopping) {
      started.kill();
      return;
    }
    const { check } = this;
    if (!check || !definition.healthCheck) return;
    this.checks = new HealthCheckLoop({
      check: definition.healthCheck,
      timeScale: host.timeScale,
      run: () => this.spawn(this.command.inside(started.pid, check)),
      onHealth: (health, why) => {
        this.health = health;
        host.onHealth(this, why);
      },
    });
  }

  /** SIGTERM, and SIGKILL after the stop timeout, or at once. Resolves when all of its processes are gone. */
  public async stop(fast: boolean): Promise<void> {
    this.stopping = true;
    this.checks?.stop();
    const { process, definition } = this;
    if (!process || this.exit) return;
    if (fast) {
      process.kill();
    } else if (this.killTimer === undefined) {
      process.signal("SIGTERM");
      // not scaled: this is what the program needs
      const seconds = definition.stopTimeout ?? DEFAULT_STOP_TIMEOUT;
      this.killTimer = setTimeout(() => process.kill(), seconds * 1000);
    }
    await process.exited;
  }

  private spawn(command: GroupCommand): Promise<ProcessGroup> {
    return ProcessGroup.start(command, this.host.watchdog);
  }

  private ended(exit: Exit): void {
    this.exit = exit;
    clearTimeout(this.killTimer);
    this.checks?.stop();
    if (!this.stopping) this.host.onExit(this, exit);
  }
}

/** For people, for example `exit code 1` or `ended by SIGKILL`. */
export function describeExit({ code, signal }: Exit): string {
  return code === null ? `ended by ${signal}` : `exit code ${code}`;
}
