import type { DnsQueryLog } from "../../core/cloud-map/dns-query-log";
import type { Widget } from "../../core/cloudwatch/dashboard";
import type { EventLog } from "../../core/cloudwatch/event-log";
import { taskCount, utilization } from "./service-metrics";
import type { ServiceObservability } from "./service-observability";

/** CloudWatch shows at most this many alarms in one widget. */
const ALARMS_IN_WIDGET = 100;

/** The state of all alarms. */
export function alarmsRow(alarmArns: readonly string[]): Widget[] {
  return [{ type: "alarms", title: "Alarms", alarmArns: alarmArns.slice(0, ALARMS_IN_WIDGET) }];
}

/** A headline, how busy a service is and how many tasks it has, and what its logs tell. */
export function serviceRows({ service, thresholds, requests, logMetrics }: ServiceObservability): Widget[][] {
  const { cpuPercent, memoryPercent } = thresholds;
  const line = (label: string, value: number | false | undefined): { label: string; value: number }[] =>
    value === false || value === undefined ? [] : [{ label, value }];
  const rows: Widget[][] = [
    [{ type: "text", markdown: `## ${service.serviceName}` }],
    [
      {
        type: "metrics",
        title: "CPU and memory (%)",
        metrics: [utilization(service, "CPU"), utilization(service, "Memory")],
        thresholds: [...line("CPU alarm", cpuPercent), ...line("Memory alarm", memoryPercent)],
        max: 100,
      },
      {
        type: "metrics",
        title: "Tasks",
        metrics: [taskCount(service, "Desired"), taskCount(service, "Running")],
      },
    ],
  ];
  if (requests !== undefined) {
    rows.push([
      {
        type: "metrics",
        title: "Requests in a minute",
        metrics: [
          requests.requests.metric("Sum", "Requests"),
          requests.serverErrors.metric("Sum", "Status 500 and above"),
          requests.logErrors.metric("Sum", "Errors in the log"),
        ],
      },
      {
        type: "metrics",
        title: "Response time (ms)",
        metrics: [
          requests.responseTime.metric("p50", "Half of the requests"),
          requests.responseTime.metric("p99", "99 of 100"),
        ],
      },
    ]);
  }
  if (logMetrics.length > 0) rows.push([{ type: "metrics", title: "From the logs", metrics: logMetrics }]);
  return rows;
}

/** How often names were asked for. */
export function dnsRow({ metrics }: DnsQueryLog): Widget[] {
  return metrics.map(({ namespaceName, queries, nameErrors }) => ({
    type: "metrics",
    title: `DNS queries for ${namespaceName} in a minute`,
    metrics: [
      { ...queries, label: "Queries that the resolver's cache did not answer" },
      { ...nameErrors, label: "Names that do not exist" },
    ],
  }));
}

/** What ECS says about the services. */
export function eventsRow({ logGroupName }: EventLog): Widget[] {
  const query =
    "fields @timestamp, detail.eventName as event, detail.reason as reason, resources.0 as service | sort @timestamp desc | limit 20";
  return [{ type: "logs", title: "Warnings and errors of ECS", logGroupName, query }];
}
