import type {
  EcsServiceCapacityProviderStrategy,
  EcsServiceConfig,
} from "@cdktf/provider-aws/lib/ecs-service";
import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import type { IEc2Capacity } from "../../core/compute/ec2-capacity";
import { check, checkInteger } from "../../core/framework/check";
import { warnUnless } from "../../core/framework/warnings";
import { ecsService } from "../../rules/ecs-service";

/** A share of the tasks that one capacity provider runs. */
export interface CapacityProviderShare {
  /** Fargate's, or instances; not both in one list. */
  readonly capacityProvider: "FARGATE" | "FARGATE_SPOT" | IEc2Capacity;
  /** Its part of the tasks beyond the base, 0 to 1000. @default 1 */
  readonly weight?: number;
  /** Tasks that it runs in any case, 0 to 100000; on one provider only. @default 0 */
  readonly base?: number;
}

/** Where the tasks run: on Fargate, on a mix of Fargate and Fargate Spot, or on EC2 instances, of one kind or of several. */
export type Capacity = "FARGATE" | IEc2Capacity | readonly CapacityProviderShare[];

const MAX_PROVIDERS = 20;

/**
 * Refuses a mix that ECS would refuse, and warns about Spot for a single task.
 * @param mostTasks how many tasks may run at a time, where that is known
 */
export function checkCapacity(scope: IConstruct, capacity: Capacity, mostTasks?: number): void {
  const shares = sharesOf(capacity);
  if (shares === undefined) return;
  const { strategyNumber, strategy, strategyMix, spotOneTask } = ecsService;
  for (const { weight, base } of shares) {
    checkInteger(scope, "capacity.weight", weight, { min: 0, max: 1000 }, strategyNumber);
    checkInteger(scope, "capacity.base", base, { min: 0, max: 100000 }, strategyNumber);
  }
  // names of capacity providers that are made here are Terraform's to know
  const given = shares.map((share) => named(share, "name"));
  check(scope, "capacity", given, () => isPossible(shares), strategy);
  const onEc2 = ec2CapacitiesOf(capacity).length;
  check(scope, "capacity", given, () => onEc2 === 0 || onEc2 === shares.length, strategyMix);
  const isSingle = mostTasks !== undefined && mostTasks <= 1;
  warnUnless(scope, "capacity", given, () => !isSingle || !isSpotFirst(shares), spotOneTask);
}

/** The instances that tasks may run on; none on Fargate. */
export function ec2CapacitiesOf(capacity: Capacity = "FARGATE"): readonly IEc2Capacity[] {
  return (sharesOf(capacity) ?? []).flatMap(({ capacityProvider }) =>
    typeof capacityProvider === "string" ? [] : capacityProvider,
  );
}

/** What the ECS service carries: a launch type or a strategy, never both. */
export function launchArguments(
  capacity: Capacity,
): Pick<EcsServiceConfig, "launchType" | "capacityProviderStrategy" | "forceNewDeployment"> {
  const shares = sharesOf(capacity);
  if (shares === undefined) return { launchType: "FARGATE" };
  return {
    capacityProviderStrategy: shares.map(strategyItem),
    // the provider replaces a service whose strategy changes unless a new deployment is forced
    forceNewDeployment: true,
  };
}

function strategyItem(share: CapacityProviderShare): EcsServiceCapacityProviderStrategy {
  return { ...named(share), weight: share.weight ?? 1 };
}

function named(
  { capacityProvider, ...share }: CapacityProviderShare,
  by: "name" | "capacityProviderName" = "capacityProviderName",
): EcsServiceCapacityProviderStrategy {
  return {
    capacityProvider: typeof capacityProvider === "string" ? capacityProvider : capacityProvider[by],
    ...share,
  };
}

/** Undefined where a launch type says it all. */
function sharesOf(capacity: Capacity): readonly CapacityProviderShare[] | undefined {
  if (capacity === "FARGATE") return undefined;
  return isList(capacity) ? capacity : [{ capacityProvider: capacity }];
}

function isList(
  capacity: IEc2Capacity | readonly CapacityProviderShare[],
): capacity is readonly CapacityProviderShare[] {
  return Array.isArray(capacity);
}

function isPossible(shares: readonly CapacityProviderShare[]): boolean {
  const providers = new Set(shares.map((share) => named(share).capacityProvider));
  return (
    shares.length > 0 &&
    shares.length <= MAX_PROVIDERS &&
    providers.size === shares.length &&
    shares.some(hasWeight) &&
    shares.filter(hasBase).length <= 1
  );
}

/** True where the first task is put on Spot, whatever the others are put on. */
function isSpotFirst(shares: readonly CapacityProviderShare[]): boolean {
  const [based] = shares.filter(hasBase);
  const first = based === undefined ? shares.filter(hasWeight) : [based];
  return first.length > 0 && first.every(({ capacityProvider }) => capacityProvider === "FARGATE_SPOT");
}

/** A weight that only Terraform knows may be above 0. */
function hasWeight({ weight = 1 }: CapacityProviderShare): boolean {
  return Token.isUnresolved(weight) || weight > 0;
}

/** A base that only Terraform knows may be 0. */
function hasBase({ base = 0 }: CapacityProviderShare): boolean {
  return !Token.isUnresolved(base) && base > 0;
}
