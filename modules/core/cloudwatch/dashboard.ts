import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { Lazy } from "cdktf";
import type { Construct } from "constructs";
import { awsContext } from "../framework/aws-context";
import { jsonText } from "../framework/json-text";
import { Module } from "../framework/module";
import { dashboardMetrics, type Metric, type MetricMath } from "./metric";

/** Part of a row of a dashboard. The widgets of a row share its 24 columns. */
export type Widget =
  | { readonly type: "text"; readonly markdown: string }
  | { readonly type: "alarms"; readonly title: string; readonly alarmArns: readonly string[] }
  | {
      readonly type: "metrics";
      readonly title: string;
      readonly metrics: readonly (Metric | MetricMath)[];
      /** Lines across the graph, where alarms go off. @default - none */
      readonly thresholds?: readonly { readonly label: string; readonly value: number }[];
      /** @default - from 0 to what there is */
      readonly max?: number;
    }
  | {
      readonly type: "logs";
      readonly title: string;
      readonly logGroupName: string;
      /** A query of CloudWatch Logs Insights. */
      readonly query: string;
    };

export interface DashboardProps {
  /**
   * Unique in the account and region; other signs than letters, digits, - and _ become hyphens. The region is put behind
   * it, because the console shows the dashboards of all regions together.
   */
  readonly dashboardName: string;
}

/** Columns of a dashboard. */
const COLUMNS = 24;
/** CloudWatch allows 255 characters, of which the region takes some. */
const MAX_NAME = 235;
const HEIGHTS = { text: 1, alarms: 2, metrics: 6, logs: 6 } as const;

/**
 * A dashboard of CloudWatch, row by row. Rows can be added until the app is synthesized.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export class Dashboard extends Module {
  public readonly dashboardName: string;
  private readonly rows: (readonly Widget[])[] = [];
  private readonly region: string;

  public constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    this.region = awsContext(this).region;
    const dashboard = new CloudwatchDashboard(this, "dashboard", {
      dashboardName: `${props.dashboardName.replace(/[^A-Za-z0-9_-]+/g, "-").slice(0, MAX_NAME)}-${this.region}`,
      dashboardBody: Lazy.stringValue({ produce: () => jsonText({ widgets: this.widgets() }) }),
    });
    this.dashboardName = dashboard.dashboardName;
  }

  /** Adds a row of widgets, of one width each. */
  public addRow(...widgets: readonly Widget[]): void {
    this.rows.push(widgets);
  }

  private widgets(): object[] {
    let y = 0;
    return this.rows.flatMap((row) => {
      const width = Math.floor(COLUMNS / row.length);
      const height = Math.max(...row.map(({ type }) => HEIGHTS[type]));
      const placed = row.map((widget, index) => ({
        x: index * width,
        y,
        width,
        height,
        ...this.render(widget),
      }));
      y += height;
      return placed;
    });
  }

  private render(widget: Widget): object {
    const { region } = this;
    switch (widget.type) {
      case "text":
        return { type: "text", properties: { markdown: widget.markdown } };
      case "alarms":
        return { type: "alarm", properties: { title: widget.title, alarms: widget.alarmArns } };
      case "logs": {
        const query = `SOURCE '${widget.logGroupName}' | ${widget.query}`;
        return { type: "log", properties: { title: widget.title, region, query, view: "table" } };
      }
      case "metrics": {
        const { title, metrics, thresholds, max } = widget;
        const annotations = thresholds && thresholds.length > 0 ? { horizontal: thresholds } : undefined;
        return {
          type: "metric",
          properties: {
            title,
            region,
            view: "timeSeries",
            period: 60,
            metrics: dashboardMetrics(metrics),
            yAxis: { left: { min: 0, max } },
            annotations,
          },
        };
      }
    }
  }
}
