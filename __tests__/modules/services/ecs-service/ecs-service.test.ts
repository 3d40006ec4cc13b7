import type { LogRetentionDays } from "../../../../modules/core/cloudwatch/log-retention";
import { EcsCluster } from "../../../../modules/core/compute/ecs-cluster";
import { Iam } from "../../../../modules/core/iam/iam";
import type { Capacity } from "../../../../modules/services/ecs-service/capacity";
import type { EcsServiceProps } from "../../../../modules/services/ecs-service/ecs-service-props";
import type { SynthesizedStack } from "../../../../testing";
import {
  CLUSTER,
  containersOf,
  refusalOf,
  service,
  stackOf,
  statementsOf,
  textOf,
  valuesOf,
  variable,
  web,
} from "../../stack-of";

const make = (props: Partial<EcsServiceProps> = {}): SynthesizedStack =>
  stackOf((stack) => service(stack, "stock", props));
const made = (props: Partial<EcsServiceProps> = {}) => make(props).resource("aws_ecs_service.stock");
const refused = (props: Partial<EcsServiceProps>): string =>
  refusalOf((stack) => service(stack, "stock", props));

describe("an ECS service", () => {
  test("runs one task on Fargate, rolls back by itself and keeps its tasks up, unless asked otherwise", () => {
    expect(made()).toMatchObject({
      name: "stock",
      cluster: CLUSTER,
      task_definition: "${aws_ecs_task_definition.stock.arn}",
      desired_count: 1,
      launch_type: "FARGATE",
      deployment_minimum_healthy_percent: 100,
      deployment_maximum_percent: 200,
      deployment_circuit_breaker: { enable: true, rollback: true },
      enable_execute_command: false,
      enable_ecs_managed_tags: true,
      propagate_tags: "SERVICE",
      wait_for_steady_state: false,
    });
  });

  test("may run no task, or a thousand", () => {
    expect(made({ desiredCount: 0 }).desired_count).toBe(0);
    expect(made({ desiredCount: 1000 }).desired_count).toBe(1000);
    expect(refused({ desiredCount: 1001 })).toContain("desiredCount is 1001");
    expect(refused({ desiredCount: -1 })).toContain("desiredCount is -1");
  });

  test("may run as many tasks as only Terraform knows", () => {
    const stack = stackOf((stack) => {
      service(stack, "stock", { desiredCount: variable(stack, "count", "number").numberValue });
    });
    expect(stack.resource("aws_ecs_service.stock").desired_count).toBe("${var.count}");
  });

  test("may make Terraform wait, and may be logged in to", () => {
    expect(made({ waitForSteadyState: true, enableExecuteCommand: true })).toMatchObject({
      wait_for_steady_state: true,
      enable_execute_command: true,
    });
  });

  test("is replaced when its entry in Cloud Map is: the new one can have the same id", () => {
    expect(made().lifecycle).toEqual({ replace_triggered_by: ["aws_service_discovery_service.stock.id"] });
  });

  test("gives out its ARN", () => {
    expect(valuesOf((stack) => ({ arn: service(stack, "stock").serviceArn }))).toEqual({
      arn: "${aws_ecs_service.stock.id}",
    });
  });

  test("is refused with a name that ECS does not allow, naming construct, property, given, allowed and mend", () => {
    expect(refused({ serviceName: "stock service" })).toMatch(
      /^small\/stock: serviceName is "stock service"\n {4}allowed: .+\n {4}mend: {4}.+/,
    );
  });

  test("with a name that only Terraform knows is refused, or leaves no placeholder in other names", () => {
    const text = textOf((stack) => {
      service(stack, "stock", { serviceName: variable(stack, "name").stringValue, discovery: undefined });
    });
    expect(text).not.toContain("TfToken");
  });

  test("cannot be without containers, subnets or with a retention that CloudWatch does not know", () => {
    expect(refused({ containers: [], discovery: undefined })).toContain("at least one container");
    expect(refused({ subnets: [] })).toMatch(/^small\/stock: subnets is \[\]/);
    expect(refused({ vpcId: "vpc" })).toMatch(/^small\/stock: vpcId is "vpc"/);
    expect(refused({ logRetentionInDays: 10 as LogRetentionDays })).toContain("logRetentionInDays is 10");
    expect(refused({ securityGroups: ["default"] })).toContain("securityGroups is");
  });
});

