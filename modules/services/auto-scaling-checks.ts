import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { snakeCase } from "../core/address";
import { check, checkInteger, checkLiteral, InvalidInputError } from "../core/check";
import { checkEcsName } from "../core/names";
import type { AutoScaling, AutoScalingSchedule, AutoScalingTargets, CapacityRange } from "./auto-scaling";

const API = "https://docs.aws.amazon.com/autoscaling/application/APIReference";
const SCALABLE_TARGET = `${API}/API_RegisterScalableTarget.html`;
const TARGET_TRACKING = `${API}/API_TargetTrackingScalingPolicyConfiguration.html`;
const SCHEDULED_ACTION = `${API}/API_PutScheduledAction.html`;
const ECS_QUOTAS = "https://docs.aws.amazon.com/general/latest/gr/ecs-service.html";
const CLOUD_MAP_QUOTAS = "https://docs.aws.amazon.com/cloud-map/latest/dg/cloud-map-limits.html";
const CRON =
  "https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html";

const MAX_TASKS = 5000;
const MAX_REGISTERED_TASKS = 1000;
const MAX_SECONDS = 2147483647;

/** Throws for autoscaling that AWS would refuse, that scales nothing, or that does not hold the first tasks. */
export function checkAutoScaling(
  scope: IConstruct,
  autoScaling: AutoScaling | undefined,
  desiredCount?: number,
): void {
  if (autoScaling === undefined) return;
  const { minCapacity, maxCapacity, targets, schedules = [] } = autoScaling;
  checkRange(scope, "autoScaling", autoScaling);
  if (targets === undefined && schedules.length === 0) {
    throw new InvalidInputError(
      { scope, property: "autoScaling", value: autoScaling },
      {
        allowed: "bounds with something that moves the number of tasks: `targets`, `schedules` or both",
        mend: "add `targets: { cpuPercent: 60 }`, or leave `autoScaling` out and give `desiredCount` alone",
      },
    );
  }
  check(scope, "desiredCount", desiredCount, (count) => isWithin(count, autoScaling), {
    allowed: `with autoscaling, a number from minCapacity to maxCapacity (${shown(minCapacity)} to ${shown(maxCapacity)})`,
    mend: "leave it out to begin with minCapacity: the number of tasks is autoscaling's from then on",
    source: SCALABLE_TARGET,
  });
  if (targets !== undefined) checkTargets(scope, targets);
  schedules.forEach((schedule, index) => checkSchedule(scope, `autoScaling.schedules[${index}]`, schedule));
  const names = schedules.map(({ name }) => name);
  check(scope, "autoScaling.schedules", names, (all) => new Set(all.map(snakeCase)).size === all.length, {
    allowed:
      "names that differ in more than case, hyphens and underscores: Terraform addresses are made of them",
    mend: "give each schedule a name of its own",
  });
}

/** Throws where Cloud Map cannot hold an instance for each task. */
export function checkRegisteredTasks(scope: IConstruct, autoScaling: AutoScaling): void {
  const limit = { min: 0, max: MAX_REGISTERED_TASKS };
  const expectation = {
    allowed: `at most ${MAX_REGISTERED_TASKS}: each task is an instance in Cloud Map, and a service has no more of them`,
    mend: "give a lower number, or put the service behind a load balancer: `new LoadBalanced({ loadBalancer, zone })`",
    source: CLOUD_MAP_QUOTAS,
  };
  for (const [property, { minCapacity, maxCapacity }] of rangesOf(autoScaling)) {
    checkInteger(scope, `${property}.minCapacity`, minCapacity, limit, expectation);
    checkInteger(scope, `${property}.maxCapacity`, maxCapacity, limit, expectation);
  }
}

/** Throws where the cluster's ARN has no name in it. */
export function checkClusterName(scope: IConstruct, clusterName: string, ecsClusterId: string): void {
  if (Token.isUnresolved(ecsClusterId)) return;
  checkEcsName(scope, "ecsCluster.ecsClusterId, behind its slash", clusterName);
}

/**
 * The fewest tasks that a deployment may have to replace: the room that percentages leave shrinks with the number.
 * 0 where there are never any, or where only Terraform knows; undefined where nothing is given.
 */
export function fewestTasks(desiredCount?: number, autoScaling?: AutoScaling): number | undefined {
  if (autoScaling === undefined) return desiredCount;
  const fewest = rangesOf(autoScaling)
    // from 0 tasks the next number is 1
    .map(([, { minCapacity, maxCapacity }]) => (maxCapacity === 0 ? 0 : atLeastOne(minCapacity)))
    .concat(desiredCount ?? [])
    .filter((count) => !Token.isUnresolved(count) && count > 0);
  return fewest.length > 0 ? Math.min(...fewest) : 0;
}

function rangesOf(autoScaling: AutoScaling): (readonly [property: string, range: CapacityRange])[] {
  const schedules = autoScaling.schedules ?? [];
  return [
    ["autoScaling", autoScaling],
    ...schedules.map((schedule, index) => [`autoScaling.schedules[${index}]`, schedule] as const),
  ];
}

