import { Construct } from "constructs";
import { DnsQueryLog } from "../../core/cloud-map/dns-query-log";
import { Dashboard } from "../../core/cloudwatch/dashboard";
import { EventLog } from "../../core/cloudwatch/event-log";
import { checkAlarmActions, MetricAlarm } from "../../core/cloudwatch/metric-alarm";
import { snakeCase, terraformAddress } from "../../core/framework/address";
import { arn } from "../../core/framework/aws-context";
import { check, checkGiven, refuse } from "../../core/framework/check";
import { claim } from "../../core/framework/claims";
import { Module } from "../../core/framework/module";
import { Platform } from "../../core/framework/platform";
import { observability as rules } from "../../rules/observability";
import type { EcsService } from "../ecs-service/ecs-service";
import { checkAlarms } from "./observability-checks";
import { alarmsRow, dnsRow, eventsRow, serviceRows } from "./observability-dashboard";
import type { ObservabilityProps } from "./observability-props";
import { clusterNameOfService } from "./service-metrics";
import { ServiceObservability } from "./service-observability";

/**
 * Alarms on services, a dashboard of them, and metrics of what they log. There is none of it until it is made:
 *
 * ```ts
 * new Observability(this, "observability", { services: [stock, signal], alarmActions: [onCallTopicArn] });
 * ```
 *
 * Alarms are on what its owner must act on: CPU and memory, tasks that are wanted and do not run, deployments that
 * failed, requests that failed. None goes off for a service that was scaled to zero, that is being deployed or that has
 * nothing to do. docs/observability.md says what each is made of, and what it costs.
 * Synthesis is refused for a service without what its alarms are measured by, and for wrong thresholds, patterns and ARNs.
 */
export class Observability extends Module {
  /** ARNs of all alarms, for example for a composite one. */
  public readonly alarmArns: readonly string[];
  /** Where warnings and errors of ECS about the services are written; undefined without an alarm on deployments. */
  public readonly eventLogGroupName?: string;
  /** Name of the dashboard; undefined where there is none. */
  public readonly dashboardName?: string;

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: ObservabilityProps,
  ) {
    super(scope, id);
    checkGiven(this, props, ["services"]);
    const services = [...new Set(props.services)];
    this.checkServices();
    checkAlarmActions(this, props);
    checkAlarms(this, props);

    const events = props.alarms?.deploymentFailures === false ? undefined : this.eventLog(services);
    this.eventLogGroupName = events?.logGroupName;
    const observed = services.map(
      (service) => new ServiceObservability(this, terraformAddress(service), { ...props, service, events }),
    );
    const dns = this.dnsQueryLog();
    this.alarmArns = [...observed.flatMap((one) => one.alarmArns), ...this.dnsAlarms(dns)];
    if (props.dashboard === false) return;

    const dashboard = new Dashboard(this, "dashboard", {
      dashboardName: `${Platform.of(this).name}-${terraformAddress(this).replaceAll("_", "-")}`,
    });
    this.dashboardName = dashboard.dashboardName;
    if (this.alarmArns.length > 0) dashboard.addRow(...alarmsRow(this.alarmArns));
    for (const one of observed) serviceRows(one).forEach((row) => dashboard.addRow(...row));
    if (dns !== undefined) dashboard.addRow(...dnsRow(dns));
    if (events !== undefined) dashboard.addRow(...eventsRow(events));
  }

  private checkServices(): void {
    const { services } = this.props;
    const names = services.map(({ node }) => node.path);
    const areDifferent = (all: readonly string[]): boolean =>
      all.length > 0 && new Set(all).size === all.length;
    check(this, "services", names, areDifferent, rules.services);
    for (const service of new Set(services)) {
      const other = claim(this, [service], "observability");
      if (other === undefined) continue;
      const allowed = `${rules.twice.allowed}; ${other.node.path} observes this one`;
      refuse({ scope: this, property: "services", value: service.node.path }, { ...rules.twice, allowed });
    }
  }

  /** Warnings and errors only: a service that is well tells so every few hours. */
  private eventLog(services: readonly EcsService[]): EventLog {
    // by the clusters: ARNs of all services would soon be more than a pattern has room for
    const clusters = new Map(services.map((service) => [service.ecsCluster, clusterNameOfService(service)]));
    const resources = [...clusters.values()].map((name) => ({
      prefix: arn(this, "ecs", `service/${name}/`),
    }));
    return new EventLog(this, "events", {
      description: "Warnings and errors of ECS about services, failed deployments among them",
      pattern: {
        source: ["aws.ecs"],
        "detail-type": ["ECS Deployment State Change", "ECS Service Action"],
        resources,
        detail: { eventType: ["WARN", "ERROR"] },
      },
    });
  }

  private dnsQueryLog(): DnsQueryLog | undefined {
    const { dnsQueries } = this.props;
    return dnsQueries && new DnsQueryLog(this, "dns_queries", dnsQueries);
  }

  private dnsAlarms(dns: DnsQueryLog | undefined): string[] {
    const { dnsQueries, alarmActions, okActions } = this.props;
    const alarmAt = dnsQueries?.alarmAt;
    if (dns === undefined || alarmAt === undefined) return [];
    const scope = new Construct(this, "dns_queries_alarm");
    return dns.metrics.map(
      ({ namespaceName, queries }) =>
        new MetricAlarm(scope, snakeCase(namespaceName), {
          alarmName: `${Platform.of(this).name}-dns-${namespaceName}`,
          description:
            `Five minutes in a row the resolver was asked ${alarmAt} times a minute or more for names in ${namespaceName}. ` +
            "Callers that ask for each request should remember the answer; a longer TTL lets the resolver do so.",
          metric: queries,
          threshold: alarmAt,
          orEqual: true,
          evaluationPeriods: 5,
          alarmActions,
          okActions,
        }).alarmArn,
    );
  }
}
