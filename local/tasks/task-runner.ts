import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import type { Emulator } from "../emulator-process";
import { AddressPool } from "./address-pool";
import type { EcsApi, EcsService, TaskDefinition } from "./ecs-api";
import { EcsClient } from "./ecs-client";
import { EfsClient, EfsFolders, type EfsApi } from "./efs-folders";
import type { LocalImages } from "./image";
import { probeMachine, type Machine } from "./machine";
import { Ec2ApiClient, type Ec2Api } from "./network/ec2-api";
import type { Listening } from "./network/network-helper";
import { TaskNetwork } from "./network/task-network";
import { CloudMapClient, type CloudMapApi } from "./registry";
import type { RunnerContext } from "./runner-context";
import { ServiceScheduler } from "./service-scheduler";
import type { RunnerSnapshot, TaskEvent, TaskLog } from "./task-event";
import { Watchdog } from "./watchdog";

export interface TaskRunnerOptions {
  /** Where the services are. */
  readonly emulator: Emulator;
  /** What stands for the images of the task definitions. */
  readonly images: LocalImages;
  /** Directory of everything that tasks leave on disk: the folders of EFS file systems stay in its `efs`. */
  readonly scratch: string;
  /** Values of secrets, by the `valueFrom` of the task definitions. @default - none: a task that has one fails */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Environment of all containers, before which those of their images and task definitions come. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  /** The file that containers see as `/etc/resolv.conf`, where the machine's mounts are `namespace`. @default - the machine's */
  readonly resolvConf?: string;
  /**
   * What ECS's own waits are multiplied by: the intervals of health checks, and the waits after tasks that failed.
   * Timeouts, start periods and stop timeouts stay as they are, because programs need them.
   *
   * @default 1
   */
  readonly timeScale?: number;
  /** How often the API is asked. @default 1000 */
  readonly pollMs?: number;
  /** What tasks get of what the machine allows, see `probeMachine`. @default - all of it */
  readonly machine?: Machine;
  /** What tasks may ask for names, on this machine, where security groups are enforced. @default - none */
  readonly nameServer?: Listening;
  /** Where tasks reach the API of AWS, where security groups are enforced. @default - nowhere */
  readonly aws?: Listening;
  /** @default "127.64.0.10" */
  readonly firstAddress?: string;
  readonly onEvent?: (event: TaskEvent) => void;
  readonly onTaskLog?: (log: TaskLog) => void;
  /** Instead of the emulator's, for tests. @default - clients of the emulator */
  readonly api?: {
    readonly ecs: EcsApi;
    readonly cloudMap: CloudMapApi;
    readonly efs: EfsApi;
    readonly ec2: Ec2Api;
  };
}

/**
 * Runs the tasks of all ECS services of an emulator as local processes, as ECS and Fargate would: it keeps their number,
 * checks their health, has them in Cloud Map, replaces what fails and rolls out new task definitions. All that it knows
 * of the services it knows from the API.
 *
 * @example
 * const runner = await TaskRunner.start({
 *   emulator,
 *   scratch: ".demo",
 *   images: { "stock-service": { command: ["node", "dist/main.js"], cwd: "/src/apps/stock-service" } },
 *   onEvent: ({ service, message }) => say(`${service}: ${message}`),
 * });
 * // ...
 * await runner.stop();
 */
export class TaskRunner {
  /** Looks for services once, and then goes on. @throws Error where the API does not answer */
  public static async start(options: TaskRunnerOptions): Promise<TaskRunner> {
    const runner = new TaskRunner(options);
    try {
      await runner.look();
    } catch (error) {
      await runner.stop({ fast: true });
      throw error;
    }
    runner.wait();
    return runner;
  }

  private readonly context: RunnerContext;
  private readonly pollMs: number;
  private readonly services = new Map<string, ServiceScheduler>();
  /** They do not change; a service may have been given a new one since. */
  private readonly definitions = new Map<string, TaskDefinition>();
  /** Deleted services with tasks that are being stopped. */
  private readonly leaving = new Set<ServiceScheduler>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private problem: string | undefined;
  private stopped = false;

