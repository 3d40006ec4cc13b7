import { TradingPlatformStack, type TradingPlatformStackProps } from "../../stacks/trading-platform";
import { SynthesizedStack } from "../../testing";

const synthesize = (props: TradingPlatformStackProps = {}): SynthesizedStack =>
  SynthesizedStack.of((app) => new TradingPlatformStack(app, "trading-platform", props));

describe("the trading platform", () => {
  const stack = synthesize();

  test("has addresses that read as the article's, without hashes", () => {
    expect(stack.addresses()).toEqual(
      expect.arrayContaining([
        "aws_ecr_repository.signal_processing_service",
        "aws_ecr_repository.stock_service",
        "aws_ecs_cluster.ecs_cluster",
        "aws_ecs_service.signal_processing_service",
        "aws_ecs_service.stock_service",
        "aws_efs_file_system.efs",
        "aws_iam_role.ecs_task_execution_role",
        "aws_service_discovery_private_dns_namespace.dns_namespace",
        "aws_service_discovery_service.signal_processing_service",
        "aws_service_discovery_service.stock_service",
      ]),
    );
    stack.addresses().forEach((address) => expect(address).toMatch(/^aws_[a-z_]+\.[a-z_]+$/));
  });

  test.each(["stock-service", "signal-processing-service"])(
    "%s runs and registers as in the article",
    (name) => {
      const address = name.replaceAll("-", "_");
      expect(stack.resource(`aws_ecs_service.${address}`)).toMatchObject({
        name,
        launch_type: "FARGATE",
        desired_count: `\${var.${address}_desired_count}`,
        service_registries: { registry_arn: `\${aws_service_discovery_service.${address}.arn}`, port: 80 },
        network_configuration: {
          subnets: "${var.subnets}",
          security_groups: `\${concat(var.security_groups, [aws_security_group.${address}.id])}`,
        },
      });
      expect(stack.resource(`aws_service_discovery_service.${address}`)).toMatchObject({
        name,
        dns_config: {
          namespace_id: "${aws_service_discovery_private_dns_namespace.dns_namespace.id}",
          dns_records: [
            { type: "A", ttl: 60 },
            { type: "SRV", ttl: 60 },
          ],
          routing_policy: "MULTIVALUE",
        },
        health_check_custom_config: { failure_threshold: 1 },
        force_destroy: true,
      });
    },
  );

  test("opens the declared ports between groups and no other", () => {
    expect(stack.openPorts()).toEqual({
      between: [
        "signal_processing_service -> efs:2049",
        "signal_processing_service -> stock_service:80",
        "stock_service -> efs:2049",
      ],
      toAddresses: ["signal_processing_service -> 0.0.0.0/0:443", "stock_service -> 0.0.0.0/0:443"],
      fromAddresses: [],
      oneSided: [],
    });
  });

  test("tells the signal-processing-service where the stock-service is", () => {
    const [container] = stack.json(
      "aws_ecs_task_definition.signal_processing_service",
      "container_definitions",
    ) as [{ environment: unknown }];
    expect(container.environment).toEqual([
      { name: "DRAIN_SECONDS", value: "70" },
      { name: "PORT", value: "80" },
      { name: "STOCK_SERVICE_URL", value: "http://stock-service.trading-platform.local" },
    ]);
  });

  test.each([
    ["stock_service", 110],
    ["signal_processing_service", 85],
  ])("runs %s as its image wants: not as root, checked, and with time to stop", (name, stopTimeout) => {
    expect(stack.json(`aws_ecs_task_definition.${name}`, "container_definitions")).toMatchObject([
      {
        user: "1000:1000",
        healthCheck: {
          command: ["CMD", "node", "dist/health-check.js"],
          interval: 10,
          timeout: 5,
          retries: 3,
          startPeriod: 30,
        },
        stopTimeout,
      },
    ]);
  });

  test("mounts the file system through an access point of each service, encrypted and with IAM", () => {
    for (const name of ["stock_service", "signal_processing_service"]) {
      expect(stack.resource(`aws_ecs_task_definition.${name}`).volume).toMatchObject([
        {
          efs_volume_configuration: {
            transit_encryption: "ENABLED",
            authorization_config: { access_point_id: `\${aws_efs_access_point.${name}.id}`, iam: "ENABLED" },
          },
        },
      ]);
    }
    expect(stack.addresses("aws_efs_access_point")).toHaveLength(2);
  });

  test("starts no task before it can mount, pull, log and connect", () => {
    expect(stack.resource("aws_ecs_service.signal_processing_service").depends_on).toEqual(
      expect.arrayContaining([
        "aws_efs_mount_target.efs",
        "aws_efs_file_system_policy.efs",
        "aws_iam_role_policy.ecs_task_execution_role",
        "aws_iam_role_policy.signal_processing_service_task_role",
        "aws_vpc_security_group_ingress_rule.signal_processing_service_to_stock_service",
        "aws_vpc_security_group_egress_rule.signal_processing_service_https",
      ]),
    );
  });

  test("replaces a service whose registry is recreated: the registry can keep its id", () => {
    expect(stack.resource("aws_ecs_service.stock_service").lifecycle).toEqual({
      replace_triggered_by: ["aws_service_discovery_service.stock_service.id"],
    });
  });

  test("gives out what a person needs next", () => {
    expect(stack.outputs()).toEqual([
      "ecs_cluster_arn",
      "ecs_cluster_name",
      "ecs_task_execution_role_arn",
      "file_system_id",
      "namespace_id",
      "namespace_name",
      "signal_processing_service_fqdn",
      "signal_processing_service_name",
      "signal_processing_service_repository_url",
      "signal_processing_service_srv",
      "signal_processing_service_url",
      "stock_service_fqdn",
      "stock_service_name",
      "stock_service_repository_url",
      "stock_service_srv",
      "stock_service_url",
    ]);
    expect(stack.output("stock_service_fqdn")).toBe("stock-service.trading-platform.local");
    expect(stack.output("stock_service_url")).toBe("http://stock-service.trading-platform.local");
  });

  test("describes, types and validates every variable", () => {
    const names = [
      "vpc_id",
      "subnets",
      "security_groups",
      "stock_service_image_tag",
      "stock_service_desired_count",
      "signal_processing_service_image_tag",
      "signal_processing_service_desired_count",
    ];
    for (const name of names) {
      expect(stack.variable(name)).toMatchObject({
        description: expect.stringMatching(/\w+/) as string,
        type: expect.stringMatching(/^(string|number|list\(string\))$/) as string,
        validation: expect.arrayContaining([
          expect.objectContaining({ error_message: expect.any(String) as string }),
        ]) as unknown,
      });
    }
  });

  test("lets any provider of two majors in, not one exact version", () => {
    const document = JSON.parse(stack.toJson()) as { terraform: { required_providers: unknown } };
    expect(document.terraform.required_providers).toEqual({
      aws: { source: "hashicorp/aws", version: ">= 5.100.0, < 7.0.0" },
    });
  });
});
