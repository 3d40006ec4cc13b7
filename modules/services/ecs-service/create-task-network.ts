import type { Construct } from "constructs";
import { check } from "../../core/framework/check";
import { ec2 } from "../../rules/ec2";
import { InstanceNetwork } from "../networking/instance-network";
import { ServiceNetwork } from "../networking/service-network";
import type { TaskNetwork } from "../networking/task-network";
import { ec2CapacitiesOf } from "./capacity";
import type { EcsServiceProps } from "./ecs-service-props";

/**
 * The network of a service's tasks.
 * Synthesis is refused for what the network mode does not have
 */
export function createTaskNetwork(scope: Construct, props: EcsServiceProps): TaskNetwork {
  const capacities = ec2CapacitiesOf(props.capacity);
  const [instances] = capacities;
  const isBridge = props.networkMode === "bridge";
  const isPossible = (mode: string): boolean =>
    mode === "awsvpc" || (mode === "bridge" && capacities.length === 1);
  check(scope, "networkMode", props.networkMode, isPossible, ec2.bridge);
  if (isBridge && instances !== undefined) return new InstanceNetwork(scope, instances, props);
  check(scope, "hostPort", props.hostPort, () => false, ec2.hostPortMode);
  const isPrivate = (isPublic: boolean): boolean => !isPublic || instances === undefined;
  check(scope, "assignPublicIp", props.assignPublicIp, isPrivate, ec2.publicAddress);
  return new ServiceNetwork(scope, {
    ...props,
    subnets: props.subnets ?? instances?.subnets,
    vpcId: props.vpcId ?? instances?.vpcId,
  });
}