  private constructor(options: TaskRunnerOptions) {
    const { emulator, onEvent, onTaskLog, timeScale = 1, nameServer, aws } = options;
    if (!(timeScale > 0))
      throw new Error(`timeScale is ${timeScale}; give a number above 0, for example 0.1`);
    const scratch = resolve(options.scratch);
    mkdirSync(scratch, { recursive: true });
    const { ecs, cloudMap, efs, ec2 } = options.api ?? {
      ecs: new EcsClient(emulator),
      cloudMap: new CloudMapClient(emulator),
      efs: new EfsClient(emulator),
      ec2: new Ec2ApiClient(emulator),
    };
    this.pollMs = options.pollMs ?? 1000;
    const machine = options.machine ?? probeMachine(scratch);
    const watchdog = new Watchdog();
    const emit: RunnerContext["emit"] = (event) => onEvent?.({ at: new Date(), ...event });
    this.context = {
      ecs,
      cloudMap,
      efs: new EfsFolders(scratch, efs),
      images: options.images,
      secrets: options.secrets ?? {},
      environment: options.environment ?? {},
      scratch,
      resolvConf: options.resolvConf,
      timeScale,
      machine,
      addresses: new AddressPool(options.firstAddress),
      network: machine.enforcesSecurityGroups
        ? new TaskNetwork({
            ec2,
            watchdog,
            nameServer,
            aws,
            onProblem: (message, taskId) =>
              emit({ type: "network-failed", message, ...this.originOf(taskId) }),
          })
        : undefined,
      watchdog,
      emit,
      log: (log) => onTaskLog?.({ at: new Date(), ...log }),
    };
  }

  /** What is there now, and what this machine allows. */
  public snapshot(): RunnerSnapshot {
    return {
      ...this.context.machine,
      networkPid: this.context.network?.pid,
      services: this.all().map((service) => service.snapshot()),
    };
  }

  /**
   * Stops all tasks as ECS does, or kills them (`fast`). Resolves when no process, address, timer or file of theirs is
   * left but the folders of file systems.
   */
  public async stop({ fast = false }: { readonly fast?: boolean } = {}): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking?.catch(() => undefined);
    await Promise.all(this.all().map((service) => service.remove("the task runner stops", fast)));
    await this.context.network?.stop();
    await this.context.watchdog.stop();
    this.context.cloudMap.close();
  }

  private wait(ms = this.pollMs): void {
    clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => void this.poll(), ms);
  }

  private async poll(): Promise<void> {
    try {
      await this.look();
      if (this.problem !== undefined)
        this.context.emit({ type: "api-answers", message: "the API answers again" });
      this.problem = undefined;
    } catch (error) {
      const problem = `the API cannot be asked, tasks stay as they are: ${describe(error)}`;
      if (problem !== this.problem) this.context.emit({ type: "api-failed", message: problem });
      this.problem = problem;
    }
    this.wait();
  }

  private look(): Promise<void> {
    // one at a time: an older answer must not come after a newer one
    this.looking ??= this.lookAtClusters().finally(() => (this.looking = undefined));
    return this.looking;
  }

  private async lookAtClusters(): Promise<void> {
    const { ecs, network } = this.context;
    const found: EcsService[] = [];
    for (const cluster of await ecs.listClusters()) {
      const arns = await ecs.listServices(cluster);
      found.push(...(await ecs.describeServices(cluster, arns)));
    }
    const active = found.filter(({ status }) => status === "ACTIVE");
    // who starts must know who may call it
    await network?.read(active);
    for (const service of active) await this.take(service);
    const arns = new Set(active.map(({ serviceArn }) => serviceArn));
    for (const [arn, scheduler] of this.services) {
      if (!arns.has(arn)) this.remove(arn, scheduler);
    }
  }

  private async take(service: EcsService): Promise<void> {
    const { taskDefinition, serviceArn } = service;
    const definition =
      this.definitions.get(taskDefinition) ?? (await this.context.ecs.describeTaskDefinition(taskDefinition));
    this.definitions.set(taskDefinition, definition);
    if (this.stopped) return;
    let scheduler = this.services.get(serviceArn);
    if (!scheduler) {
      scheduler = new ServiceScheduler(this.context, service, definition, () => this.wait(0));
      this.services.set(serviceArn, scheduler);
    }
    scheduler.update(service, definition);
  }

  private remove(arn: string, scheduler: ServiceScheduler): void {
    this.services.delete(arn);
    this.leaving.add(scheduler);
    void scheduler.remove("the service is deleted", false).finally(() => this.leaving.delete(scheduler));
  }

  private originOf(taskId: string): Pick<TaskEvent, "cluster" | "service" | "taskId" | "address"> {
    const all = this.all().map((scheduler) => scheduler.snapshot());
    const of = all.find(({ tasks }) => tasks.some((task) => task.taskId === taskId));
    const address = of?.tasks.find((task) => task.taskId === taskId)?.address;
    return { cluster: of?.cluster, service: of?.service, taskId, address };
  }

  private all(): ServiceScheduler[] {
    return [...this.services.values(), ...this.leaving];
  }
}

function describe(error: unknown): string {
  const { message, cause } = error as Error & { readonly cause?: unknown };
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}
