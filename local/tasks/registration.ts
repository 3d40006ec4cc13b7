import type { EcsService, ServiceRegistry, TaskDefinition } from "./ecs-api";
import { attributesOf, registryIdOf, type CloudMapApi } from "./registry";
import type { TaskEventType } from "./task-event";

export interface RegistrationHost {
  readonly cloudMap: CloudMapApi;
  readonly service: EcsService;
  readonly registry: ServiceRegistry;
  readonly definition: TaskDefinition;
  readonly taskId: string;
  tell(type: TaskEventType, message: string): void;
}

/** The emulator may be gone, or hang. */
const DEREGISTER_TIMEOUT_MS = 5_000;

/** The one instance of a task in Cloud Map. Its calls are made one after the other. */
export class Registration {
  /** Whether it can be found. */
  public registered = false;
  /** Whether it may be there: an answer may be lost. */
  private sent = false;
  private over = false;
  private last: Promise<void> = Promise.resolve();
  private problem: string | undefined;
  private readonly serviceId: string;

  public constructor(private readonly host: RegistrationHost) {
    this.serviceId = registryIdOf(host.registry);
  }

  /** Does nothing where it is registered. A failure is told, and left to the next call. */
  public async register(address: string): Promise<void> {
    await this.inTurn(async () => {
      if (this.registered || this.over) return;
      const { cloudMap, service, registry, definition, taskId } = this.host;
      const attributes = attributesOf(service, registry, definition, address);
      this.sent = true;
      await cloudMap.registerInstance(this.serviceId, taskId, attributes);
      await cloudMap.setHealth(this.serviceId, taskId, "HEALTHY");
      this.registered = true;
      const port = attributes.AWS_INSTANCE_PORT;
      this.host.tell("registered", `${address}${port ? `:${port}` : ""} is registered in ${this.serviceId}`);
    });
  }

  public async setHealth(status: "HEALTHY" | "UNHEALTHY"): Promise<void> {
    await this.inTurn(async () => {
      if (this.registered) await this.host.cloudMap.setHealth(this.serviceId, this.host.taskId, status);
    });
  }

  /** For good: what registers later does not. */
  public async deregister(): Promise<void> {
    this.over = true;
    const done = this.inTurn(async () => {
      if (!this.sent) return;
      const { registered } = this;
      this.registered = false;
      await this.host.cloudMap.deregisterInstance(this.serviceId, this.host.taskId);
      if (registered) this.host.tell("deregistered", `it is taken out of ${this.serviceId}`);
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, DEREGISTER_TIMEOUT_MS)));
    await Promise.race([done, late]);
    clearTimeout(timer);
  }

  private inTurn(call: () => Promise<void>): Promise<void> {
    this.last = this.last.then(call).then(
      () => this.problemIs(undefined),
      (error: unknown) => this.problemIs(`Cloud Map refuses a call for ${this.serviceId}: ${String(error)}`),
    );
    return this.last;
  }

  private problemIs(problem: string | undefined): void {
    if (problem !== undefined && problem !== this.problem) this.host.tell("registry-failed", problem);
    this.problem = problem;
  }
}
