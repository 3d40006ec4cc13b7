import type { ContainerDefinition, HealthCheck } from "./ecs-api";
import type { Exit } from "./process-group";

export type Health = "HEALTHY" | "UNHEALTHY" | "UNKNOWN";

/** A command that is running and can be killed. */
export interface RunningCheck {
  readonly exited: Promise<Exit>;
  kill(): void;
}

export interface HealthCheckHost {
  readonly check: HealthCheck;
  /** What the waits between two checks are multiplied by. */
  readonly timeScale: number;
  run(): Promise<RunningCheck>;
  onHealth(health: Health, why: string): void;
}

/** The command of a health check without `CMD`, or undefined where there is none. @throws Error what it may begin with */
export function checkCommand({ name, healthCheck }: ContainerDefinition): string[] | undefined {
  const [kind, ...rest] = healthCheck?.command ?? ["NONE"];
  if (kind === "NONE") return undefined;
  if (kind === "CMD" && rest.length > 0) return rest;
  if (kind === "CMD-SHELL" && rest.length === 1) return ["/bin/sh", "-c", ...rest];
  throw new Error(
    `the health check of the container "${name}" is ${JSON.stringify(healthCheck?.command)}; ECS takes ["CMD", program, arguments...], ["CMD-SHELL", one text] and ["NONE"]`,
  );
}

/**
 * Runs the health check of a container again and again, as Docker does for ECS: first after one interval, then an
 * interval after the last one ended. What fails in the start period does not count, what succeeds does.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
 */
export class HealthCheckLoop {
  private health: Health = "UNKNOWN";
  private failures = 0;
  private timer: NodeJS.Timeout | undefined;
  private running: RunningCheck | undefined;
  private stopped = false;
  private readonly startPeriodEnds: number;

  public constructor(private readonly host: HealthCheckHost) {
    this.startPeriodEnds = Date.now() + (host.check.startPeriod ?? 0) * 1000;
    this.wait();
  }

  /** Nothing runs and nothing is told from now on. */
  public stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.running?.kill();
  }

  private wait(): void {
    const interval = (this.host.check.interval ?? 30) * 1000 * this.host.timeScale;
    this.timer = setTimeout(() => void this.check(), interval);
  }

  private async check(): Promise<void> {
    const began = Date.now();
    const why = await this.runOnce().catch((error: unknown) => String(error));
    if (this.stopped) return;
    if (why === undefined) {
      this.failures = 0;
      this.tell("HEALTHY", "the health check succeeds");
    } else if (began >= this.startPeriodEnds) {
      this.failures += 1;
      const retries = this.host.check.retries ?? 3;
      if (this.failures >= retries)
        this.tell("UNHEALTHY", `the health check failed ${this.failures} times: ${why}`);
    }
    this.wait();
  }

  /** What is wrong, if anything. */
  private async runOnce(): Promise<string | undefined> {
    const running = await this.host.run();
    this.running = running;
    if (this.stopped) running.kill();
    const seconds = this.host.check.timeout ?? 5;
    let late: string | undefined;
    // not scaled: this is what the program needs
    const timeout = setTimeout(() => {
      late = `no end within ${seconds} s`;
      running.kill();
    }, seconds * 1000);
    const { code, signal } = await running.exited;
    clearTimeout(timeout);
    this.running = undefined;
    if (code === 0) return undefined;
    return late ?? (code === null ? `ended by ${signal}` : `exit code ${code}`);
  }

  private tell(health: Health, why: string): void {
    if (health === this.health) return;
    this.health = health;
    this.host.onHealth(health, why);
  }
}
