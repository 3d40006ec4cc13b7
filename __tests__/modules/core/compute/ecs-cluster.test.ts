import type { LogRetentionDays } from "../../../../modules/core/cloudwatch/log-retention";
import {
  EcsCluster,
  type EcsClusterProps,
  type ExecuteCommandLogging,
  type IEcsCluster,
} from "../../../../modules/core/compute/ecs-cluster";
import { EcsTasksRole } from "../../../../modules/core/iam/ecs-tasks-role";
import type { SynthesizedStack } from "../../../../testing";
import { CLUSTER, refusalOf, stackOf, statementsOf, valuesOf, type SmallStack } from "../../stack-of";

const make = (props: Partial<EcsClusterProps> = {}): SynthesizedStack =>
  stackOf((stack) => new EcsCluster(stack, "ecs_cluster", { clusterName: "platform", ...props }));
const ADDRESS = "aws_ecs_cluster.ecs_cluster";

describe("a cluster", () => {
  test("can run tasks on Fargate and Fargate Spot", () => {
    expect(make().resource("aws_ecs_cluster_capacity_providers.ecs_cluster")).toMatchObject({
      cluster_name: `\${${ADDRESS}.name}`,
      capacity_providers: ["FARGATE", "FARGATE_SPOT"],
    });
  });

  test("has Container Insights on, and no log of sessions, unless asked otherwise", () => {
    expect(make().resource(ADDRESS)).toMatchObject({
      name: "platform",
      setting: [{ name: "containerInsights", value: "enabled" }],
    });
    expect(make().resource(ADDRESS)).not.toHaveProperty("configuration");
    expect(make().addresses("aws_cloudwatch_log_group")).toEqual([]);
  });

  test.each(["enhanced", "disabled"] as const)("may have Container Insights %s", (containerInsights) => {
    expect(make({ containerInsights }).resource(ADDRESS).setting).toEqual([
      { name: "containerInsights", value: containerInsights },
    ]);
  });

  test("keeps a log of sessions for 30 days where asked to", () => {
    const stack = make({ executeCommandLogging: {} });
    expect(stack.resource("aws_cloudwatch_log_group.ecs_cluster_execute_command")).toMatchObject({
      name: "/ecs/platform/execute-command",
      retention_in_days: 30,
    });
    expect(stack.resource(ADDRESS).configuration).toEqual({
      execute_command_configuration: {
        logging: "OVERRIDE",
        log_configuration: {
          cloud_watch_encryption_enabled: false,
          cloud_watch_log_group_name: "${aws_cloudwatch_log_group.ecs_cluster_execute_command.name}",
        },
      },
    });
  });

  test("encrypts sessions and their log with a key of the customer's", () => {
    const stack = make({ executeCommandLogging: { kmsKeyArn: "arn:key", retentionInDays: 7 } });
    expect(stack.resource("aws_cloudwatch_log_group.ecs_cluster_execute_command")).toMatchObject({
      kms_key_id: "arn:key",
      retention_in_days: 7,
    });
    expect(stack.resource(ADDRESS).configuration).toMatchObject({
      execute_command_configuration: {
        kms_key_id: "arn:key",
        log_configuration: { cloud_watch_encryption_enabled: true },
      },
    });
  });

  test("is refused with a name or a retention that AWS does not allow", () => {
    expect(refusalOf((stack) => new EcsCluster(stack, "c", { clusterName: "my platform" }))).toMatch(
      /^small\/c: clusterName is "my platform"\n/,
    );
    const logging = { retentionInDays: 10 as LogRetentionDays };
    expect(
      refusalOf((stack) => new EcsCluster(stack, "c", { clusterName: "p", executeCommandLogging: logging })),
    ).toMatch(/^small\/c: executeCommandLogging.retentionInDays is 10\n/);
  });

  test("gives out its ARN, as the id too, and its name", () => {
    const values = valuesOf((stack) => {
      const cluster = new EcsCluster(stack, "ecs_cluster", { clusterName: "platform" });
      expect(cluster.capacityProviderAssociations).toHaveLength(1);
      const { ecsClusterId, ecsClusterArn, ecsClusterName } = cluster;
      return { ecsClusterId, ecsClusterArn, ecsClusterName };
    });
    expect(values).toEqual({
      ecsClusterId: `\${${ADDRESS}.id}`,
      ecsClusterArn: `\${${ADDRESS}.arn}`,
      ecsClusterName: `\${${ADDRESS}.name}`,
    });
  });
});

test("a cluster that exists already is its ARN, and nobody waits for its capacity providers", () => {
  expect(EcsCluster.fromEcsClusterAttributes({ ecsClusterId: CLUSTER })).toMatchObject({
    ecsClusterId: CLUSTER,
    capacityProviderAssociations: [],
  });
});

describe("the right to log in to containers", () => {
  const granted = (cluster: (stack: SmallStack) => IEcsCluster): Record<string, Record<string, unknown>> =>
    statementsOf(
      stackOf((stack) => {
        const role = new EcsTasksRole(stack, "role", { purpose: "p", description: "d" });
        cluster(stack).grantExecuteCommand(role);
      }),
      "aws_iam_role_policy.role",
    );
  const clusterWith = (executeCommandLogging?: ExecuteCommandLogging) => (stack: SmallStack) =>
    new EcsCluster(stack, "ecs_cluster", { clusterName: "platform", executeCommandLogging });

  test("is that to open the four ends of a session's channels, in any cluster", () => {
    for (const cluster of [
      clusterWith(),
      () => EcsCluster.fromEcsClusterAttributes({ ecsClusterId: CLUSTER }),
    ]) {
      expect(granted(cluster)).toEqual({
        ExecuteCommand: {
          Sid: "ExecuteCommand",
          Effect: "Allow",
          Action: [
            "ssmmessages:CreateControlChannel",
            "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel",
            "ssmmessages:OpenDataChannel",
          ],
          Resource: "*",
        },
      });
    }
  });

  test("is that to write the log of sessions too, where the cluster keeps one", () => {
    const statements = granted(clusterWith({}));
    expect(Object.keys(statements)).toEqual(["ExecuteCommand", "FindSessionLog", "WriteSessionLog"]);
    expect(statements.FindSessionLog).toMatchObject({
      Action: "logs:DescribeLogGroups",
      Resource: expect.stringMatching(/^arn:.*:logs:.*:log-group:\*$/) as string,
    });
    expect(statements.WriteSessionLog).toMatchObject({
      Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      Resource: "${aws_cloudwatch_log_group.ecs_cluster_execute_command.arn}:*",
    });
  });

  test("is that to use the key too, where sessions are encrypted with one", () => {
    expect(granted(clusterWith({ kmsKeyArn: "arn:key" })).DecryptSession).toMatchObject({
      Action: "kms:Decrypt",
      Resource: "arn:key",
    });
  });
});
