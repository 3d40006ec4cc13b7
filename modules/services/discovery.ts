import type { EcsServiceServiceRegistries } from "@cdktf/provider-aws/lib/ecs-service";
import type { Construct } from "constructs";
import type { Endpoint } from "./endpoint";

/** What a way of being reached has to know about the service. */
export interface DiscoverableService {
  /** Scope for the resources that it needs. */
  readonly scope: Construct;
  readonly serviceName: string;
  /** The container port that callers use; undefined where no container listens. */
  readonly port?: number;
}

/** What the ECS service must carry to be reached that way. */
export interface DiscoveryBinding {
  /** @default - unknown, because the namespace is known by its id alone */
  readonly endpoint?: Endpoint;
  /** @default - the tasks are not registered in Cloud Map */
  readonly serviceRegistries?: EcsServiceServiceRegistries;
  /** Terraform attributes whose change makes it necessary to replace the ECS service. */
  readonly replaceTriggeredBy: readonly string[];
}

/** How a service is reached. It is chosen where the service is defined; its callers do not see it. */
export interface IDiscovery {
  bind(service: DiscoverableService): DiscoveryBinding;
}
