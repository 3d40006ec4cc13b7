import { EcsCluster } from "../../../../modules/core/compute/ecs-cluster";
import type { EcsServiceProps } from "../../../../modules/services/ecs-service/ecs-service-props";
import { Observability } from "../../../../modules/services/observability/observability";
import type { ObservabilityProps } from "../../../../modules/services/observability/observability-props";
import type { SynthesizedStack } from "../../../../testing";
import { NAMESPACE, service, stackOf, VPC } from "../../stack-of";

const ON_CALL = "arn:aws:sns:eu-central-1:123456789012:on-call";

const observing = (
  props: Partial<ObservabilityProps> = {},
  ofStock: Partial<EcsServiceProps> = {},
): SynthesizedStack =>
  stackOf((stack) => {
    const ecsCluster = new EcsCluster(stack, "cluster");
    const services = [
      service(stack, "stock-service", { ecsCluster, ...ofStock }),
      service(stack, "signal", { ecsCluster }),
    ];
    new Observability(stack, "observability", { services, ...props });
  });
const alarm = (stack: SynthesizedStack, name: string): Readonly<Record<string, unknown>> =>
  stack.resource(`aws_cloudwatch_metric_alarm.observability_stock_service_${name}`);
const DIMENSIONS = { ClusterName: "${aws_ecs_cluster.cluster.name}", ServiceName: "stock-service" };

describe("one line", () => {
  const stack = observing();

  test("makes alarms on CPU, memory, missing tasks and failed deployments of each service", () => {
    expect(stack.addresses("aws_cloudwatch_metric_alarm")).toEqual(
      ["signal", "stock_service"].flatMap((name) =>
        ["cpu", "deployment", "memory", "tasks_missing"].map(
          (what) => `aws_cloudwatch_metric_alarm.observability_${name}_${what}`,
        ),
      ),
    );
  });

  test("makes one dashboard, one log of events, and nothing that is for requests or DNS", () => {
    expect(stack.addresses("aws_cloudwatch_dashboard")).toHaveLength(1);
    expect(stack.addresses("aws_cloudwatch_event_rule")).toHaveLength(1);
    expect(stack.addresses("aws_route53_resolver_query_log_config")).toEqual([]);
    expect(stack.addresses("aws_cloudwatch_log_metric_filter")).toEqual([
      "aws_cloudwatch_log_metric_filter.observability_signal_deployments",
      "aws_cloudwatch_log_metric_filter.observability_stock_service_deployments",
    ]);
  });

  test("changes nothing of the services", () => {
    const plain = stackOf((inner) => {
      const ecsCluster = new EcsCluster(inner, "cluster");
      for (const name of ["stock-service", "signal"]) service(inner, name, { ecsCluster });
    });
    for (const address of plain.addresses()) expect(stack.resource(address)).toEqual(plain.resource(address));
  });
});

