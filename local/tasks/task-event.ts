import type { Health } from "./health-check";
import type { Machine } from "./machine";

export type TaskEventType =
  | "service-found"
  | "service-removed"
  | "deployment-started"
  | "deployment-completed"
  | "deployment-failed"
  | "deployment-rolled-back"
  | "throttled"
  | "task-started"
  | "task-running"
  | "task-healthy"
  | "task-unhealthy"
  | "task-stopping"
  | "task-stopped"
  | "registered"
  | "deregistered"
  | "registry-failed"
  | "network-failed"
  | "api-failed"
  | "api-answers";

/** Something that happened, with a sentence for people. */
export interface TaskEvent {
  readonly at: Date;
  readonly type: TaskEventType;
  readonly message: string;
  /** Name of the cluster. */
  readonly cluster?: string;
  /** Name of the ECS service. */
  readonly service?: string;
  readonly taskId?: string;
  /** The task's address. */
  readonly address?: string;
}

/** One line that a container of a task printed. */
export interface TaskLog {
  readonly at: Date;
  readonly cluster: string;
  readonly service: string;
  readonly taskId: string;
  readonly container: string;
  readonly stream: "stdout" | "stderr";
  readonly line: string;
}

/** As in ECS's task lifecycle, from the first `PENDING` to `STOPPED`. */
export type TaskStatus = "PENDING" | "RUNNING" | "DEACTIVATING" | "STOPPING" | "STOPPED";

export interface TaskSnapshot {
  readonly taskId: string;
  readonly status: TaskStatus;
  readonly health: Health;
  /** Whether it is in Cloud Map. */
  readonly registered: boolean;
  readonly address: string | undefined;
  readonly ports: readonly number[];
  readonly family: string;
  readonly revision: number;
  readonly startedAt: Date;
  readonly stoppedReason: string | undefined;
  readonly containers: readonly {
    readonly name: string;
    readonly pid: number | undefined;
    readonly health: Health;
  }[];
}

export type DeploymentState = "IN_PROGRESS" | "COMPLETED" | "FAILED";

export interface ServiceSnapshot {
  readonly cluster: string;
  readonly service: string;
  readonly desiredCount: number;
  /** Tasks that are running, healthy where they have a health check, and registered where they have a registry. */
  readonly readyCount: number;
  /** For example `stock-service:2`. */
  readonly taskDefinition: string;
  readonly deployment: { readonly id: string; readonly state: DeploymentState; readonly failedTasks: number };
  /** ARNs of the Cloud Map services that its tasks are in. */
  readonly registryArns: readonly string[];
  /** Ids. */
  readonly securityGroups: readonly string[];
  /** Those that are being stopped too. */
  readonly tasks: readonly TaskSnapshot[];
}

/** What is there now. */
export interface RunnerSnapshot extends Machine {
  /** Of the process that joins the networks of tasks, where security groups are enforced. */
  readonly networkPid: number | undefined;
  readonly services: readonly ServiceSnapshot[];
}
