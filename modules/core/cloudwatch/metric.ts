/** A metric of CloudWatch, and how its samples become one number for a period. */
export interface Metric {
  /** For example `AWS/ECS`. */
  readonly namespace: string;
  readonly metricName: string;
  /** In the order in which CloudWatch shows them. @default - none */
  readonly dimensions?: Readonly<Record<string, string>>;
  /** `Average`, `Sum`, `Minimum`, `Maximum`, `SampleCount` or a percentile such as `p99`. */
  readonly statistic: string;
  /** What a graph calls it. @default - the metric's name */
  readonly label?: string;
}

/**
 * A number that is computed from metrics, which it knows by ids.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export interface MetricMath {
  /** For example `100 * errors / requests`. */
  readonly expression: string;
  /** Ids begin with a lower case letter. */
  readonly metrics: Readonly<Record<string, Metric>>;
  readonly label: string;
}

/** True for what is computed. */
export function isMath(metric: Metric | MetricMath): metric is MetricMath {
  return "expression" in metric;
}

/** The form of a dashboard: a list of namespace, name, dimensions and options. */
export function dashboardMetric(metric: Metric, options: Readonly<Record<string, unknown>> = {}): unknown[] {
  const { namespace, metricName, dimensions = {}, statistic, label } = metric;
  return [
    namespace,
    metricName,
    ...Object.entries(dimensions).flat(),
    { stat: statistic, label, ...options },
  ];
}

/** The lines that a graph needs for metrics and for what is computed of some, whose parts it does not show. */
export function dashboardMetrics(metrics: readonly (Metric | MetricMath)[]): unknown[][] {
  return metrics.flatMap((metric, index) => {
    if (!isMath(metric)) return [dashboardMetric(metric)];
    const { expression, label } = metric;
    const parts = Object.entries(metric.metrics).map(([id, part]) =>
      dashboardMetric(part, { id, visible: false }),
    );
    return [...parts, [{ id: `e${index}`, expression, label }]];
  });
}