describe("an alarm", () => {
  test("on CPU or memory looks at what ECS itself measures, of this service in this cluster", () => {
    const stack = observing();
    expect(alarm(stack, "cpu")).toMatchObject({
      namespace: "AWS/ECS",
      metric_name: "CPUUtilization",
      dimensions: DIMENSIONS,
      statistic: "Average",
      comparison_operator: "GreaterThanThreshold",
      threshold: 90,
      period: 60,
      evaluation_periods: 15,
    });
    expect(alarm(stack, "memory")).toMatchObject({
      namespace: "AWS/ECS",
      metric_name: "MemoryUtilization",
      dimensions: DIMENSIONS,
      threshold: 90,
      evaluation_periods: 5,
    });
  });

  test("on missing tasks compares what Container Insights counts, and takes none running for 0", () => {
    const missing = alarm(observing(), "tasks_missing");
    expect(missing).toMatchObject({ comparison_operator: "GreaterThanThreshold", threshold: 0 });
    const part = (id: string, metric_name: string): unknown => ({
      id,
      metric: {
        namespace: "ECS/ContainerInsights",
        metric_name,
        dimensions: DIMENSIONS,
        stat: "Average",
        period: 60,
      },
    });
    expect(missing.metric_query).toEqual([
      { id: "value", expression: "desired - FILL(running, 0)", label: "Missing tasks", return_data: true },
      part("desired", "DesiredTaskCount"),
      part("running", "RunningTaskCount"),
    ]);
  });

  test("on missing tasks goes off after ten minutes in which a task may run now and then", () => {
    expect(alarm(observing(), "tasks_missing")).toMatchObject({
      evaluation_periods: 10,
      datapoints_to_alarm: 8,
    });
    const slow = observing({ alarms: { tasksMissingMinutes: 4 } });
    expect(alarm(slow, "tasks_missing")).toMatchObject({ evaluation_periods: 4, datapoints_to_alarm: 4 });
  });

  test("on a failed deployment goes off at the first one, of this service and no other", () => {
    const stack = observing();
    expect(alarm(stack, "deployment")).toMatchObject({
      namespace: "small/stock-service",
      metric_name: "FailedDeployments",
      statistic: "Sum",
      comparison_operator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      evaluation_periods: 1,
    });
    expect(
      stack.resource("aws_cloudwatch_log_metric_filter.observability_stock_service_deployments"),
    ).toMatchObject({
      log_group_name: "${aws_cloudwatch_log_group.observability_events.name}",
      pattern:
        '{ ($.detail.eventName = "SERVICE_DEPLOYMENT_FAILED") && ($.resources[0] = "${aws_ecs_service.stock_service.id}") }',
      metric_transformation: { namespace: "small/stock-service", name: "FailedDeployments" },
    });
  });

  test("takes silence for quiet, whatever it is on: of no task, no request and no event there is no metric", () => {
    const stack = observing({
      requestLogs: true,
      logMetrics: [{ name: "Throttled", pattern: "x", alarmAt: 1 }],
      dnsQueries: { vpcId: VPC, namespaces: [NAMESPACE], alarmAt: 1000 },
    });
    const alarms = stack.addresses("aws_cloudwatch_metric_alarm");
    expect(alarms).toHaveLength(2 * 6 + 1);
    for (const address of alarms)
      expect(stack.resource(address)).toMatchObject({ treat_missing_data: "notBreaching" });
  });

  test("tells nobody, or whom it is told to tell, of its end too where that is wanted", () => {
    expect(alarm(observing(), "cpu").alarm_actions).toBeUndefined();
    const stack = observing({ alarmActions: [ON_CALL], okActions: [`${ON_CALL}-2`] });
    for (const address of stack.addresses("aws_cloudwatch_metric_alarm"))
      expect(stack.resource(address)).toMatchObject({
        alarm_actions: [ON_CALL],
        ok_actions: [`${ON_CALL}-2`],
      });
  });

  test("says in its message whose it is and where to look", () => {
    expect(alarm(observing(), "deployment").alarm_description).toBe(
      "stock-service: ECS gave a deployment up and went back to the one before. The log group ${aws_cloudwatch_log_group.observability_events.name} has its reason.",
    );
  });

  test.each([
    ["cpu", { cpuPercent: false }],
    ["memory", { memoryPercent: false }],
    ["tasks_missing", { tasksMissingMinutes: false }],
    ["deployment", { deploymentFailures: false }],
  ] as const)("on %s can be left out", (name, alarms) => {
    const left = observing({ alarms }).addresses("aws_cloudwatch_metric_alarm");
    expect(left).toHaveLength(6);
    expect(left.join()).not.toContain(name);
  });

  test("on deployments takes the log of events with it where it is left out", () => {
    const stack = observing({ alarms: { deploymentFailures: false } });
    expect(stack.addresses("aws_cloudwatch_event_rule")).toEqual([]);
    expect(stack.addresses("aws_cloudwatch_log_resource_policy")).toEqual([]);
  });

  test("knows the cluster of an imported one by the end of its ARN", () => {
    const stack = stackOf((inner) => {
      new Observability(inner, "observability", { services: [service(inner, "stock-service")] });
    });
    expect(alarm(stack, "cpu").dimensions).toEqual({
      ClusterName: "platform",
      ServiceName: "stock-service",
    });
  });

  test("has a name of the environment", () => {
    expect(alarm(observing(), "cpu").alarm_name).toBe("small-stock-service-cpu");
  });
});

