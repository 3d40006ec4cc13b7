import { Container, describeExit } from "./container";
import type { ContainerDependency } from "./ecs-api";
import type { Health } from "./health-check";
import type { TaskSnapshot } from "./task-event";

/** A program that lives so long has started. One that cannot start ends at once. */
const RUNNING_AFTER_MS = 500;

/** The containers of one task, which start in the order of their dependencies and stop together. */
export class ContainerGroup {
  private readonly started = new Set<Container>();
  private stopping = false;
  private waiting: (() => void)[] = [];

  public constructor(private readonly containers: readonly Container[]) {}

  public get hasHealthCheck(): boolean {
    return this.checked.length > 0;
  }

  /** As ECS has it, from the essential containers with a health check. */
  public get health(): Health {
    if (this.checked.some(({ health }) => health === "UNHEALTHY")) return "UNHEALTHY";
    return this.hasHealthCheck && this.checked.every(({ health }) => health === "HEALTHY")
      ? "HEALTHY"
      : "UNKNOWN";
  }

  /** Resolves when all run, or when they are to stop. @throws Error where a dependency cannot come true */
  public async start(): Promise<void> {
    while (this.started.size < this.containers.length && !this.stopping) {
      const next = this.containers.find((one) => !this.started.has(one) && this.mayStart(one));
      if (next) {
        await next.start();
        this.started.add(next);
      } else {
        await this.change();
      }
    }
    const running = Date.now() + RUNNING_AFTER_MS;
    while (Date.now() < running && !this.stopping) await this.change(running - Date.now());
  }

  /** To be called when a container's state is another. */
  public changed(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  /** Makes `start` return. What runs goes on. */
  public cancel(): void {
    this.stopping = true;
    this.changed();
  }

  public async stop(fast: boolean): Promise<void> {
    this.cancel();
    await Promise.all(this.containers.map((container) => container.stop(fast)));
  }

  public snapshot(): TaskSnapshot["containers"] {
    return this.containers.map(({ name, pid, health }) => ({ name, pid, health }));
  }

  private get checked(): Container[] {
    return this.containers.filter(({ essential, hasHealthCheck }) => essential && hasHealthCheck);
  }

  private mayStart(container: Container): boolean {
    return (container.definition.dependsOn ?? []).every((dependency) => this.isTrue(container, dependency));
  }

  private isTrue(container: Container, { containerName, condition }: ContainerDependency): boolean {
    const other = this.containers.find(({ name }) => name === containerName);
    if (!other)
      throw new Error(
        `the container "${container.name}" depends on "${containerName}", which is not in the task`,
      );
    const { exit } = other;
    if (exit && (condition === "HEALTHY" || (condition === "SUCCESS" && exit.code !== 0))) {
      throw new Error(
        `the container "${container.name}" waits for "${containerName}" to be ${condition}, and that has ended: ${describeExit(exit)}`,
      );
    }
    if (condition === "START") return this.started.has(other);
    return condition === "HEALTHY" ? other.health === "HEALTHY" : exit !== undefined;
  }

  private change(ms?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
      this.waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