function atLeastOne(count: number): number {
  return Token.isUnresolved(count) ? count : Math.max(count, 1);
}

function checkRange(scope: IConstruct, property: string, range: CapacityRange): void {
  const { minCapacity, maxCapacity } = range;
  const limit = { min: 0, max: MAX_TASKS };
  const expectation = { mend: "give the number of tasks", source: ECS_QUOTAS };
  checkInteger(scope, `${property}.minCapacity`, minCapacity, limit, expectation);
  checkInteger(scope, `${property}.maxCapacity`, maxCapacity, limit, expectation);
  if (Token.isUnresolved(maxCapacity)) return;
  check(scope, `${property}.minCapacity`, minCapacity, (fewest) => fewest <= maxCapacity, {
    allowed: `not more than maxCapacity, which is ${maxCapacity}`,
    mend: "lower minCapacity or raise maxCapacity; both may be the same",
    source: SCALABLE_TARGET,
  });
}

function checkTargets(scope: IConstruct, targets: AutoScalingTargets): void {
  const { cpuPercent, memoryPercent, scaleInCooldown, scaleOutCooldown } = targets;
  if (cpuPercent === undefined && memoryPercent === undefined) {
    throw new InvalidInputError(
      { scope, property: "autoScaling.targets", value: targets },
      { allowed: "cpuPercent, memoryPercent or both", mend: "for example `targets: { cpuPercent: 60 }`" },
    );
  }
  const percent = {
    allowed: "a number from 1 to 100",
    mend: "give the utilization that the tasks should have, for example 60",
    source: TARGET_TRACKING,
  };
  check(scope, "autoScaling.targets.cpuPercent", cpuPercent, isPercent, percent);
  check(scope, "autoScaling.targets.memoryPercent", memoryPercent, isPercent, percent);
  const seconds = { min: 0, max: MAX_SECONDS };
  const cooldown = { mend: "give seconds, or leave it out", source: TARGET_TRACKING };
  checkInteger(scope, "autoScaling.targets.scaleInCooldown", scaleInCooldown, seconds, cooldown);
  checkInteger(scope, "autoScaling.targets.scaleOutCooldown", scaleOutCooldown, seconds, cooldown);
}

function checkSchedule(scope: IConstruct, property: string, given: AutoScalingSchedule): void {
  const { name, schedule, timezone } = given;
  checkLiteral(scope, `${property}.name`, name);
  check(scope, `${property}.name`, name, (text) => /^(?=.*[A-Za-z0-9])[A-Za-z0-9_-]{1,256}$/.test(text), {
    allowed: "1 to 256 letters, digits, hyphens and underscores",
    mend: 'choose a name such as "night"',
    source: SCHEDULED_ACTION,
  });
  check(scope, `${property}.schedule`, schedule, isSchedule, {
    allowed:
      "cron(minutes hours day-of-month month day-of-week year) with ? for one of the two days, rate(number unit) with " +
      "minutes, hours or days, or at(yyyy-mm-ddThh:mm:ss)",
    mend: 'for example "cron(0 22 ? * MON-FRI *)" for ten in the evening of each working day',
    source: CRON,
  });
  check(scope, `${property}.timezone`, timezone, isTimezone, {
    allowed: "the name of a time zone in the IANA database",
    mend: 'give a name such as "Europe/Berlin", or leave it out for UTC',
    source: SCHEDULED_ACTION,
  });
  checkRange(scope, property, given);
}

/** Bounds that only Terraform knows do not count: the number that stands for one says nothing. */
function isWithin(count: number, { minCapacity, maxCapacity }: CapacityRange): boolean {
  return (
    (Token.isUnresolved(minCapacity) || count >= minCapacity) &&
    (Token.isUnresolved(maxCapacity) || count <= maxCapacity)
  );
}

function isPercent(percent: number): boolean {
  return percent >= 1 && percent <= 100;
}

function isSchedule(schedule: string): boolean {
  const [, kind, text = ""] = /^(cron|rate|at)\((.*)\)$/.exec(schedule) ?? [];
  if (kind === "cron") return isCron(text);
  if (kind === "rate") return /^[1-9]\d* (minute|hour|day)s?$/.test(text);
  return kind === "at" && isTime(text);
}

function isCron(text: string): boolean {
  const fields = text.trim().split(/\s+/);
  const [, , dayOfMonth, , dayOfWeek] = fields;
  return (
    fields.length === 6 &&
    fields.every((field) => field === "?" || /^[0-9A-Za-z*,/#-]+$/.test(field)) &&
    fields.filter((field) => field === "?").length === 1 &&
    (dayOfMonth === "?" || dayOfWeek === "?")
  );
}

function isTime(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text)) return false;
  const time = new Date(`${text}Z`);
  // a day that the month does not have becomes one of the next month
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
}

function isTimezone(timezone: string): boolean {
  // Node.js takes offsets such as "+01:00" from version 22 on, AWS names alone
  if (!/^[A-Za-z]/.test(timezone)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: timezone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

function shown(capacity: number): string {
  return Token.isUnresolved(capacity) ? "known to Terraform only" : String(capacity);
}