describe("events of ECS", () => {
  const stack = observing();

  test("are logged where they are warnings or errors about services of the cluster", () => {
    expect(stack.json("aws_cloudwatch_event_rule.observability_events", "event_pattern")).toEqual({
      source: ["aws.ecs"],
      "detail-type": ["ECS Deployment State Change", "ECS Service Action"],
      resources: [
        {
          prefix:
            "arn:${data.aws_partition.current.partition}:ecs:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:service/${aws_ecs_cluster.cluster.name}/",
        },
      ],
      detail: { eventType: ["WARN", "ERROR"] },
    });
  });

  test("arrive only once EventBridge may write them, into this log group alone", () => {
    expect(stack.resource("aws_cloudwatch_event_target.observability_events")).toMatchObject({
      arn: "${aws_cloudwatch_log_group.observability_events.arn}",
      depends_on: ["aws_cloudwatch_log_resource_policy.log_delivery"],
    });
    expect(stack.json("aws_cloudwatch_log_resource_policy.log_delivery", "policy_document")).toMatchObject({
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: "${aws_cloudwatch_log_group.observability_events.arn}:*",
        },
      ],
    });
  });
});

describe("logs of requests", () => {
  const stack = observing({ requestLogs: true });
  const filter = (name: string): unknown =>
    stack.resource(`aws_cloudwatch_log_metric_filter.observability_stock_service_${name}`);

  test.each([
    ["requests", "Requests", "{ $.res.statusCode = * }"],
    ["server_errors", "ServerErrors", "{ $.res.statusCode >= 500 }"],
    ["log_errors", "LogErrors", '{ ($.level = "error") || ($.level = "fatal") }'],
  ])("give %s, which fall to 0 in between", (id, name, pattern) => {
    expect(filter(id)).toEqual(
      expect.objectContaining({
        log_group_name: "${aws_cloudwatch_log_group.stock_service.name}",
        name: `small/stock-service/${name}`,
        pattern,
        metric_transformation: {
          namespace: "small/stock-service",
          name,
          value: "1",
          unit: "Count",
          default_value: "0",
        },
      }),
    );
  });

  test("give the time of each, and no 0 where there is none", () => {
    expect(filter("response_time")).toMatchObject({
      pattern: "{ $.responseTime = * }",
      metric_transformation: {
        namespace: "small/stock-service",
        name: "ResponseTime",
        value: "$.responseTime",
        unit: "Milliseconds",
      },
    });
    expect(JSON.stringify(filter("response_time"))).not.toContain("default_value");
  });

  test("wake somebody when one request of twenty fails for ten minutes, not for a few at night", () => {
    expect(alarm(stack, "server_errors")).toMatchObject({
      threshold: 5,
      comparison_operator: "GreaterThanThreshold",
      evaluation_periods: 2,
      datapoints_to_alarm: 2,
      metric_query: [
        { expression: "IF(requests >= 20, 100 * FILL(errors, 0) / requests, 0)", return_data: true },
        { id: "requests", metric: { metric_name: "Requests", stat: "Sum", period: 300 } },
        { id: "errors", metric: { metric_name: "ServerErrors", stat: "Sum", period: 300 } },
      ],
    });
  });
});

