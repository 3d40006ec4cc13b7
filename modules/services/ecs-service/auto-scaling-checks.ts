import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { snakeCase } from "../../core/framework/address";
import { check, checkInteger, checkLiteral, InvalidInputError } from "../../core/framework/check";
import { autoScaling as rules } from "../../rules/auto-scaling";
import { cloudMap } from "../../rules/cloud-map";
import type {
  AutoScaling,
  AutoScalingSchedule,
  AutoScalingTargets,
  CapacityRange,
} from "./auto-scaling-props";

const MAX_TASKS = 5000;
const MAX_REGISTERED_TASKS = 1000;
const MAX_SECONDS = 2147483647;

/** Refuses autoscaling that AWS would refuse, that scales nothing, or that does not hold the first tasks. */
export function checkAutoScaling(
  scope: IConstruct,
  autoScaling: AutoScaling | undefined,
  desiredCount?: number,
): void {
  if (autoScaling === undefined) return;
  const { minCapacity, maxCapacity, targets, schedules = [] } = autoScaling;
  checkRange(scope, "autoScaling", autoScaling);
  if (targets === undefined && schedules.length === 0) {
    throw new InvalidInputError({ scope, property: "autoScaling", value: autoScaling }, rules.mover);
  }
  check(scope, "desiredCount", desiredCount, (count) => isWithin(count, autoScaling), {
    ...rules.desiredCount,
    allowed: `${rules.desiredCount.allowed} (${shown(minCapacity)} to ${shown(maxCapacity)})`,
  });
  if (targets !== undefined) checkTargets(scope, targets);
  schedules.forEach((schedule, index) => checkSchedule(scope, `autoScaling.schedules[${index}]`, schedule));
  const names = schedules.map(({ name }) => name);
  check(
    scope,
    "autoScaling.schedules",
    names,
    (all) => new Set(all.map(snakeCase)).size === all.length,
    rules.scheduleNames,
  );
}

/** Refuses it where Cloud Map cannot hold an instance for each task. */
export function checkRegisteredTasks(scope: IConstruct, autoScaling: AutoScaling): void {
  const limit = { min: 0, max: MAX_REGISTERED_TASKS };
  for (const [property, { minCapacity, maxCapacity }] of rangesOf(autoScaling)) {
    checkInteger(scope, `${property}.minCapacity`, minCapacity, limit, cloudMap.instances);
    checkInteger(scope, `${property}.maxCapacity`, maxCapacity, limit, cloudMap.instances);
  }
}

/** Refuses it where the cluster's ARN has no name in it. */
export function checkClusterName(scope: IConstruct, clusterName: string, ecsClusterId: string): void {
  if (Token.isUnresolved(ecsClusterId)) return;
  check(
    scope,
    "ecsCluster.ecsClusterId",
    ecsClusterId,
    () => /^[A-Za-z0-9_-]{1,255}$/.test(clusterName),
    rules.resourceId,
  );
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

/** The most tasks that may run at a time, deployments apart; undefined where only Terraform knows. */
export function mostTasks(desiredCount?: number, autoScaling?: AutoScaling): number | undefined {
  const counts =
    autoScaling === undefined
      ? [desiredCount ?? 1]
      : rangesOf(autoScaling).map(([, { maxCapacity }]) => maxCapacity);
  const known = counts.filter((count) => !Token.isUnresolved(count));
  return known.length > 0 ? Math.max(...known) : undefined;
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
  checkInteger(scope, `${property}.minCapacity`, minCapacity, limit, rules.capacity);
  checkInteger(scope, `${property}.maxCapacity`, maxCapacity, limit, rules.capacity);
  if (Token.isUnresolved(maxCapacity)) return;
  check(scope, `${property}.minCapacity`, minCapacity, (fewest) => fewest <= maxCapacity, {
    ...rules.bounds,
    allowed: `not more than maxCapacity, which is ${maxCapacity}`,
  });
}

function checkTargets(scope: IConstruct, targets: AutoScalingTargets): void {
  const { cpuPercent, memoryPercent, scaleInCooldown, scaleOutCooldown } = targets;
  if (cpuPercent === undefined && memoryPercent === undefined) {
    throw new InvalidInputError({ scope, property: "autoScaling.targets", value: targets }, rules.targets);
  }
  check(scope, "autoScaling.targets.cpuPercent", cpuPercent, isPercent, rules.percent);
  check(scope, "autoScaling.targets.memoryPercent", memoryPercent, isPercent, rules.percent);
  const seconds = { min: 0, max: MAX_SECONDS };
  checkInteger(scope, "autoScaling.targets.scaleInCooldown", scaleInCooldown, seconds, rules.cooldown);
  checkInteger(scope, "autoScaling.targets.scaleOutCooldown", scaleOutCooldown, seconds, rules.cooldown);
}

function checkSchedule(scope: IConstruct, property: string, given: AutoScalingSchedule): void {
  const { name, schedule, timezone } = given;
  checkLiteral(scope, `${property}.name`, name);
  check(
    scope,
    `${property}.name`,
    name,
    (text) => /^(?=.*[A-Za-z0-9])[A-Za-z0-9_-]{1,256}$/.test(text),
    rules.scheduleName,
  );
  check(scope, `${property}.schedule`, schedule, isSchedule, rules.schedule);
  check(scope, `${property}.timezone`, timezone, isTimezone, rules.timezone);
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
