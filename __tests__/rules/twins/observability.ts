import { MetricAlarm } from "../../../modules/core/cloudwatch/metric-alarm";
import { EcsCluster, type ContainerInsights } from "../../../modules/core/compute/ecs-cluster";
import type { EcsService } from "../../../modules/services/ecs-service/ecs-service";
import { Observability } from "../../../modules/services/observability/observability";
import type {
  ObservabilityProps,
  ServiceAlarms,
  ServiceLogMetric,
} from "../../../modules/services/observability/observability-props";
import { observability } from "../../../modules/rules";
import { CLUSTER, NAMESPACE, service, VPC, type SmallStack } from "../../modules/stack-of";
import { twin, type Twin } from "./twin";

const observed = (
  stack: SmallStack,
  props: Partial<ObservabilityProps> = {},
  containerInsights?: ContainerInsights,
): unknown => {
  const ecsCluster = EcsCluster.fromEcsClusterAttributes({ ecsClusterId: CLUSTER, containerInsights });
  const stock = service(stack, "stock", { ecsCluster });
  return new Observability(stack, "observability", { services: [stock], ...props });
};
const alarms = (stack: SmallStack, given: ServiceAlarms): unknown => observed(stack, { alarms: given });
const logged = (stack: SmallStack, given: Partial<ServiceLogMetric>): unknown =>
  observed(stack, { logMetrics: [{ name: "Throttled", pattern: '"throttled"', ...given }] });
const named = (stack: SmallStack, names: readonly string[]): unknown =>
  observed(stack, {
    requestLogs: true,
    logMetrics: names.map((name) => ({ name, pattern: "" })),
  });
const scaled = (stack: SmallStack, cpuPercent: number): unknown => {
  const stock = service(stack, "stock", {
    autoScaling: { minCapacity: 1, maxCapacity: 4, targets: { cpuPercent } },
  });
  return new Observability(stack, "observability", { services: [stock] });
};

/** One service for each name. */
const servicesOf = (stack: SmallStack, names: readonly string[]): EcsService[] => {
  const services = new Map<string, EcsService>();
  return names.map((name) => {
    const known = services.get(name) ?? service(stack, name);
    services.set(name, known);
    return known;
  });
};
const observing = (stack: SmallStack, names: readonly string[]): void => {
  new Observability(stack, "observability", { services: servicesOf(stack, names) });
};
const twice = (stack: SmallStack, names: readonly string[]): void => {
  for (const [index, one] of servicesOf(stack, names).entries())
    new Observability(stack, `observability_${index}`, { services: [one] });
};

export const OBSERVABILITY_TWINS: readonly Twin[] = [
  {
    rule: observability.services,
    title: "none",
    bad: (stack) => observing(stack, []),
    good: (stack) => observing(stack, ["stock"]),
  },
  {
    rule: observability.services,
    title: "one twice",
    bad: (stack) => observing(stack, ["stock", "stock"]),
    good: (stack) => observing(stack, ["stock", "signal"]),
  },
  {
    rule: observability.twice,
    bad: (stack) => twice(stack, ["stock", "stock"]),
    good: (stack) => twice(stack, ["stock", "signal"]),
  },
  twin<ContainerInsights>(observability.insights, (stack, insights) => observed(stack, {}, insights), {
    bad: "disabled",
    good: "enabled",
  }),
  {
    rule: observability.insights,
    title: "which nobody needs",
    bad: (stack) => void observed(stack, {}, "disabled"),
    good: (stack) => void observed(stack, { alarms: { tasksMissingMinutes: false } }, "disabled"),
  },
  twin<ContainerInsights | undefined>(
    observability.insightsUnknown,
    (stack, insights) => observed(stack, {}, insights),
    { bad: undefined, good: "enhanced" },
  ),
  twin(
    observability.alarmTaken,
    (stack, alarmName) => {
      const metric = { namespace: "AWS/ECS", metricName: "CPUUtilization", statistic: "Average" };
      const props = { description: "too busy", metric, threshold: 90, evaluationPeriods: 1 };
      new MetricAlarm(stack, "one", { ...props, alarmName: "stock-cpu" });
      new MetricAlarm(stack, "other", { ...props, alarmName });
    },
    { bad: "stock-cpu", good: "signal-cpu" },
  ),
  twin(
    observability.alarmName,
    (stack, id) => {
      const stock = service(stack, id, { serviceName: "stock", discovery: undefined });
      new Observability(stack, "observability", { services: [stock] });
    },
    { bad: "s".repeat(240), good: "s".repeat(230) },
  ),
  twin(observability.actions, (stack, alarmActions: string[]) => observed(stack, { alarmActions }), {
    bad: ["on-call"],
    good: ["arn:aws:sns:eu-central-1:123456789012:on-call"],
  }),
  twin(observability.actions, (stack, okActions: string[]) => observed(stack, { okActions }), {
    bad: Array.from({ length: 6 }, (_, index) => `arn:aws:sns:eu-central-1:123456789012:${index}`),
    good: Array.from({ length: 5 }, (_, index) => `arn:aws:sns:eu-central-1:123456789012:${index}`),
  }),
  twin<ServiceAlarms>(observability.percent, alarms, { bad: { cpuPercent: 0 }, good: { cpuPercent: false } }),
  twin<ServiceAlarms>(observability.percent, alarms, {
    bad: { memoryPercent: 101 },
    good: { memoryPercent: 100 },
  }),
  twin<ServiceAlarms>(observability.percent, alarms, {
    bad: { serverErrorPercent: -1 },
    good: { serverErrorPercent: 0.1 },
  }),
  twin<ServiceAlarms>(observability.minutes, alarms, {
    bad: { tasksMissingMinutes: 0 },
    good: { tasksMissingMinutes: 1 },
  }),
  twin<ServiceAlarms>(observability.minutes, alarms, {
    bad: { tasksMissingMinutes: 1441 },
    good: { tasksMissingMinutes: 1440 },
  }),
  twin<ServiceAlarms>(observability.minutes, alarms, {
    bad: { tasksMissingMinutes: 2.5 },
    good: { tasksMissingMinutes: 2 },
  }),
  twin(observability.threshold, logged, { bad: { alarmAt: 0 }, good: { alarmAt: 1 } }),
  twin(
    observability.threshold,
    (stack, alarmAt) => observed(stack, { dnsQueries: { vpcId: VPC, namespaces: [NAMESPACE], alarmAt } }),
    { bad: -1, good: 1000 },
  ),
  twin(observability.belowTarget, scaled, { bad: 90, good: 89 }),
  twin<Partial<ServiceLogMetric>>(observability.metricName, logged, {
    bad: { name: "throttled:all" },
    good: { name: "throttledAll" },
  }),
  twin<Partial<ServiceLogMetric>>(observability.metricName, logged, {
    bad: { name: "4xx" },
    good: { name: "Status4xx" },
  }),
  twin(observability.metricTaken, named, { bad: ["Requests"], good: ["Calls"] }),
  twin(observability.metricTaken, named, { bad: ["Calls", "Calls"], good: ["Calls", "Retries"] }),
  twin<Partial<ServiceLogMetric>>(observability.pattern, logged, {
    bad: { pattern: "{ $.a = 1" },
    good: { pattern: "{ $.a = 1 }" },
  }),
  twin<Partial<ServiceLogMetric>>(observability.pattern, logged, {
    bad: { pattern: "x".repeat(1025) },
    good: { pattern: "x".repeat(1024) },
  }),
  twin<Partial<ServiceLogMetric>>(observability.value, logged, {
    bad: { value: "responseTime" },
    good: { value: "$.responseTime" },
  }),
];