describe("a metric of one's own", () => {
  test("is made of the logs of all services, or of some, and may have an alarm", () => {
    const stack = stackOf((inner) => {
      const services = ["stock", "signal"].map((name) => service(inner, name));
      new Observability(inner, "observability", {
        services,
        logMetrics: [
          { name: "Throttled", pattern: '"RequestLimitExceeded"', alarmAt: 10 },
          { name: "QueueTime", pattern: "{ $.queued = * }", value: "$.queued", services: services.slice(1) },
        ],
      });
    });
    expect(
      stack
        .addresses("aws_cloudwatch_log_metric_filter")
        .filter((address) => !address.endsWith("deployments")),
    ).toEqual([
      "aws_cloudwatch_log_metric_filter.observability_signal_queue_time",
      "aws_cloudwatch_log_metric_filter.observability_signal_throttled",
      "aws_cloudwatch_log_metric_filter.observability_stock_throttled",
    ]);
    expect(stack.resource("aws_cloudwatch_metric_alarm.observability_signal_log_throttled")).toMatchObject({
      namespace: "small/signal",
      metric_name: "Throttled",
      statistic: "Sum",
      threshold: 10,
      comparison_operator: "GreaterThanOrEqualToThreshold",
    });
  });
});

describe("filters of one log group", () => {
  test("have different names: a second one of a name would replace the first", () => {
    const other = { namespaceId: "ns-1", namespaceName: "other.internal" };
    const stack = observing({
      requestLogs: true,
      dnsQueries: { vpcId: VPC, namespaces: [NAMESPACE, other] },
    });
    const names = stack.addresses("aws_cloudwatch_log_metric_filter").map((address) => {
      const { log_group_name, name } = stack.resource(address);
      return `${String(log_group_name)} ${String(name)}`;
    });
    expect(names).toHaveLength(2 * 5 + 4);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("queries for names", () => {
  const stack = observing({ dnsQueries: { vpcId: VPC, namespaces: [NAMESPACE], alarmAt: 60_000 } });

  test("are logged by the resolver of the VPC once it may write", () => {
    expect(stack.resource("aws_route53_resolver_query_log_config.observability_dns_queries")).toMatchObject({
      destination_arn: "${aws_cloudwatch_log_group.observability_dns_queries.arn}",
      depends_on: ["aws_cloudwatch_log_resource_policy.log_delivery"],
    });
    expect(
      stack.resource("aws_route53_resolver_query_log_config_association.observability_dns_queries"),
    ).toMatchObject({ resource_id: VPC });
    const { Statement } = stack.json(
      "aws_cloudwatch_log_resource_policy.log_delivery",
      "policy_document",
    ) as {
      Statement: { Principal: { Service: string } }[];
    };
    expect(Statement.map(({ Principal }) => Principal.Service)).toEqual([
      "events.amazonaws.com",
      "delivery.logs.amazonaws.com",
    ]);
  });

  test("are counted by the names of the namespace, and apart from them those that do not exist", () => {
    const prefix = "aws_cloudwatch_log_metric_filter.observability_dns_queries_platform_internal";
    expect(stack.resource(`${prefix}_queries`)).toMatchObject({
      pattern: '{ ($.query_name = "*.platform.internal.") }',
      metric_transformation: { namespace: "small/dns/platform.internal", name: "Queries" },
    });
    expect(stack.resource(`${prefix}_name_errors`)).toMatchObject({
      pattern: '{ ($.query_name = "*.platform.internal.") && ($.rcode = "NXDOMAIN") }',
    });
  });

  test("are too many where somebody says so", () => {
    const [address = ""] = stack
      .addresses("aws_cloudwatch_metric_alarm")
      .filter((name) => name.includes("platform_internal"));
    expect(stack.resource(address)).toMatchObject({
      alarm_name: "small-dns-platform.internal",
      namespace: "small/dns/platform.internal",
      metric_name: "Queries",
      threshold: 60_000,
      evaluation_periods: 5,
    });
  });
});

describe("the dashboard", () => {
  interface Placed {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
    readonly type: string;
    readonly properties: Readonly<Record<string, unknown>>;
  }
  const widgetsOf = (stack: SynthesizedStack): Placed[] =>
    (stack.json("aws_cloudwatch_dashboard.observability", "dashboard_body") as { widgets: Placed[] }).widgets;
  const stack = observing({
    requestLogs: true,
    dnsQueries: { vpcId: VPC, namespaces: [NAMESPACE] },
    logMetrics: [{ name: "Throttled", pattern: "x" }],
  });
  const widgets = widgetsOf(stack);
  const titled = (title: string): Placed => {
    const found = widgets.find(({ properties }) => properties.title === title);
    if (found === undefined) throw new Error(`there is no ${title}`);
    return found;
  };

  test("shows all alarms, then each service, then DNS and events", () => {
    expect(widgets.map(({ properties }) => properties.title ?? properties.markdown)).toEqual([
      "Alarms",
      ...["stock-service", "signal"].flatMap((name) => [
        `## ${name}`,
        "CPU and memory (%)",
        "Tasks",
        "Requests in a minute",
        "Response time (ms)",
        "From the logs",
      ]),
      "DNS queries for platform.internal in a minute",
      "Warnings and errors of ECS",
    ]);
    expect(titled("Alarms").properties.alarms).toHaveLength(
      stack.addresses("aws_cloudwatch_metric_alarm").length,
    );
  });

  test("lays its widgets over the whole width, and none over another one", () => {
    const cells = new Set<string>();
    for (const { x, y, width, height } of widgets) {
      expect(x + width).toBeLessThanOrEqual(24);
      for (let column = x; column < x + width; column++)
        for (let row = y; row < y + height; row++) {
          expect(cells.has(`${column},${row}`)).toBe(false);
          cells.add(`${column},${row}`);
        }
    }
    expect(cells.size % 24).toBe(0);
  });

  test("is of the region that it is deployed to, in its name too", () => {
    const region = "${data.aws_region.current.id}";
    for (const { type, properties } of widgets)
      if (type === "metric" || type === "log") expect(properties.region).toBe(region);
    expect(stack.resource("aws_cloudwatch_dashboard.observability").dashboard_name).toBe(
      `small-observability-${region}`,
    );
  });

  test("shows the metrics of the alarms, and where they go off", () => {
    const dimensions = ["ClusterName", "${aws_ecs_cluster.cluster.name}", "ServiceName", "stock-service"];
    expect(titled("CPU and memory (%)").properties).toMatchObject({
      metrics: [
        ["AWS/ECS", "CPUUtilization", ...dimensions, { stat: "Average", label: "CPU" }],
        ["AWS/ECS", "MemoryUtilization", ...dimensions, { stat: "Average", label: "Memory" }],
      ],
      annotations: {
        horizontal: [
          { label: "CPU alarm", value: 90 },
          { label: "Memory alarm", value: 90 },
        ],
      },
      yAxis: { left: { min: 0, max: 100 } },
    });
    expect(titled("Response time (ms)").properties.metrics).toEqual([
      ["small/stock-service", "ResponseTime", { stat: "p50", label: "Half of the requests" }],
      ["small/stock-service", "ResponseTime", { stat: "p99", label: "99 of 100" }],
    ]);
  });

  test("asks the log of events for the last ones", () => {
    expect(titled("Warnings and errors of ECS").properties.query).toMatch(
      /^SOURCE '\$\{aws_cloudwatch_log_group\.observability_events\.name\}' \| fields @timestamp/,
    );
  });

  test("can be left out, the alarms staying", () => {
    const without = observing({ dashboard: false });
    expect(without.addresses("aws_cloudwatch_dashboard")).toEqual([]);
    expect(without.addresses("aws_cloudwatch_metric_alarm")).toHaveLength(8);
  });
});
