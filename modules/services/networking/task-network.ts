import type { EcsServiceNetworkConfiguration } from "@cdktf/provider-aws/lib/ecs-service";
import type { TerraformResource } from "cdktf";
import type { Entrance } from "../calls/endpoint";

/** Where file systems listen. */
export const NFS_PORT = 2049;

/**
 * How a task is on the network: with an interface and addresses of its own (`awsvpc`), or behind its instance, which
 * forwards ports to the containers (`bridge`).
 */
export type NetworkMode = "awsvpc" | "bridge";

/** Where the packets of a service's tasks leave and arrive, and what is opened for them. */
export interface TaskNetwork {
  /** Whether each task has an address of its own. */
  readonly networkMode: NetworkMode;
  /** The VPC of the tasks. */
  readonly vpcId: string;
  /** The group of the tasks: the service's own, or in bridge mode that of the instances. */
  readonly securityGroupId: string;
  /** What the ECS service carries; undefined in bridge mode. */
  readonly networkConfiguration?: EcsServiceNetworkConfiguration;
  /** Where callers' packets arrive. @default - at the group of the tasks, on the container port */
  readonly entrance?: Entrance;
  /** The port of the instance that was given to the container that callers reach. @default - none was */
  readonly hostPort?: number;
  /** All rules that the tasks must not start before. */
  readonly rules: readonly TerraformResource[];
  /** Opens one way in of another service for this one; doing it twice is doing it once. */
  openService(entrance: Entrance & { readonly name: string }): void;
  /** Lets the tasks mount a file system. Where its group is not known, only this side can be opened. */
  openFileSystem(securityGroupId: string | undefined): void;
  /** Lets a load balancer reach the tasks. */
  openToLoadBalancer(
    name: string,
    securityGroupId: string,
    containerPort: number,
  ): readonly TerraformResource[];
}
