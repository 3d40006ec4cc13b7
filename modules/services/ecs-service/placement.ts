import type { EcsServiceConfig } from "@cdktf/provider-aws/lib/ecs-service";
import type { IConstruct } from "constructs";
import { check } from "../../core/framework/check";
import { argumentText } from "../../core/framework/text";
import { ec2 } from "../../rules/ec2";

/** By what ECS chooses the instance for a task, the first strategy first. */
export interface PlacementStrategy {
  /** `spread`: evenly. `binpack`: on the fullest instance that has room. `random`: on any. */
  readonly type: "spread" | "binpack" | "random";
  /**
   * What is spread over or filled: `attribute:ecs.availability-zone` or `instanceId` for `spread`, `cpu` or `memory` for
   * `binpack`.
   * @default - none, as `random` has it
   */
  readonly field?: string;
}

/** Which instances a task may run on at all. */
export interface PlacementConstraint {
  /** `distinctInstance`: each task on another one. `memberOf`: those for which an expression holds. */
  readonly type: "distinctInstance" | "memberOf";
  /** In the cluster query language: `attribute:ecs.instance-type =~ m7g.*`. @default - none, as `distinctInstance` has it */
  readonly expression?: string;
}

/** What decides where tasks are placed. */
export interface PlacementProps {
  /** Which instance a task is put on. @default - spread over zones, then the one with the least memory left */
  readonly placementStrategies?: readonly PlacementStrategy[];
  /** Which instances a task may run on. @default - all of the capacity */
  readonly placementConstraints?: readonly PlacementConstraint[];
}

const ZONE = "attribute:ecs.availability-zone";

/** Zones first: nothing else lets ECS keep them balanced. Then the fullest instance, so that empty ones can be stopped. */
const BY_DEFAULT: readonly PlacementStrategy[] = [
  { type: "spread", field: ZONE },
  { type: "binpack", field: "memory" },
];

/** Refuses a placement that ECS would refuse. */
export function checkPlacement(scope: IConstruct, props: PlacementProps, isOnEc2: boolean): void {
  const { placementStrategies: strategies, placementConstraints: constraints } = props;
  check(scope, "placementStrategies", strategies, () => isOnEc2, ec2.placementFargate);
  check(scope, "placementConstraints", constraints, () => isOnEc2, ec2.placementFargate);
  const arePossible = (all: readonly PlacementStrategy[]): boolean =>
    all.length <= 5 && all.every(isStrategy);
  check(scope, "placementStrategies", strategies, arePossible, ec2.placementStrategies);
  const hold = (all: readonly PlacementConstraint[]): boolean => all.length <= 10 && all.every(isConstraint);
  check(scope, "placementConstraints", constraints, hold, ec2.placementConstraints);
}

/** What the ECS service carries; nothing on Fargate. */
export function placementArguments(
  props: PlacementProps,
  isOnEc2: boolean,
): Pick<EcsServiceConfig, "orderedPlacementStrategy" | "placementConstraints"> {
  if (!isOnEc2) return {};
  return {
    orderedPlacementStrategy: [...(props.placementStrategies ?? BY_DEFAULT)],
    placementConstraints: props.placementConstraints?.map(({ type, expression }) => ({
      type,
      expression: argumentText(expression),
    })),
  };
}

/**
 * Whether ECS keeps the tasks balanced over zones while they run: always where it can.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html
 */
export function zoneRebalancing(props: PlacementProps, maximumPercent: number): "ENABLED" | "DISABLED" {
  const { placementStrategies = [], placementConstraints = [] } = props;
  const [first] = placementStrategies;
  const isSpread = first === undefined || (first.type === "spread" && first.field === ZONE);
  const isTied = placementConstraints.some(({ expression }) => expression?.includes(ZONE));
  return maximumPercent > 100 && isSpread && !isTied ? "ENABLED" : "DISABLED";
}

function isStrategy({ type, field }: PlacementStrategy): boolean {
  if (type === "random") return field === undefined;
  return type === "binpack" ? field === "cpu" || field === "memory" : field !== undefined && field !== "";
}

function isConstraint({ type, expression }: PlacementConstraint): boolean {
  if (type === "distinctInstance") return expression === undefined;
  return expression !== undefined && expression.length >= 1 && expression.length <= 2000;
}
