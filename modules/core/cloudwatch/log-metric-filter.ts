import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter";
import type { Construct, IConstruct } from "constructs";
import { observability } from "../../rules/observability";
import { check } from "../framework/check";
import { Module } from "../framework/module";
import { argumentText } from "../framework/text";
import type { Metric } from "./metric";

/** What is counted, or measured, in the events of a log group. */
export interface LogMetric {
  /** Name of the metric, letters and digits: `Throttled`. */
  readonly name: string;
  /**
   * Which events count: `{ $.level = "error" }` for JSON, `"RequestLimitExceeded"` for a phrase in any text.
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html
   */
  readonly pattern: string;
  /** The field that has the number, for example `$.responseTime`, or a number. @default "1": events are counted */
  readonly value?: string;
  /** What is counted or measured, as CloudWatch shows it. @default - "Count" for what is counted, otherwise none */
  readonly unit?: "Count" | "Milliseconds" | "Seconds" | "Bytes" | "Percent" | "None";
}

export interface LogMetricFilterProps extends LogMetric {
  readonly logGroupName: string;
  /** Namespace of the metric, not beginning with `AWS/`. */
  readonly namespace: string;
}

/** Makes a metric of what a log group is told. It costs what a custom metric costs. */
export class LogMetricFilter extends Module {
  private readonly metricOf: Omit<Metric, "statistic">;
  private readonly isCount: boolean;

  public constructor(scope: Construct, id: string, props: LogMetricFilterProps) {
    super(scope, id);
    const { name, pattern, namespace, value = "1" } = props;
    checkLogMetric(this, props);
    this.isCount = value === "1";
    new CloudwatchLogMetricFilter(this, "log_metric_filter", {
      logGroupName: props.logGroupName,
      // unique in the log group, which may have filters for many metrics of one name: a second one would replace the first
      name: `${namespace}/${name}`,
      pattern: argumentText(pattern),
      metricTransformation: {
        namespace,
        name,
        value: argumentText(value),
        unit: props.unit ?? (this.isCount ? "Count" : undefined),
        // counts fall to 0 between events; a time of 0 milliseconds would spoil every percentile
        defaultValue: this.isCount ? "0" : undefined,
      },
    });
    this.metricOf = { namespace, metricName: name };
  }

  /** The metric, as a sum of what was counted or a 99th percentile of what was measured unless another statistic is asked for. */
  public metric(statistic = this.isCount ? "Sum" : "p99", label?: string): Metric {
    return { ...this.metricOf, statistic, label };
  }
}

function checkLogMetric(scope: IConstruct, { name, pattern, value }: LogMetric): void {
  const isName = (given: string): boolean => /^[A-Za-z][A-Za-z0-9]{0,127}$/.test(given);
  check(scope, "name", name, isName, observability.metricName);
  check(scope, "pattern", pattern, isPattern, observability.pattern);
  const isValue = (given: string): boolean => /^(\$\.\S+|-?\d+(\.\d+)?)$/.test(given);
  check(scope, "value", value, isValue, observability.value);
}

function isPattern(pattern: string): boolean {
  const isJson = pattern.trim().startsWith("{");
  return pattern.length <= 1024 && isJson === pattern.trim().endsWith("}");
}
