import { randomUUID } from "node:crypto";
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { LoopbackAddress } from "./address-pool";
import { Container, describeExit, type ContainerHost } from "./container";
import { checkImage, ContainerCommand } from "./container-command";
import { ContainerGroup } from "./container-group";
import type { ContainerDefinition, EcsService, TaskDefinition } from "./ecs-api";
import type { Health } from "./health-check";
import { localImageOf } from "./image";
import { Registration } from "./registration";
import { nameOf } from "./registry";
import type { RunnerContext } from "./runner-context";
import type { TaskEventType, TaskSnapshot, TaskStatus } from "./task-event";
import { foldersOf, mountsOf, type Mount } from "./volumes";

/** Why a task stopped, as ECS says it. */
export type StopCode = "TaskFailedToStart" | "EssentialContainerExited" | "ServiceSchedulerInitiated";

/** A task: containers that share an address, from their start to the moment when nothing of them is left. */
export class Task {
  public readonly id = randomUUID().replaceAll("-", "");
  public readonly startedAt = new Date();
  public status: TaskStatus = "PENDING";
  /** Set when it begins to stop. */
  public stopCode: StopCode | undefined;

  private stoppedReason: string | undefined;
  private address: LoopbackAddress | undefined;
  /** Path of its network namespace, where it has one. */
  private network: string | undefined;
  private group: ContainerGroup | undefined;
  private fast = false;
  private readonly stopped: Promise<void>;
  private hasStopped: () => void = () => undefined;
  private readonly registration: Registration | undefined;
  private readonly folder: string;
  private readonly launched: Promise<void>;

  /** Starts it. `onChange` is told of everything that matters to its service. */
  public constructor(
    private readonly context: RunnerContext,
    private readonly service: EcsService,
    public readonly definition: TaskDefinition,
    /** Of the deployment that it belongs to. */
    public deploymentId: string,
    private readonly onChange: (task: Task) => void,
  ) {
    this.stopped = new Promise((resolve) => (this.hasStopped = resolve));
    this.folder = join(context.scratch, "tasks", this.id);
    const registry = service.serviceRegistries?.[0];
    if (registry) {
      const tell = this.tell.bind(this);
      const { cloudMap } = context;
      this.registration = new Registration({
        cloudMap,
        service,
        registry,
        definition,
        taskId: this.id,
        tell,
      });
    }
    this.tell("task-started", `a task of ${definition.family}:${definition.revision} starts`);
    this.launched = this.launch().catch((error: unknown) => {
      void this.stop("TaskFailedToStart", error instanceof Error ? error.message : String(error));
    });
  }

  public get stopping(): boolean {
    return this.stopCode !== undefined;
  }

  public get health(): Health {
    return this.group?.health ?? "UNKNOWN";
  }

  /** Runs, is healthy if somebody looks, and can be found if it is to be. */
  public get ready(): boolean {
    return this.works && (this.registration?.registered ?? true);
  }

  /** Registers it when it is time; to be called again after a failure. */
  public async advance(): Promise<void> {
    const before = this.ready;
    if (this.works && this.address) {
      // who finds it may call it
      if (!this.ready) await this.context.network?.look();
      await this.registration?.register(this.address.address);
    }
    if (this.ready && !before) this.onChange(this);
  }

  /**
   * Takes it out of Cloud Map, then asks it to end, then, after the stop timeout, kills it. `fast` does not ask, also
   * where it was asked already. Resolves when no process, address or file of it is left.
   */
  public stop(code: StopCode, reason: string, fast = false): Promise<void> {
    this.fast ||= fast;
    if (fast) void this.group?.stop(true);
    if (!this.stopping) {
      this.stopCode = code;
      this.stoppedReason = reason;
      void this.end();
    }
    return this.stopped;
  }

  public snapshot(): TaskSnapshot {
    return {
      taskId: this.id,
      status: this.status,
      health: this.health,
      registered: this.registration?.registered ?? false,
      address: this.address?.address,
      ports: this.ports(),
      family: this.definition.family,
      revision: this.definition.revision,
      startedAt: this.startedAt,
      stoppedReason: this.stoppedReason,
      containers: this.group?.snapshot() ?? [],
    };
  }

  private get works(): boolean {
    return this.status === "RUNNING" && (this.health === "HEALTHY" || !this.group?.hasHealthCheck);
  }

