import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
  type CloudwatchMetricAlarmMetricQuery,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Token } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { observability } from "../../rules/observability";
import { check } from "../framework/check";
import { claimInStack } from "../framework/claims";
import { Module } from "../framework/module";
import { argumentText } from "../framework/text";
import { isMath, type Metric, type MetricMath } from "./metric";

/** Who hears of an alarm. */
export interface AlarmActions {
  /** ARNs, for example of SNS topics, that are told when an alarm goes off; at most 5. @default - nobody is told */
  readonly alarmActions?: readonly string[];
  /** ARNs that are told when it is over; at most 5. @default - nobody is told */
  readonly okActions?: readonly string[];
}

export interface MetricAlarmProps extends AlarmActions {
  /** Unique in the account and region. */
  readonly alarmName: string;
  /** What has happened, and where to look: it stands in the message that wakes somebody. */
  readonly description: string;
  readonly metric: Metric | MetricMath;
  /** The alarm goes off at values that are greater, or at this one too with `orEqual`. */
  readonly threshold: number;
  /** @default false */
  readonly orEqual?: boolean;
  /** Seconds that one value is made of. @default 60 */
  readonly period?: number;
  /** How many values it looks at. */
  readonly evaluationPeriods: number;
  /** How many of them must be too high. @default - all of them */
  readonly datapointsToAlarm?: number;
}

const MAX_ACTIONS = 5;

/**
 * An alarm on values that are too high. A missing value is not one of them: see the rule observability-missing-data.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
 */
export class MetricAlarm extends Module {
  public readonly alarmArn: string;

  public constructor(scope: Construct, id: string, props: MetricAlarmProps) {
    super(scope, id);
    const { metric, period = 60, evaluationPeriods, alarmActions, okActions } = props;
    check(this, "alarmName", props.alarmName, ({ length }) => length <= 255, observability.alarmName);
    claimInStack(this, "alarmName", "alarm", props.alarmName, observability.alarmTaken);
    const alarm = new CloudwatchMetricAlarm(this, "metric_alarm", {
      alarmName: props.alarmName,
      alarmDescription: argumentText(props.description),
      ...(isMath(metric) ? mathArguments(metric, period) : metricArguments(metric, period)),
      comparisonOperator: props.orEqual ? "GreaterThanOrEqualToThreshold" : "GreaterThanThreshold",
      threshold: props.threshold,
      evaluationPeriods,
      datapointsToAlarm: props.datapointsToAlarm ?? evaluationPeriods,
      treatMissingData: "notBreaching",
      alarmActions: alarmActions && [...alarmActions],
      okActions: okActions && [...okActions],
    });
    this.alarmArn = alarm.arn;
  }
}

/** Refuses actions that CloudWatch would refuse for every alarm. */
export function checkAlarmActions(scope: IConstruct, { alarmActions, okActions }: AlarmActions): void {
  for (const [property, arns] of Object.entries({ alarmActions, okActions })) {
    check(
      scope,
      property,
      arns,
      (given: readonly string[]) =>
        given.length <= MAX_ACTIONS &&
        given.every((arn) => Token.isUnresolved(arn) || arn.startsWith("arn:")),
      observability.actions,
    );
  }
}

function metricArguments(metric: Metric, period: number): Partial<CloudwatchMetricAlarmConfig> {
  const { namespace, metricName, dimensions, statistic } = metric;
  return { namespace, metricName, dimensions: dimensions && { ...dimensions }, statistic, period };
}

function mathArguments(
  math: MetricMath,
  period: number,
): { metricQuery: CloudwatchMetricAlarmMetricQuery[] } {
  const { expression, metrics, label } = math;
  const parts = Object.entries(metrics).map(([id, { namespace, metricName, dimensions, statistic }]) => ({
    id,
    metric: { namespace, metricName, dimensions: dimensions && { ...dimensions }, stat: statistic, period },
  }));
  return { metricQuery: [{ id: "value", expression, label, returnData: true }, ...parts] };
}
