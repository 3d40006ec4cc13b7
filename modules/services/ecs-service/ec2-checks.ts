import type { IConstruct } from "constructs";
import { check } from "../../core/framework/check";
import { resolved } from "../../core/framework/resolved";
import { ec2 } from "../../rules/ec2";
import type { DiscoveryBinding } from "../discovery/discovery";
import type { TaskNetwork } from "../networking/task-network";
import { ec2CapacitiesOf } from "./capacity";
import type { EcsServiceProps } from "./ecs-service-props";

/** Refuses it where the tasks could not run on one of the instances. */
export function checkInstances(scope: IConstruct, props: EcsServiceProps): void {
  const { ecsCluster, cpuArchitecture } = props;
  const capacities = ec2CapacitiesOf(props.capacity);
  const clusterOf = (id: string): string => resolved(scope, id);
  for (const { name, ecsClusterId = ecsCluster.ecsClusterId } of capacities) {
    const isInCluster = ecsClusterId === ecsCluster.ecsClusterId;
    check(
      scope,
      "capacity",
      name,
      () => isInCluster || clusterOf(ecsClusterId) === clusterOf(ecsCluster.ecsClusterId),
      ec2.capacityCluster,
    );
  }
  const architectures = new Set(capacities.map((capacity) => capacity.cpuArchitecture));
  const [first] = architectures;
  check(scope, "capacity", [...architectures], () => architectures.size <= 1, ec2.oneArchitecture);
  check(scope, "cpuArchitecture", cpuArchitecture, (given) => first === undefined || given === first, {
    ...ec2.oneArchitecture,
    allowed: `${first ?? ""}, which the instances have`,
  });
}

/** Refuses it where the tasks could not be reached that way in their network mode. */
export function checkReachable(
  scope: IConstruct,
  { networkMode }: TaskNetwork,
  binding: DiscoveryBinding | undefined,
): void {
  const isFitting = (mode: typeof networkMode): boolean => mode === "awsvpc" || !binding?.serviceConnect;
  check(scope, "networkMode", networkMode, isFitting, ec2.bridgeServiceConnect);
}