  private ports(wanted: "tcp" | "udp" = "tcp"): number[] {
    const mappings = this.definition.containerDefinitions.flatMap(({ portMappings }) => portMappings ?? []);
    return mappings.flatMap(({ containerPort, protocol = "tcp" }) =>
      containerPort !== undefined && protocol === wanted ? [containerPort] : [],
    );
  }

  private async launch(): Promise<void> {
    const { context, definition } = this;
    this.address = await context.addresses.take(this.ports());
    this.network = await context.network?.join({
      taskId: this.id,
      address: this.address.address,
      udpPorts: this.ports("udp"),
      service: this.service,
      onLost: (how) => void this.stop("ServiceSchedulerInitiated", `nobody reaches it any more: ${how}`),
    });
    const [stage, temporary] = [join(this.folder, "stage"), join(this.folder, "tmp")];
    for (const folder of [stage, temporary]) mkdirSync(folder, { recursive: true });
    chmodSync(temporary, 0o1777);
    const folders = await foldersOf(definition, this.folder, context.efs);
    const group = new ContainerGroup(
      definition.containerDefinitions.map((container) => this.container(container, folders)),
    );
    this.group = group;
    if (!this.stopping) await group.start();
    if (this.stopping) return;
    this.status = "RUNNING";
    this.tell("task-running", "the task runs");
    this.changed();
  }

  private container(definition: ContainerDefinition, folders: ReadonlyMap<string, string>): Container {
    const { context } = this;
    const { machine, secrets, environment } = context;
    const image = localImageOf(definition, context.images);
    checkImage(definition.image, image);
    const stage = join(this.folder, "stage", definition.name);
    mkdirSync(stage);
    const command = new ContainerCommand({
      definition,
      image,
      machine,
      secrets,
      environment,
      stage,
      address: this.address?.address ?? "",
      network: this.network,
      temporary: join(this.folder, "tmp"),
      mounts: [...mountsOf(definition, folders), ...this.resolver()],
    });
    return new Container(definition, command, this.containerHost(), image.healthCheck);
  }

  private resolver(): Mount[] {
    const { resolvConf, machine } = this.context;
    if (resolvConf === undefined || machine.mounts !== "namespace") return [];
    return [{ source: resolvConf, target: "/etc/resolv.conf", readOnly: true }];
  }

  private containerHost(): ContainerHost {
    const { watchdog, timeScale, log } = this.context;
    const origin = {
      cluster: nameOf(this.service.clusterArn),
      service: this.service.serviceName,
      taskId: this.id,
    };
    return {
      watchdog,
      timeScale,
      onLine: (container, line, stream) => log({ ...origin, container, line, stream }),
      onHealth: ({ name, health, essential }, why) => {
        const type = health === "HEALTHY" ? "task-healthy" : "task-unhealthy";
        if (essential) this.tell(type, `the container "${name}" is ${health}: ${why}`);
        if (this.health !== "UNKNOWN") void this.registration?.setHealth(this.health);
        this.changed();
      },
      onExit: ({ name, essential }, exit) => {
        void this.context.network?.look();
        this.group?.changed();
        if (!essential) return;
        void this.stop(
          "EssentialContainerExited",
          `the essential container "${name}" has ended: ${describeExit(exit)}`,
        );
      },
    };
  }

  private changed(): void {
    this.group?.changed();
    void this.advance();
    this.onChange(this);
  }

  private async end(): Promise<void> {
    this.status = "DEACTIVATING";
    this.tell("task-stopping", this.stoppedReason ?? "");
    this.group?.cancel();
    this.onChange(this);
    await this.registration?.deregister();
    this.status = "STOPPING";
    await this.launched;
    await this.group?.stop(this.fast);
    await this.context.network?.leave(this.id);
    await this.address?.giveBack();
    rmSync(this.folder, { recursive: true, force: true });
    this.status = "STOPPED";
    this.tell("task-stopped", "nothing of the task is left");
    this.hasStopped();
    this.onChange(this);
  }

  private tell(type: TaskEventType, message: string): void {
    const { clusterArn, serviceName } = this.service;
    const address = this.address?.address;
    this.context.emit({
      type,
      message,
      cluster: nameOf(clusterArn),
      service: serviceName,
      taskId: this.id,
      address,
    });
  }
}
