import type { IConstruct } from "constructs";
import { check, checkInteger } from "../core/check";

/** A share of the tasks that one capacity provider runs. */
export interface CapacityProviderShare {
  readonly capacityProvider: "FARGATE" | "FARGATE_SPOT";
  /** Its part of the tasks beyond the base, 0 to 1000. @default 1 */
  readonly weight?: number;
  /** Tasks that it runs in any case, 0 to 100000; on one provider only. @default 0 */
  readonly base?: number;
}

/** Where the tasks run: on Fargate, or on a mix of Fargate and Fargate Spot. */
export type Capacity = "FARGATE" | readonly CapacityProviderShare[];

const STRATEGY =
  "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html";

/** Throws for a mix that ECS would refuse. */
export function checkCapacity(scope: IConstruct, capacity: Capacity): void {
  if (capacity === "FARGATE") return;
  const mend = "leave weights and bases out for equal shares";
  for (const { weight, base } of capacity) {
    checkInteger(scope, "capacity.weight", weight, { min: 0, max: 1000 }, { mend, source: STRATEGY });
    checkInteger(scope, "capacity.base", base, { min: 0, max: 100000 }, { mend, source: STRATEGY });
  }
  check(scope, "capacity", capacity, isPossible, {
    allowed:
      '"FARGATE", or a list of different capacity providers with one weight above 0 and at most one base above 0',
    mend: 'for example [{ capacityProvider: "FARGATE", base: 1 }, { capacityProvider: "FARGATE_SPOT", weight: 3 }]',
    source: STRATEGY,
  });
}

function isPossible(shares: readonly CapacityProviderShare[]): boolean {
  const providers = new Set(shares.map(({ capacityProvider }) => capacityProvider));
  return (
    shares.length > 0 &&
    providers.size === shares.length &&
    shares.some(({ weight }) => (weight ?? 1) > 0) &&
    shares.filter(({ base }) => (base ?? 0) > 0).length <= 1
  );
}