describe("capacity", () => {
  const shares: Capacity = [
    { capacityProvider: "FARGATE", base: 1 },
    { capacityProvider: "FARGATE_SPOT", weight: 3 },
  ];

  test("is a launch type or a strategy, never both", () => {
    expect(made()).not.toHaveProperty("capacity_provider_strategy");
    expect(made()).not.toHaveProperty("force_new_deployment");
    expect(made({ capacity: shares })).not.toHaveProperty("launch_type");
    expect(made({ capacity: shares }).capacity_provider_strategy).toEqual([
      { capacity_provider: "FARGATE", base: 1, weight: 1 },
      { capacity_provider: "FARGATE_SPOT", weight: 3 },
    ]);
  });

  test("that is a strategy can change without the service being replaced", () => {
    expect(made({ capacity: shares }).force_new_deployment).toBe(true);
  });

  test("has a weight of 1 where the weight is left open: ECS would take 0", () => {
    const capacity: Capacity = [{ capacityProvider: "FARGATE_SPOT", weight: undefined }];
    expect(made({ capacity }).capacity_provider_strategy).toMatchObject([{ weight: 1 }]);
  });

  test("that is a strategy is there before the service: the cluster's capacity providers", () => {
    const dependsOn = (capacity: Capacity): unknown =>
      stackOf((stack) => {
        const ecsCluster = new EcsCluster(stack, "platform", { clusterName: "platform" });
        service(stack, "stock", { ecsCluster, capacity });
      }).resource("aws_ecs_service.stock").depends_on;
    expect(dependsOn(shares)).toContain("aws_ecs_cluster_capacity_providers.platform");
    expect(dependsOn("FARGATE")).not.toContain("aws_ecs_cluster_capacity_providers.platform");
  });

  test("is refused where ECS would refuse it", () => {
    expect(refused({ capacity: [] })).toContain("small/stock: capacity is []");
  });
});

describe("a deployment", () => {
  test("has the percentages that are given", () => {
    expect(made({ deployment: { minimumHealthyPercent: 0, maximumPercent: 100 } })).toMatchObject({
      deployment_minimum_healthy_percent: 0,
      deployment_maximum_percent: 100,
    });
  });

  test("that could never move is refused, for the count that is given", () => {
    const deployment = { minimumHealthyPercent: 50, maximumPercent: 100 };
    expect(refused({ deployment })).toContain("small/stock: deployment is");
    expect(() => make({ deployment, desiredCount: 2 })).not.toThrow();
  });

  test.each([
    [200, "ENABLED"],
    [101, "ENABLED"],
    [100, "DISABLED"],
  ])("of at most %i percent has zone rebalancing %s, and says so", (maximumPercent, rebalancing) => {
    const deployment = { minimumHealthyPercent: 0, maximumPercent };
    expect(made({ deployment, desiredCount: 100 }).availability_zone_rebalancing).toBe(rebalancing);
  });
});

describe("the logs of a service", () => {
  test("are kept for 30 days unless asked otherwise", () => {
    expect(make().resource("aws_cloudwatch_log_group.stock")).toMatchObject({
      name: "/ecs/small/stock",
      retention_in_days: 30,
    });
    const stack = make({ logRetentionInDays: 7 });
    expect(stack.resource("aws_cloudwatch_log_group.stock").retention_in_days).toBe(7);
  });

  test("can be written by the execution role, these and no other", () => {
    expect(statementsOf(make(), "aws_iam_role_policy.stock_ecs_task_execution_role")).toEqual({
      WriteLogs: {
        Sid: "WriteLogs",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: "${aws_cloudwatch_log_group.stock.arn}:*",
      },
    });
  });
});

