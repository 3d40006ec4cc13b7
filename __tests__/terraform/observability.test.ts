import { createNetwork } from "../../local/network";
import { MOCK_AWS_PROVIDER, type TerraformFolder, type Variables } from "../../testing";
import { Bench, tradingPlatform } from "./harness";

const observed = () => tradingPlatform({ observability: "with-dns-queries" });
const ACTIONS = ["arn:aws:sns:us-east-1:123456789012:on-call"];

describe("the trading platform with its observability", () => {
  let bench: Bench;
  let folder: TerraformFolder;
  let others: Variables;
  let variables: Variables;

  beforeAll(async () => {
    bench = await Bench.start();
    folder = bench.folder(observed());
    const { vpcId, subnetIds } = await createNetwork(bench.emulator);
    others = { vpc_id: vpcId, subnets: subnetIds };
    variables = { ...others, alarm_actions: ACTIONS };
  });
  afterAll(() => bench.dispose());

  test("is valid", async () => {
    await folder.validate();
  });

  test("is applied, and planned without changes", async () => {
    await folder.apply(variables);
    expect((await folder.plan(variables)).changes).toEqual({});
    const inState = await folder.resourcesInState();
    expect(inState.filter((address) => address.startsWith("aws_cloudwatch_metric_alarm."))).toHaveLength(10);
    expect(await folder.outputs()).toMatchObject({
      dashboard_name: "trading-platform-observability-us-east-1",
    });
  });

  test("shows the dashboard's widgets in the region that it is deployed to", async () => {
    const { resources } = await folder.plan(variables);
    const dashboard = resources.find(({ type }) => type === "aws_cloudwatch_dashboard");
    const { widgets } = JSON.parse(String(dashboard?.values?.dashboard_body)) as {
      widgets: { type: string; properties: { region?: string; alarms?: string[] } }[];
    };
    const regions = widgets
      .filter(({ type }) => type === "metric" || type === "log")
      .map(({ properties }) => properties.region);
    expect(new Set(regions)).toEqual(new Set(["us-east-1"]));
    expect(widgets[0]?.properties.alarms).toHaveLength(10);
    for (const arn of widgets[0]?.properties.alarms ?? [])
      expect(arn).toMatch(/^arn:aws:cloudwatch:us-east-1:/);
  });

  test("is switched off again, and nothing of it is left", async () => {
    folder.update(tradingPlatform());
    const { changes } = await folder.plan(others);
    expect(new Set(Object.values(changes))).toEqual(new Set(["delete"]));
    expect(Object.keys(changes).filter((address) => !/observability|log_delivery/.test(address))).toEqual([]);
    await folder.apply(others);
    expect((await folder.plan(others)).changes).toEqual({});
  });

  test("is switched on again and destroyed to the last resource", async () => {
    folder.update(observed());
    await folder.apply(variables);
    await folder.destroy(variables);
    expect(await folder.resourcesInState()).toEqual([]);
  });

  test.each<[string, readonly string[], RegExp]>([
    ["that is no ARN", ["on-call"], /alarm_actions must hold ARNs/],
    ["that is named twice", [...ACTIONS, ...ACTIONS], /at most 5\s+different ARNs/],
  ])("is not planned with an alarm action %s", async (_, actions, message) => {
    const { exitCode, output } = await folder.tryPlan({ ...variables, alarm_actions: actions });
    expect(exitCode).toBe(1);
    expect(output.replace(/\s*\n\W*/g, " ")).toMatch(message);
  });
});

describe("a mock provider", () => {
  const TEST = `${MOCK_AWS_PROVIDER}
variables {
  vpc_id        = "vpc-0a1b2c3d4e5f67890"
  subnets       = ["subnet-0a1b2c3d4e5f67890", "subnet-0a1b2c3d4e5f67891"]
  alarm_actions = ${JSON.stringify(ACTIONS)}
}
run "plan" {
  command = plan
  assert {
    condition     = alltrue([for alarm in [
      aws_cloudwatch_metric_alarm.observability_stock_service_cpu,
      aws_cloudwatch_metric_alarm.observability_stock_service_memory,
      aws_cloudwatch_metric_alarm.observability_stock_service_tasks_missing,
      aws_cloudwatch_metric_alarm.observability_stock_service_deployment,
      aws_cloudwatch_metric_alarm.observability_stock_service_server_errors,
    ] : alarm.treat_missing_data == "notBreaching" && contains(alarm.alarm_actions, var.alarm_actions[0])])
    error_message = "alarms tell whom they should, and silence is no alarm"
  }
  assert {
    condition     = aws_route53_resolver_query_log_config_association.observability_dns_queries.resource_id == var.vpc_id
    error_message = "the resolver of the VPC must log"
  }
}
`;

  test("plans the observability without an AWS endpoint", async () => {
    const bench = await Bench.start();
    try {
      const folder = bench.folderWith({ "cdk.tf.json": observed().toJson(), "plan.tftest.hcl": TEST });
      expect(await folder.test()).toContain("1 passed, 0 failed.");
    } finally {
      await bench.dispose();
    }
  });
});
