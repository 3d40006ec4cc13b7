import { Deployment, percentages, primaryDeployment } from "./deployment";
import type { EcsService, TaskDefinition } from "./ecs-api";
import { nameOf } from "./registry";
import type { RunnerContext } from "./runner-context";
import { schedule, type ScheduledTask } from "./schedule";
import { Task } from "./task";
import type { ServiceSnapshot, TaskEventType } from "./task-event";

interface Candidate extends ScheduledTask {
  readonly task: Task;
}

/** Keeps the tasks of one ECS service as the service wants them. */
export class ServiceScheduler {
  private readonly tasks = new Set<Task>();
  private readonly counted = new Set<Task>();
  private deployment: Deployment;
  /** ARN of the task definition of the last deployment that was completed. */
  private lastGood: string | undefined;
  /** What the circuit breaker went back to: its tasks are those of the next deployment. */
  private rollback: string | undefined;
  private timer: NodeJS.Timeout | undefined;
  private removed = false;
  private reconciling = false;
  private again = false;

  public constructor(
    private readonly context: RunnerContext,
    private service: EcsService,
    private definition: TaskDefinition,
    /** Asks for a look at the API before its time. */
    private readonly pollSoon: () => void,
  ) {
    this.tell("service-found", `the service ${service.serviceName} wants ${service.desiredCount} tasks`);
    this.deployment = this.begin();
  }

  /** Takes over what the API says now. */
  public update(service: EcsService, definition: TaskDefinition): void {
    const { desiredCount } = this.service;
    this.service = service;
    this.definition = definition;
    if (service.desiredCount !== desiredCount) {
      this.tell(
        "service-found",
        `the service ${service.serviceName} wants ${service.desiredCount} tasks, not ${desiredCount}`,
      );
    }
    if (primaryDeployment(service).id !== this.deployment.id) this.deployment = this.begin();
    for (const task of this.tasks) void task.advance();
    this.reconcile();
  }

  /** Stops all tasks, for good. Resolves when nothing of them is left. */
  public async remove(reason: string, fast: boolean): Promise<void> {
    if (!this.removed) this.tell("service-removed", reason);
    this.removed = true;
    clearTimeout(this.timer);
    await Promise.all([...this.tasks].map((task) => task.stop("ServiceSchedulerInitiated", reason, fast)));
  }

  public snapshot(): ServiceSnapshot {
    const { id, state, failedTasks } = this.deployment;
    return {
      cluster: nameOf(this.service.clusterArn),
      service: this.service.serviceName,
      desiredCount: this.service.desiredCount,
      readyCount: this.live().filter(({ ready }) => ready).length,
      taskDefinition: `${this.definition.family}:${this.definition.revision}`,
      deployment: { id, state, failedTasks },
      registryArns: (this.service.serviceRegistries ?? []).map(({ registryArn }) => registryArn),
      securityGroups: this.service.networkConfiguration?.awsvpcConfiguration.securityGroups ?? [],
      tasks: [...this.tasks].map((task) => task.snapshot()),
    };
  }

  private reconcile(): void {
    this.again = true;
    // a task that is stopped tells of it at once, and what was decided is not done yet
    if (this.reconciling) return;
    this.reconciling = true;
    while (this.again && !this.removed) {
      this.again = false;
      this.reconcileOnce();
    }
    this.reconciling = false;
  }

  private reconcileOnce(): void {
    for (const task of this.tasks) this.countFailure(task);
    if (this.deployment.isHopeless(this.service)) this.giveUp();
    const limits = {
      ...percentages(this.service.deploymentConfiguration),
      desiredCount: this.service.desiredCount,
    };
    const { start, stop } = schedule(
      this.live().map((task) => this.candidate(task)),
      limits,
    );
    this.complete();
    // tasks that run are better than those of a deployment that has failed
    if (this.deployment.state === "FAILED" && this.service.desiredCount > 0) return;
    for (const { task, unhealthy, current } of stop) {
      const why = unhealthy
        ? "it is unhealthy"
        : current
          ? "the service is scaled in"
          : "a newer deployment is in its place";
      void task.stop("ServiceSchedulerInitiated", why);
    }
    this.startTasks(start);
  }

