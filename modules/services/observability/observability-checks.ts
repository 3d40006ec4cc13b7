import type { IConstruct } from "constructs";
import { check, checkInteger } from "../../core/framework/check";
import { warn } from "../../core/framework/warnings";
import { MAX_ALARM_MINUTES, observability as rules } from "../../rules/observability";
import type { EcsService } from "../ecs-service/ecs-service";
import type { ObservabilityProps, ServiceAlarms } from "./observability-props";
import { REQUEST_LOG_METRICS } from "./service-metrics";

/** The thresholds that hold where none are given. */
export const DEFAULT_ALARMS = {
  cpuPercent: 90,
  memoryPercent: 90,
  tasksMissingMinutes: 10,
  serverErrorPercent: 5,
} as const;

const PERCENTS = ["cpuPercent", "memoryPercent", "serverErrorPercent"] as const;

/** Refuses thresholds that could never be reached, and metrics of one name. */
export function checkAlarms(scope: IConstruct, props: ObservabilityProps): void {
  const { alarms = {}, logMetrics = [], requestLogs, dnsQueries } = props;
  for (const name of PERCENTS) {
    const isPercentage = (percent: number | false): boolean =>
      percent === false || (percent > 0 && percent <= 100);
    check(scope, `alarms.${name}`, alarms[name], isPercentage, rules.percent);
  }
  const minutes = alarms.tasksMissingMinutes;
  const range = { min: 1, max: MAX_ALARM_MINUTES };
  if (minutes !== false) checkInteger(scope, "alarms.tasksMissingMinutes", minutes, range, rules.minutes);
  const isCount = (count: number): boolean => count > 0;
  check(scope, "dnsQueries.alarmAt", dnsQueries?.alarmAt, isCount, rules.threshold);
  const taken = requestLogs ? Object.values(REQUEST_LOG_METRICS).map(({ name }) => name as string) : [];
  for (const { name, alarmAt } of logMetrics) {
    check(scope, `logMetrics ${name} alarmAt`, alarmAt, isCount, rules.threshold);
    check(scope, "logMetrics name", name, (given) => !taken.includes(given), rules.metricTaken);
    taken.push(name);
  }
}

/** Refuses alarms that could not be measured in the service's cluster, and warns of those that would cry wolf. */
export function checkMeasured(scope: IConstruct, service: EcsService, alarms: ServiceAlarms): void {
  if (alarms.tasksMissingMinutes !== false) {
    const { containerInsights } = service.ecsCluster;
    const property = `containerInsights of the cluster of ${service.serviceName}`;
    check(scope, property, containerInsights, (given) => given !== "disabled", rules.insights);
    if (containerInsights === undefined)
      warn({ scope, property, value: containerInsights }, rules.insightsUnknown);
  }
  for (const name of ["cpuPercent", "memoryPercent"] as const) {
    const target = service.autoScaling?.targets?.[name];
    const percent = alarms[name] ?? DEFAULT_ALARMS[name];
    if (target === undefined || percent === false || percent > target) continue;
    const allowed = `${rules.belowTarget.allowed}: more than ${target} for ${service.serviceName}`;
    warn({ scope, property: `alarms.${name}`, value: percent }, rules.belowTarget, { allowed });
  }
}
