import { Construct } from "constructs";
import type { EventLog } from "../../core/cloudwatch/event-log";
import { LogMetricFilter, type LogMetric } from "../../core/cloudwatch/log-metric-filter";
import type { Metric } from "../../core/cloudwatch/metric";
import { MetricAlarm, type MetricAlarmProps } from "../../core/cloudwatch/metric-alarm";
import { snakeCase } from "../../core/framework/address";
import { Platform } from "../../core/framework/platform";
import type { EcsService } from "../ecs-service/ecs-service";
import { checkMeasured, DEFAULT_ALARMS } from "./observability-checks";
import type { ObservabilityProps, ServiceAlarms } from "./observability-props";
import {
  logNamespace,
  missingTasks,
  observedName,
  REQUEST_LOG_METRICS,
  serverErrorPercent,
  utilization,
} from "./service-metrics";

export interface ServiceObservabilityProps extends Omit<ObservabilityProps, "services"> {
  readonly service: EcsService;
  /** Where failed deployments are written. @default - there is no alarm on them */
  readonly events?: EventLog;
}

/** What the logs of requests tell. */
export type RequestMetrics = Readonly<Record<keyof typeof REQUEST_LOG_METRICS, LogMetricFilter>>;

/** Minutes for which a utilization must be too high. CPU may be busy for a while, of memory there is soon none left. */
const CPU_MINUTES = 15;
const MEMORY_MINUTES = 5;

/** Alarms on one service, and metrics of its logs. */
export class ServiceObservability extends Construct {
  public readonly service: EcsService;
  public readonly thresholds: ServiceAlarms;
  public readonly requests?: RequestMetrics;
  /** Metrics of its logs that were asked for beside those of requests. */
  public readonly logMetrics: readonly Metric[];
  public readonly alarmArns: readonly string[];
  private readonly alarms: MetricAlarm[] = [];
  // a filter and the alarm on its metric have one name: ids that the resource types say already
  private readonly alarmScope = new Construct(this, "metric_alarm");
  private readonly filterScope = new Construct(this, "log_metric_filter");

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: ServiceObservabilityProps,
  ) {
    super(scope, id);
    this.service = props.service;
    this.thresholds = { ...DEFAULT_ALARMS, ...props.alarms };
    checkMeasured(this, this.service, this.thresholds);
    this.utilizationAlarm("CPU", this.thresholds.cpuPercent, CPU_MINUTES);
    this.utilizationAlarm("Memory", this.thresholds.memoryPercent, MEMORY_MINUTES);
    this.tasksAlarm(this.thresholds.tasksMissingMinutes);
    if (props.events !== undefined) this.deploymentAlarm(props.events);
    if (props.requestLogs) this.requests = this.requestMetrics(this.thresholds.serverErrorPercent);
    this.logMetrics = this.furtherMetrics();
    this.alarmArns = this.alarms.map(({ alarmArn }) => alarmArn);
  }

  private utilizationAlarm(of: "CPU" | "Memory", percent: number | false | undefined, minutes: number): void {
    if (percent === false || percent === undefined) return;
    this.alarm(of.toLowerCase(), {
      description: `${of} utilization was above ${percent} % for ${minutes} minutes: the tasks have too little of it, or there are too few of them.`,
      metric: utilization(this.service, of),
      threshold: percent,
      evaluationPeriods: minutes,
    });
  }

  private tasksAlarm(minutes: number | false | undefined): void {
    if (minutes === false || minutes === undefined) return;
    this.alarm("tasks_missing", {
      description: `Fewer tasks ran than are wanted, for ${minutes} minutes: they do not start, or do not stay. The events of the service and the reasons of its stopped tasks say why.`,
      metric: missingTasks(this.service),
      threshold: 0,
      evaluationPeriods: minutes,
      // a task that starts and fails over and over may be running in one minute of several
      datapointsToAlarm: minutes - Math.floor(minutes / 5),
    });
  }

  private deploymentAlarm({ logGroupName }: EventLog): void {
    const failed = new LogMetricFilter(this.filterScope, "deployments", {
      logGroupName,
      namespace: logNamespace(this.service),
      name: "FailedDeployments",
      pattern: `{ ($.detail.eventName = "SERVICE_DEPLOYMENT_FAILED") && ($.resources[0] = "${this.service.serviceArn}") }`,
    });
    this.alarm("deployment", {
      description: `ECS gave a deployment up and went back to the one before. The log group ${logGroupName} has its reason.`,
      metric: failed.metric(),
      threshold: 1,
      orEqual: true,
      evaluationPeriods: 1,
    });
  }

  private requestMetrics(percent: number | false | undefined): RequestMetrics {
    const { requests, serverErrors, responseTime, logErrors } = REQUEST_LOG_METRICS;
    const filters = {
      requests: this.filter(requests),
      serverErrors: this.filter(serverErrors),
      responseTime: this.filter(responseTime),
      logErrors: this.filter(logErrors),
    };
    if (percent !== false && percent !== undefined) {
      this.alarm("server_errors", {
        description: `More than ${percent} % of the requests failed with status 500 or above, ten minutes long. The log group ${this.service.logGroupName} has the errors.`,
        metric: serverErrorPercent(filters.requests.metric(), filters.serverErrors.metric()),
        threshold: percent,
        period: 300,
        evaluationPeriods: 2,
      });
    }
    return filters;
  }

  private furtherMetrics(): Metric[] {
    const { logMetrics = [] } = this.props;
    const own = logMetrics.filter(({ services }) => services?.includes(this.service) ?? true);
    return own.map((logMetric) => {
      const { name, alarmAt } = logMetric;
      const metric = this.filter(logMetric).metric();
      if (alarmAt !== undefined) {
        this.alarm(`log_${snakeCase(name)}`, {
          description: `${name} in the logs reached ${alarmAt} in a minute. The log group ${this.service.logGroupName} has the events: ${logMetric.pattern}`,
          metric,
          threshold: alarmAt,
          orEqual: true,
          evaluationPeriods: 1,
        });
      }
      return metric;
    });
  }

  private filter({ name, pattern, value, unit }: LogMetric): LogMetricFilter {
    const { logGroupName } = this.service;
    const namespace = logNamespace(this.service);
    return new LogMetricFilter(this.filterScope, snakeCase(name), {
      logGroupName,
      namespace,
      name,
      pattern,
      value,
      unit,
    });
  }

  private alarm(id: string, props: Omit<MetricAlarmProps, "alarmName" | "alarmActions" | "okActions">): void {
    const { alarmActions, okActions } = this.props;
    const name = `${Platform.of(this).name}-${observedName(this.service)}`;
    const alarm = new MetricAlarm(this.alarmScope, id, {
      ...props,
      alarmName: `${name}-${id.replaceAll("_", "-")}`,
      description: `${this.service.serviceName}: ${props.description}`,
      alarmActions,
      okActions,
    });
    this.alarms.push(alarm);
  }
}
