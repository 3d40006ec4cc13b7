import type { LogMetric } from "../../core/cloudwatch/log-metric-filter";
import type { Metric, MetricMath } from "../../core/cloudwatch/metric";
import { clusterNameOf } from "../../core/compute/ecs-cluster";
import { terraformAddress } from "../../core/framework/address";
import { Platform } from "../../core/framework/platform";
import type { EcsService } from "../ecs-service/ecs-service";

/** What the resources that observe a service are called after: unique in its stack. */
export function observedName(service: EcsService): string {
  return terraformAddress(service).replaceAll("_", "-");
}

/** Namespace of the metrics that are made of a service's logs. */
export function logNamespace(service: EcsService): string {
  return `${Platform.of(service).name}/${observedName(service)}`;
}

/** The name of the cluster that a service is in, as CloudWatch's dimensions have it. */
export function clusterNameOfService({ ecsCluster }: EcsService): string {
  return ecsCluster.ecsClusterName ?? clusterNameOf(ecsCluster.ecsClusterId);
}

/**
 * Utilization of the tasks that run, measured by ECS; none where none run.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
 */
export function utilization(service: EcsService, of: "CPU" | "Memory"): Metric {
  return {
    namespace: "AWS/ECS",
    metricName: `${of}Utilization`,
    dimensions: dimensionsOf(service),
    statistic: "Average",
    label: of,
  };
}

/**
 * Numbers of tasks, which Container Insights counts and nothing else.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
 */
export function taskCount(service: EcsService, which: "Desired" | "Running"): Metric {
  return {
    namespace: "ECS/ContainerInsights",
    metricName: `${which}TaskCount`,
    dimensions: dimensionsOf(service),
    statistic: "Average",
    label: which,
  };
}

/** How many tasks are wanted and do not run. Where nobody says how many are wanted, none are missing. */
export function missingTasks(service: EcsService): MetricMath {
  return {
    expression: "desired - FILL(running, 0)",
    metrics: { desired: taskCount(service, "Desired"), running: taskCount(service, "Running") },
    label: "Missing tasks",
  };
}

/** Fewer requests than these in a period say nothing about a service. */
const FEW_REQUESTS = 20;

/** The share of requests that failed, and nothing of a period with few requests. */
export function serverErrorPercent(requests: Metric, serverErrors: Metric): MetricMath {
  return {
    expression: `IF(requests >= ${FEW_REQUESTS}, 100 * FILL(errors, 0) / requests, 0)`,
    metrics: { requests, errors: serverErrors },
    label: "Server errors (%)",
  };
}

/**
 * What the logs of pino and Fastify tell about requests. Fastify logs each request twice; the second time with the
 * answer.
 */
export const REQUEST_LOG_METRICS = {
  requests: { name: "Requests", pattern: "{ $.res.statusCode = * }" },
  serverErrors: { name: "ServerErrors", pattern: "{ $.res.statusCode >= 500 }" },
  responseTime: {
    name: "ResponseTime",
    pattern: "{ $.responseTime = * }",
    value: "$.responseTime",
    unit: "Milliseconds",
  },
  logErrors: { name: "LogErrors", pattern: '{ ($.level = "error") || ($.level = "fatal") }' },
} as const satisfies Record<string, LogMetric>;

function dimensionsOf(service: EcsService): Record<string, string> {
  return { ClusterName: clusterNameOfService(service), ServiceName: service.serviceName };
}
