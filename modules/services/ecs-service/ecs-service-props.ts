import type { LogRetentionDays } from "../../core/cloudwatch/log-retention";
import type { CpuArchitecture } from "../../core/compute/ec2-instance-type";
import type { IEcsCluster } from "../../core/compute/ecs-cluster";
import type { IGrantee } from "../../core/iam/ecs-tasks-role";
import type { IDiscovery } from "../discovery/discovery";
import type { NetworkMode } from "../networking/task-network";
import type { ContainerProps } from "../task/container";
import type { AutoScaling } from "./auto-scaling-props";
import type { Capacity } from "./capacity";
import type { Deployment } from "./deployment";
import type { PlacementConstraint, PlacementProps, PlacementStrategy } from "./placement";

/** An ECS service, on Fargate or on EC2 instances, whose tasks other services can call, and that can call others. */
export interface EcsServiceProps extends PlacementProps {
  /** Letters, digits, hyphens and underscores; unique in the cluster. */
  readonly serviceName: string;
  /** The cluster that the service is in. */
  readonly ecsCluster: IEcsCluster;
  /**
   * Where the tasks run, 1 to 16 subnets of one VPC. May be a list that only Terraform knows. Not in bridge mode.
   * @default - those of the instances; on Fargate they must be given
   */
  readonly subnets?: readonly string[];
  /** Security groups beside the service's own. Not in bridge mode. @default - none */
  readonly securityGroups?: readonly string[];
  /** The VPC of the subnets. @default - that of the instances, or looked up from the first subnet when Terraform plans */
  readonly vpcId?: string;
  /** The first one is the one that callers reach. */
  readonly containers: readonly ContainerProps[];
  /** CPU units of a task, 1024 are one vCPU. @default 256 */
  readonly cpu?: number;
  /** MiB of a task; on Fargate in certain pairs with `cpu`. @default 512 */
  readonly memory?: number;
  /** The processor that the images are made for. @default - that of the instances, on Fargate "X86_64" */
  readonly cpuArchitecture?: CpuArchitecture;
  /** GiB of scratch space, 21 to 200, on Fargate alone. @default - 20, Fargate's own */
  readonly ephemeralStorageGib?: number;
  /** The role that ECS starts tasks with. @default - one of the service's own, with what it needs */
  readonly taskExecutionRole?: IGrantee;
  /** How callers reach the service. @default - not at all */
  readonly discovery?: IDiscovery;
  /**
   * Tasks to run, 0 to 5000, or 1000 where they are registered in Cloud Map; with autoscaling only those to begin with.
   * @default - 1, or autoscaling's `minCapacity`
   */
  readonly desiredCount?: number;
  /** Starts and stops tasks by itself; Terraform then leaves their number alone. @default - the number stays as it is */
  readonly autoScaling?: AutoScaling;
  /**
   * On Fargate, or on the instances of an `Ec2Capacity`: `capacity: instances`. Several in shares are a list.
   * @default "FARGATE"
   */
  readonly capacity?: Capacity;
  /** `bridge` on EC2 alone, where the `capacity` is one `Ec2Capacity`. @default "awsvpc" */
  readonly networkMode?: NetworkMode;
  /**
   * The port of the instance that leads to the first container, in bridge mode, 1 to 32767. An instance has it once, so
   * no two such tasks fit on one and a deployment needs an instance more.
   * @default - a free one from 32768 to 65535, another for each task
   */
  readonly hostPort?: number;
  /** Which instance a task is put on. @default - spread over zones, then the one with the least memory left */
  readonly placementStrategies?: readonly PlacementStrategy[];
  /** Which instances a task may run on. @default - all of the `capacity` */
  readonly placementConstraints?: readonly PlacementConstraint[];
  /**
   * How new tasks take the place of old ones.
   * @default - rolls back by itself, never fewer healthy tasks than desired, at most twice as many
   */
  readonly deployment?: Deployment;
  /**
   * Name of the log group that the service makes, unique in its account and region. A change replaces it, with its events.
   * @default - `/ecs/<prefix>-<environment>-<stack>/<service>`
   */
  readonly logGroupName?: string;
  /** Family of the task definition, unique in the app. @default - `<prefix>-<environment>-<service>` */
  readonly family?: string;
  /** Days for which what the containers print is kept. @default 30 */
  readonly logRetentionInDays?: LogRetentionDays;
  /** Seconds after the start in which failed checks of a load balancer do not count, 0 to 2147483647. @default 60 */
  readonly healthCheckGracePeriodSeconds?: number;
  /**
   * Where tasks may connect to by HTTPS: image, log and secret APIs are there. Not in bridge mode.
   * @default ["0.0.0.0/0"]
   */
  readonly httpsEgressCidrBlocks?: readonly string[];
  /** A public address for each task, needed in public subnets without NAT; on Fargate alone. @default false */
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
  /** Name of the ECS service. */
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
  /**
   * The last port, where the group must let callers in on a range of them: with bridge tasks that have free ports of their
   * instances 65535, and `entrancePort` is 32768.
   * @default - `entrancePort`, which is the only one then
   */
  readonly entranceToPort?: number;
  /** ARN of the Service Connect namespace that callers must be in to know the host. @default - it is known to DNS */
  readonly serviceConnectNamespaceArn?: string;
}

/** How a caller is told of the service that it calls. */
export interface ConnectOptions {
  /** Environment variable that gets the callee's URL. @default - the callee's name: `STOCK_SERVICE_URL` */
  readonly environment?: string;
  /** Path behind host and port, beginning with a slash, for programs that want it in the URL. @default - none */
  readonly path?: string;
}
