import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { ec2 } from "../../rules/ec2";
import { check, checkInteger } from "../framework/check";
import { claimInStack } from "../framework/claims";
import { Platform } from "../framework/platform";

/** How many instances an auto scaling group has. */
interface Sizes {
  readonly minCapacity?: number;
  readonly maxCapacity: number;
  readonly desiredCapacity?: number;
}

/** ECS keeps at most this many instances in a cluster. */
const MAX_INSTANCES = 5000;

/** Refuses sizes that are none or that do not hold each other. */
export function checkSizes(scope: IConstruct, sizes: Sizes): void {
  const { minCapacity = 1, maxCapacity, desiredCapacity } = sizes;
  const range = { min: 0, max: MAX_INSTANCES };
  checkInteger(scope, "minCapacity", minCapacity, range, ec2.sizes);
  checkInteger(scope, "maxCapacity", maxCapacity, { ...range, min: 1 }, ec2.sizes);
  checkInteger(scope, "desiredCapacity", desiredCapacity, range, ec2.sizes);
  if (Token.isUnresolved(maxCapacity)) return;
  check(scope, "minCapacity", minCapacity, (fewest) => fewest <= maxCapacity, {
    ...ec2.sizeOrder,
    allowed: `not more than maxCapacity, which is ${maxCapacity}`,
  });
  if (Token.isUnresolved(minCapacity)) return;
  check(scope, "desiredCapacity", desiredCapacity, (count) => count >= minCapacity && count <= maxCapacity, {
    ...ec2.sizeOrder,
    allowed: `a number from minCapacity to maxCapacity (${minCapacity} to ${maxCapacity})`,
  });
}

/** `<platform>-<id>`, and something before it where AWS keeps names that begin so for its own. */
export function defaultCapacityProviderName(scope: IConstruct): string {
  const name = `${Platform.of(scope).name}-${scope.node.id}`.replace(/[^A-Za-z0-9_-]+/g, "-");
  return isReserved(name) ? `for-${name}` : name;
}

/** Refuses what cannot be the name of a capacity provider. */
export function checkCapacityProviderName(scope: IConstruct, name: string): void {
  check(
    scope,
    "capacityProviderName",
    name,
    (given) => /^[A-Za-z0-9_-]{1,255}$/.test(given) && !isReserved(given),
    ec2.capacityProviderName,
  );
  claimInStack(scope, "capacityProviderName", "capacity provider", name, ec2.capacityProviderTaken);
}

function isReserved(name: string): boolean {
  return /^(aws|ecs|fargate)/i.test(name);
}