  private live(): Task[] {
    return [...this.tasks].filter(({ stopping }) => !stopping);
  }

  private candidate(task: Task): Candidate {
    return {
      task,
      current: task.deploymentId === this.deployment.id,
      ready: task.ready,
      unhealthy: task.health === "UNHEALTHY",
      startedAt: task.startedAt,
    };
  }

  private startTasks(count: number): void {
    clearTimeout(this.timer);
    const wait = this.deployment.nextStart - Date.now();
    if (count > 0 && wait > 0) {
      this.timer = setTimeout(() => this.reconcile(), wait);
      return;
    }
    for (let started = 0; started < count; started++) {
      const { context, service, definition, deployment } = this;
      this.tasks.add(new Task(context, service, definition, deployment.id, (task) => this.changed(task)));
    }
  }

  private changed(task: Task): void {
    this.countFailure(task);
    if (task.status === "STOPPED") {
      this.tasks.delete(task);
      this.counted.delete(task);
    }
    this.reconcile();
  }

  private countFailure(task: Task): void {
    const { stopCode, health, deploymentId, startedAt } = task;
    const failed =
      (stopCode !== undefined && stopCode !== "ServiceSchedulerInitiated") || health === "UNHEALTHY";
    if (!failed || this.counted.has(task) || deploymentId !== this.deployment.id) return;
    this.counted.add(task);
    const wait = this.deployment.failed(Date.now() - startedAt.getTime());
    if (wait > 0) {
      this.tell(
        "throttled",
        `tasks fail one after the other: the next starts in ${(wait / 1000).toFixed(1)} s`,
      );
    }
  }

  private begin(): Deployment {
    const { id, taskDefinition } = primaryDeployment(this.service);
    const deployment = new Deployment(id, taskDefinition, this.context.timeScale);
    if (this.rollback === taskDefinition) {
      for (const task of this.live()) {
        if (task.definition.taskDefinitionArn === taskDefinition) task.deploymentId = id;
      }
    }
    this.rollback = undefined;
    this.tell("deployment-started", `a deployment of ${nameOf(taskDefinition)} starts`);
    return deployment;
  }

  private complete(): void {
    const { deployment, service } = this;
    if (deployment.state !== "IN_PROGRESS") return;
    const live = this.live().map((task) => this.candidate(task));
    const ready = live.filter((task) => task.ready && task.current).length;
    if (ready < service.desiredCount || live.some(({ current }) => !current)) return;
    deployment.state = "COMPLETED";
    this.lastGood = deployment.taskDefinition;
    this.tell("deployment-completed", `the deployment of ${nameOf(deployment.taskDefinition)} is complete`);
  }

  private giveUp(): void {
    const { deployment, service, lastGood } = this;
    deployment.state = "FAILED";
    const failed = nameOf(deployment.taskDefinition);
    this.tell(
      "deployment-failed",
      `the deployment of ${failed} has failed: ${deployment.failedTasks} of its tasks did`,
    );
    for (const task of this.live()) {
      if (task.deploymentId === deployment.id && !task.ready) {
        void task.stop("ServiceSchedulerInitiated", "its deployment has failed");
      }
    }
    if (!service.deploymentConfiguration?.deploymentCircuitBreaker?.rollback) return;
    if (lastGood === undefined || lastGood === deployment.taskDefinition) {
      this.tell(
        "deployment-failed",
        "there is no other task definition to go back to: no deployment was complete before",
      );
      return;
    }
    this.rollback = lastGood;
    this.context.ecs.updateService(service.clusterArn, service.serviceArn, lastGood).then(
      () => {
        this.tell(
          "deployment-rolled-back",
          `the circuit breaker goes back from ${failed} to ${nameOf(lastGood)}`,
        );
        this.pollSoon();
      },
      (error: unknown) => this.tell("api-failed", `the circuit breaker cannot go back: ${String(error)}`),
    );
  }

  private tell(type: TaskEventType, message: string): void {
    const { clusterArn, serviceName } = this.service;
    this.context.emit({ type, message, cluster: nameOf(clusterArn), service: serviceName });
  }
}
