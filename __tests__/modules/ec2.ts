import {
  Ec2Capacity,
  type Ec2CapacityProps,
  type IEc2Capacity,
} from "../../modules/core/compute/ec2-capacity";
import { EcsCluster } from "../../modules/core/compute/ecs-cluster";
import { EcsService } from "../../modules/services/ecs-service/ecs-service";
import type { EcsServiceProps } from "../../modules/services/ecs-service/ecs-service-props";
import type { BaseStack } from "../../stacks/base-stack";
import { SUBNETS, VPC, web } from "./stack-of";

/** A cluster of the stack, and instances for it. */
export interface Ground {
  readonly ecsCluster: EcsCluster;
  readonly instances: IEc2Capacity;
}

export function groundIn(stack: BaseStack, props: Partial<Ec2CapacityProps> = {}): Ground {
  const ecsCluster = new EcsCluster(stack, "ecs_cluster", { clusterName: "platform" });
  return { ecsCluster, instances: instancesIn(stack, ecsCluster, "instances", props) };
}

export function instancesIn(
  stack: BaseStack,
  ecsCluster: EcsCluster,
  id: string,
  props: Partial<Ec2CapacityProps> = {},
): Ec2Capacity {
  const all = {
    ecsCluster,
    vpcId: VPC,
    subnets: SUBNETS,
    instanceType: "t3.small",
    maxCapacity: 6,
    ...props,
  };
  return new Ec2Capacity(stack, id, all);
}

/** A service with a port of its own on the instances. */
export function onInstances(
  stack: BaseStack,
  { ecsCluster, instances }: Ground,
  serviceName: string,
  props: Partial<EcsServiceProps> = {},
): EcsService {
  return new EcsService(stack, serviceName, {
    serviceName,
    ecsCluster,
    capacity: instances,
    containers: [web({ portMappings: [{ containerPort: 8080 }] })],
    ...props,
  });
}

/** A service behind the ports of the instances. */
export function bridged(
  stack: BaseStack,
  ground: Ground,
  serviceName: string,
  props: Partial<EcsServiceProps> = {},
): EcsService {
  return onInstances(stack, ground, serviceName, { networkMode: "bridge", ...props });
}
