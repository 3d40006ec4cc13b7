import type {
  EcsServiceLoadBalancer,
  EcsServiceServiceConnectConfiguration,
  EcsServiceServiceRegistries,
} from "@cdktf/provider-aws/lib/ecs-service";
import type { TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { InvalidInputError } from "../../core/framework/check";
import type { Statement } from "../../core/iam/policy";
import { ecsService } from "../../rules/ecs-service";
import type { Endpoint, Entrance } from "../calls/endpoint";
import type { TaskNetwork } from "../networking/task-network";
import type { CheckedRule } from "../../rules";
import { isTcp, type ContainerProps, type PortMapping } from "../task/container";
import type { TaskDefinition } from "../task/task-definition";

/** What a way of being reached has to know about the service. */
export interface DiscoverableService {
  /** Scope for the resources that it needs. */
  readonly scope: Construct;
  /** Name of the ECS service. */
  readonly serviceName: string;
  /** The VPC of the tasks. */
  readonly vpcId: string;
  /** Whether the tasks have addresses of their own, and what can be opened to them. */
  readonly network: TaskNetwork;
  /** The group of the tasks. */
  readonly securityGroupId: string;
  /** Name of the container that callers reach. */
  readonly containerName: string;
  /** The first TCP port of that container; undefined where it does not listen. */
  readonly port?: number;
  /** All containers of the task, with what the strategy's `portMapping` has added. */
  readonly containers: readonly ContainerProps[];
  /** What the tasks are made of. */
  readonly taskDefinition: TaskDefinition;
  /** The most tasks that may run at a time, deployments apart. @default - it is known to Terraform only */
  readonly mostTasks?: number;
}

/** What the ECS service must carry to be reached that way, and what its callers must know. */
export interface DiscoveryBinding {
  /** Where callers reach the service. @default - unknown, because the namespace is known by its id alone */
  readonly endpoint?: Endpoint;
  /**
   * The security group and port that callers' packets arrive at.
   * @default - the group of the tasks, on the port of the endpoint
   */
  readonly entrance?: Entrance;
  /** The ECS service's `service_registries`. @default - the tasks are not registered in Cloud Map */
  readonly serviceRegistries?: EcsServiceServiceRegistries;
  /** The ECS service's `load_balancer` blocks. @default - the tasks are behind no load balancer */
  readonly loadBalancers?: readonly EcsServiceLoadBalancer[];
  /**
   * The ECS service's `service_connect_configuration`.
   * @default - the service is in no Service Connect namespace, unless it calls one that is
   */
  readonly serviceConnect?: EcsServiceServiceConnectConfiguration;
  /** ARN of the Service Connect namespace that callers join as clients. @default - none */
  readonly serviceConnectNamespaceArn?: string;
  /** What callers' containers must be allowed to find the service. @default - nothing */
  readonly callerPermissions?: readonly Statement[];
  /** True where a caller's tasks only find what was deployed when they started. @default false */
  readonly mustPrecedeCallers?: boolean;
  /** Terraform attributes whose change makes it necessary to replace the ECS service. @default - none */
  readonly replaceTriggeredBy?: readonly string[];
  /** What must be there before the ECS service. @default - nothing but what it refers to */
  readonly prerequisites?: readonly TerraformResource[];
}

/** How a service is reached. It is chosen where the service is defined; the Terraform code of its callers does not change with it. */
export interface IDiscovery {
  /** What the port mapping that callers reach must carry. @default - nothing more */
  readonly portMapping?: Pick<PortMapping, "name" | "appProtocol">;
  /** Makes what it needs in the service's scope, and says what the ECS service must carry. */
  bind(service: DiscoverableService): DiscoveryBinding;
}

/** The port that callers reach. @throws InvalidInputError for a service that does not listen */
export function reachablePort({ scope, port, containers }: DiscoverableService): number {
  if (port !== undefined) return port;
  throw unreachable(scope, containers, ecsService.reachablePort);
}

/** Says what the first container has instead of a TCP port, and whether another container has one. */
export function unreachable(
  scope: Construct,
  containers: readonly ContainerProps[],
  rule: CheckedRule,
): InvalidInputError {
  const [first, ...others] = containers;
  const property = "containers.portMappings";
  const udp = first?.portMappings?.map(({ containerPort }) => containerPort) ?? [];
  const listening = others.find((container) => container.portMappings?.some(isTcp));
  if (first !== undefined && listening !== undefined) {
    const value = `no TCP port in the first container, "${first.name}"`;
    const mend = `put the container that listens first: "${listening.name}"`;
    return new InvalidInputError({ scope, property, value }, { ...rule, mend });
  }
  if (udp.length === 0) return new InvalidInputError({ scope, property, value: undefined }, rule);
  const mend =
    "add a TCP port that callers connect to, or leave `discovery` out: UDP ports are neither registered nor opened";
  return new InvalidInputError({ scope, property, value: `UDP alone: ${udp.join(", ")}` }, { ...rule, mend });
}
