import type { DnsQueryLogProps } from "../../core/cloud-map/dns-query-log";
import type { LogMetric } from "../../core/cloudwatch/log-metric-filter";
import type { AlarmActions } from "../../core/cloudwatch/metric-alarm";
import type { EcsService } from "../ecs-service/ecs-service";

/** When somebody is to be woken, for each of the services; `false` for never. */
export interface ServiceAlarms {
  /** CPU utilization that is too high when it stays above for 15 minutes, in percent of what the tasks have. @default 90 */
  readonly cpuPercent?: number | false;
  /** Memory utilization that is too high when it stays above for 5 minutes, in percent of what the tasks have. @default 90 */
  readonly memoryPercent?: number | false;
  /**
   * Minutes, 1 to 1440, for which fewer tasks may run than are wanted: a new task must have its image pulled and start.
   * On instances that are started for it longer than on Fargate. Needs Container Insights.
   * @default 10
   */
  readonly tasksMissingMinutes?: number | false;
  /** Deployments that ECS gave up and rolled back. @default true */
  readonly deploymentFailures?: boolean;
  /**
   * Answers with status 500 and above, in percent of all requests in five minutes, twice in a row. Needs `requestLogs`.
   * Fewer than 20 requests in five minutes never wake anybody.
   * @default 5
   */
  readonly serverErrorPercent?: number | false;
}

/** A metric of what services log, and when it is too high. */
export interface ServiceLogMetric extends LogMetric {
  /** Whose logs, among those that are observed. @default - those of all of them */
  readonly services?: readonly EcsService[];
  /** Sum, or 99th percentile, of a minute that is too much when it is reached. @default - never too much */
  readonly alarmAt?: number;
}

export interface ObservabilityProps extends AlarmActions {
  /** What to observe, at least one. */
  readonly services: readonly EcsService[];
  /**
   * Which alarms are made, and when they go off.
   * @default - all of them, with the thresholds that each has by default
   */
  readonly alarms?: ServiceAlarms;
  /** Whether a dashboard is made. @default true */
  readonly dashboard?: boolean;
  /**
   * Whether the services log requests as pino and Fastify do, as the project's own do: JSON with `level`, a text,
   * `res.statusCode` and `responseTime`, milliseconds. Counts requests, those that failed, and errors, and measures time.
   * @default false
   */
  readonly requestLogs?: boolean;
  /** Further metrics of what services log. @default - none */
  readonly logMetrics?: readonly ServiceLogMetric[];
  /**
   * Counts the queries for names of namespaces in the log of the VPC's resolver, which it switches on. Every query of
   * the VPC is logged then, and paid for.
   * @default - they are neither logged nor counted
   */
  readonly dnsQueries?: DnsQueryLogProps & {
    /** Queries in a minute for names of one namespace that are too many when they are reached. @default - never too many */
    readonly alarmAt?: number;
  };
}
