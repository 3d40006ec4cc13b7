import type { IEcsCluster } from "../core/ecs-cluster";
import type { IGrantee } from "../core/ecs-tasks-role";
import type { LogRetentionDays } from "../core/log-retention";
import type { AutoScaling } from "./auto-scaling";
import type { Capacity } from "./capacity";
import type { ContainerProps } from "./container";
import type { Deployment } from "./deployment";
import type { IDiscovery } from "./discovery";

/** An ECS service on Fargate whose tasks other services can call, and that can call others. */
export interface EcsServiceProps {
  /** Letters, digits, hyphens and underscores; unique in the cluster. */
  readonly serviceName: string;
  readonly ecsCluster: IEcsCluster;
  /** Where the tasks run, 1 to 16 subnets of one VPC. May be a list that only Terraform knows. */
  readonly subnets: readonly string[];
  /** Security groups beside the service's own. @default - none */
  readonly securityGroups?: readonly string[];
  /** The VPC of the subnets. @default - looked up from the first subnet when Terraform plans */
  readonly vpcId?: string;
  /** The first one is the one that callers reach. */
  readonly containers: readonly ContainerProps[];
  /** CPU units of a task, 1024 are one vCPU. @default 256 */
  readonly cpu?: number;
  /** MiB of a task. @default 512 */
  readonly memory?: number;
  /** @default "X86_64" */
  readonly cpuArchitecture?: "X86_64" | "ARM64";
  /** GiB of scratch space, 21 to 200. @default - 20, Fargate's own */
  readonly ephemeralStorageGib?: number;
  /** The role that ECS starts tasks with. @default - one of the service's own, with what it needs */
  readonly taskExecutionRole?: IGrantee;
  /** How callers reach the service. @default - not at all */
  readonly discovery?: IDiscovery;
  /** Tasks to run, 0 to 1000; with autoscaling only those to begin with. @default - 1, or autoscaling's `minCapacity` */
  readonly desiredCount?: number;
  /** Starts and stops tasks by itself; Terraform then leaves their number alone. @default - the number stays as it is */
  readonly autoScaling?: AutoScaling;
  /** @default "FARGATE" */
  readonly capacity?: Capacity;
  /** @default - rolls back by itself, never fewer healthy tasks than desired, at most twice as many */
  readonly deployment?: Deployment;
  /** @default 30 */
  readonly logRetentionInDays?: LogRetentionDays;
  /** Seconds after the start in which failed checks of a load balancer do not count, 0 to 2147483647. @default 60 */
  readonly healthCheckGracePeriodSeconds?: number;
  /** Where tasks may connect to by HTTPS: image, log and secret APIs are there. @default ["0.0.0.0/0"] */
  readonly httpsEgressCidrBlocks?: readonly string[];
  /** A public address for each task, needed in public subnets without NAT. @default false */
  readonly assignPublicIp?: boolean;
  /** Allows `aws ecs execute-command`. @default false */
  readonly enableExecuteCommand?: boolean;
  /** Lets Terraform wait until the tasks are up, 20 minutes at most. @default false */
  readonly waitForSteadyState?: boolean;
  /** Keeps superseded task definitions active, also after a destroy. @default false */
  readonly skipDestroy?: boolean;
}

/** What is needed to call a service that exists already. */
export interface EcsServiceAttributes {
  readonly serviceName: string;
  /** Name that the service answers by: a DNS name, or the DNS name of its Service Connect alias. */
  readonly host: string;
  /** The port in its URL. With Service Connect that of the alias. */
  readonly port: number;
  /** The group that must let callers in. */
  readonly securityGroupId: string;
  /**
   * The port that the group must let callers in on, where it is another one: with Service Connect the container port or
   * the ingress port override, behind a load balancer that of its listener.
   * @default - `port`
   */
  readonly entrancePort?: number;
  /** ARN of the Service Connect namespace that callers must be in to know the host. @default - it is known to DNS */
  readonly serviceConnectNamespaceArn?: string;
}

export interface ConnectOptions {
  /** Environment variable that gets the callee's URL. @default - the callee's name: `STOCK_SERVICE_URL` */
  readonly environment?: string;
  /** Path behind host and port, beginning with a slash, for programs that want it in the URL. @default - none */
  readonly path?: string;
}