describe("the roles of a service", () => {
  test("let its containers do nothing unless they are granted something", () => {
    expect(make().addresses("aws_iam_role_policy")).toEqual([
      "aws_iam_role_policy.stock_ecs_task_execution_role",
    ]);
  });

  test("let a person log in where asked to: the only right without a resource beside the login to ECR", () => {
    const statements = statementsOf(
      make({ enableExecuteCommand: true }),
      "aws_iam_role_policy.stock_task_role",
    );
    expect(statements).toEqual({
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
  });

  test("may be granted more", () => {
    const stack = stackOf((stack) => {
      const { taskRole } = service(stack, "stock");
      taskRole.grant({ sid: "Read", actions: ["s3:GetObject"], resources: ["arn:aws:s3:::quotes/*"] });
    });
    expect(statementsOf(stack, "aws_iam_role_policy.stock_task_role").Read).toMatchObject({
      Resource: "arn:aws:s3:::quotes/*",
    });
  });

  test("are there with their policies before the first task, and so is the way to AWS's APIs", () => {
    const { depends_on } = made({ enableExecuteCommand: true }) as { depends_on: string[] };
    expect([...depends_on].sort()).toEqual([
      "aws_iam_role_policy.stock_ecs_task_execution_role",
      "aws_iam_role_policy.stock_task_role",
      "aws_vpc_security_group_egress_rule.stock_https",
    ]);
  });

  test("may share one execution role, which may then write the logs of both", () => {
    const stack = stackOf((stack) => {
      const taskExecutionRole = new Iam(stack, "iam");
      service(stack, "a", { taskExecutionRole });
      service(stack, "b", { taskExecutionRole });
    });
    expect(stack.addresses("aws_iam_role").sort()).toEqual([
      "aws_iam_role.a_task_role",
      "aws_iam_role.b_task_role",
      "aws_iam_role.ecs_task_execution_role",
    ]);
    expect(statementsOf(stack, "aws_iam_role_policy.ecs_task_execution_role").WriteLogs).toMatchObject({
      Resource: ["${aws_cloudwatch_log_group.a.arn}:*", "${aws_cloudwatch_log_group.b.arn}:*"],
    });
  });

  test("may have an execution role that exists already, which is not changed", () => {
    const ecsTaskExecutionRoleArn = "arn:aws:iam::123456789012:role/ecsTaskExecutionRole";
    const stack = make({ taskExecutionRole: Iam.fromIamAttributes({ ecsTaskExecutionRoleArn }) });
    expect(stack.resource("aws_ecs_task_definition.stock").execution_role_arn).toBe(ecsTaskExecutionRoleArn);
    expect(stack.addresses("aws_iam_role_policy")).toEqual([]);
  });
});

describe("a service that can be logged in to", () => {
  const inits = (enableExecuteCommand: boolean): unknown =>
    containersOf(make({ enableExecuteCommand }), "stock")[0]?.linuxParameters;

  test("has an init process that cleans up after sessions", () => {
    expect(inits(true)).toEqual({ initProcessEnabled: true });
    expect(inits(false)).toBeUndefined();
  });

  test("may write the log that its cluster keeps of sessions", () => {
    const stack = stackOf((stack) => {
      const logging = { clusterName: "platform", executeCommandLogging: {} };
      const ecsCluster = new EcsCluster(stack, "platform", logging);
      service(stack, "stock", { ecsCluster, enableExecuteCommand: true });
    });
    expect(stack.resource("aws_iam_role_policy.stock_task_role").policy).toContain("logs:PutLogEvents");
  });

  test("cannot have a read-only file system: the agent of the session could not start", () => {
    const containers = [web({ readonlyRootFilesystem: true })];
    expect(refused({ containers, enableExecuteCommand: true })).toContain("readonlyRootFilesystem");
    expect(() => make({ containers })).not.toThrow();
  });
});
