import type { CpuArchitecture } from "../../core/compute/ec2-instance-type";
import type { IGrantee } from "../../core/iam/ecs-tasks-role";
import type { NetworkMode } from "../networking/task-network";
import type { ContainerProps } from "./container";

/** The log group that containers write to. */
export interface LogDestination {
  /** For example `/ecs/trading-platform/stock-service`. */
  readonly logGroupName: string;
  /** ARN of the log group, which the execution role is allowed to write to. */
  readonly logGroupArn: string;
}

/** Where and how a file system is mounted into containers. */
export interface MountOptions {
  /** Where the containers find it, an absolute path: `/data`. */
  readonly containerPath: string;
  /** Lets the containers read alone. @default false */
  readonly readOnly?: boolean;
  /** Names of the containers that see it. @default - all of the task */
  readonly containers?: readonly string[];
}

export interface TaskDefinitionProps {
  /** Name of the task definition, of which each change makes a revision. */
  readonly family: string;
  /** The containers of a task. The first one is the one that callers reach. */
  readonly containers: readonly ContainerProps[];
  /** CPU units, 1024 are one vCPU. */
  readonly cpu: number;
  /** MiB; Fargate allows certain pairs of cpu and memory. */
  readonly memory: number;
  /** The processor that the images are made for. */
  readonly cpuArchitecture: CpuArchitecture;
  /** What the tasks can run on. @default "FARGATE" */
  readonly compatibility?: "FARGATE" | "EC2";
  /** `bridge` on EC2 alone. @default "awsvpc" */
  readonly networkMode?: NetworkMode;
  /** GiB of scratch space, 21 to 200, on Fargate alone. @default - 20, Fargate's own */
  readonly ephemeralStorageGib?: number;
  /** The role that ECS starts tasks with. */
  readonly executionRole: IGrantee;
  /** What the containers themselves may do. */
  readonly taskRole: IGrantee;
  /** Where what the containers print goes. */
  readonly logs: LogDestination;
  /** An init process in each container, which cleans up after `execute-command` sessions. @default false */
  readonly initProcessEnabled?: boolean;
  /** Keeps superseded revisions active, also after a destroy. @default false */
  readonly skipDestroy?: boolean;
}
