import { CreateSubnetCommand, EC2Client, ModifyVpcAttributeCommand } from "@aws-sdk/client-ec2";
import { clientConfig } from "../../local/aws-client";
import { createNetwork, createSecurityGroup, type Network } from "../../local/network";
import { catalogue, cloudMap, efs, image, network, type Rule } from "../../modules/rules";
import type { TerraformFolder, Variables } from "../../testing";
import { Bench, tradingPlatform } from "./harness";

/** Rules that Terraform checks in a plan, and where they are tested. */
const PLANNED: readonly Rule[] = [
  cloudMap.vpcDns,
  network.subnetsOfVpc,
  network.securityGroupsOfVpc,
  efs.mountTargetZones,
  // bad-values.test.ts, mock-provider.test.ts
  image.latestVariable,
  network.zonesOfRegion,
];

test("each rule that Terraform checks has a bad and a good twin here", () => {
  const planned = catalogue().filter(({ held }) => held === "plan");
  expect(PLANNED.map(({ id }) => id).sort()).toEqual(planned.map(({ id }) => id).sort());
});

describe("what only Terraform knows", () => {
  let bench: Bench;
  let folder: TerraformFolder;
  let good: Network;
  let other: Network;
  beforeAll(async () => {
    bench = await Bench.start();
    folder = bench.folder(tradingPlatform());
    good = await createNetwork(bench.emulator, 3);
    other = await createNetwork(bench.emulator);
  });
  afterAll(() => bench.dispose());

  const variables = (more: Variables = {}): Variables => ({
    vpc_id: good.vpcId,
    subnets: good.subnetIds,
    ...more,
  });
  const expectRefused = async (rule: Rule, values: Variables, where: RegExp): Promise<void> => {
    const { exitCode, errors } = await folder.tryPlan(values);
    expect(exitCode).not.toBe(0);
    // Terraform breaks lines and draws a bar before them
    const text = errors.replace(/[│\s]+/g, " ");
    expect(text).toMatch(where);
    expect(text).toContain(rule.id);
  };

  test("is planned where all of it fits, with groups of the VPC too", async () => {
    const group = await createSecurityGroup(bench.emulator, good.vpcId);
    const { exitCode } = await folder.tryPlan(variables({ security_groups: [group] }));
    expect(exitCode).toBe(0);
  });

  test("is refused where a subnet is another VPC's", async () => {
    const subnets = [...good.subnetIds.slice(1), ...other.subnetIds.slice(0, 1)];
    await expectRefused(network.subnetsOfVpc, variables({ subnets }), /is not in the VPC/);
  });

  test("is refused where a security group is another VPC's", async () => {
    const group = await createSecurityGroup(bench.emulator, other.vpcId);
    const values = variables({ security_groups: [group] });
    await expectRefused(network.securityGroupsOfVpc, values, /is not in the VPC/);
  });

  test("is refused where two subnets are in one zone: EFS has one mount target in each", async () => {
    const ec2 = new EC2Client(clientConfig(bench.emulator));
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({
        VpcId: good.vpcId,
        CidrBlock: "10.0.200.0/24",
        AvailabilityZone: "us-east-1a",
      }),
    );
    ec2.destroy();
    const subnets = [...good.subnetIds, Subnet?.SubnetId ?? ""];
    await expectRefused(efs.mountTargetZones, variables({ subnets }), /zone/);
  });

  test.each(["EnableDnsHostnames", "EnableDnsSupport"])(
    "is refused where the VPC has %s off",
    async (attribute) => {
      const ec2 = new EC2Client(clientConfig(bench.emulator));
      const set = (Value: boolean): Promise<unknown> =>
        ec2.send(new ModifyVpcAttributeCommand({ VpcId: good.vpcId, [attribute]: { Value } }));
      await set(false);
      await expectRefused(cloudMap.vpcDns, variables(), /so that names of services do not resolve/);
      await set(true);
      ec2.destroy();
      expect((await folder.tryPlan(variables())).exitCode).toBe(0);
    },
  );
});

/** What the resources below refer to: with a reference in a block the provider leaves its checks of the block out. */
const COMMON = `
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
resource "aws_vpc" "x" { cidr_block = "10.9.0.0/16" }
resource "aws_subnet" "x" {
  vpc_id     = aws_vpc.x.id
  cidr_block = "10.9.0.0/24"
}
resource "aws_service_discovery_private_dns_namespace" "x" {
  name = "x.internal"
  vpc  = aws_vpc.x.id
}
resource "aws_ecs_cluster" "x" { name = "x" }
resource "aws_iam_role" "x" {
  name               = "x"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}
`;

const entry = (name: string, ttl: number, policy = "MULTIVALUE"): string => `
resource "aws_service_discovery_service" "BAD" {
  name = "${name}"
  dns_config {
    namespace_id   = aws_service_discovery_private_dns_namespace.x.id
    routing_policy = "${policy}"
    dns_records {
      type = "A"
      ttl  = ${ttl}
    }
  }
}`;

const task = (container: string, cpu = 256): string => `
resource "aws_ecs_task_definition" "BAD" {
  family                   = "bad"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = ${cpu}
  memory                   = 512
  execution_role_arn       = aws_iam_role.x.arn
  container_definitions    = jsonencode([{ name = "x", image = "x", ${container} }])
}`;

const service = (more: string): string => `${task("essential = true")}
resource "aws_ecs_service" "BAD" {
  name            = "bad"
  cluster         = aws_ecs_cluster.x.id
  task_definition = aws_ecs_task_definition.BAD.arn
  network_configuration { subnets = [aws_subnet.x.id] }
  ${more}
}`;

/** Rules, and a resource at the address BAD that breaks them. */
const ACCEPTED: readonly (readonly [string, string])[] = [
  ["cloud-map-service-name", entry("a b", 60)],
  ["cloud-map-ttl", entry("a", -1)],
  ["cloud-map-routing-policy", entry("a", 60, "LATENCY")],
  ["task-definition-fargate-cpu", task("essential = true", 300)],
  ["task-definition-container-names", task('essential = true }, { name = "x", image = "x"')],
  ["task-definition-essential", task("essential = false")],
  [
    "task-definition-secret-names",
    task('environment = [{ name = "A", value = "1" }], secrets = [{ name = "A", valueFrom = "a" }]'),
  ],
  ["task-definition-health-number", task('healthCheck = { command = ["CMD", "true"], interval = 1 }')],
  [
    "ecs-service-deployment-room",
    service("deployment_minimum_healthy_percent = 100\ndeployment_maximum_percent = 100\ndesired_count = 1"),
  ],
  [
    "ecs-service-launch-type-or-strategy",
    service(
      'launch_type = "FARGATE"\ncapacity_provider_strategy {\n capacity_provider = "FARGATE"\n weight = 1\n}',
    ),
  ],
  [
    "security-group-description",
    'resource "aws_security_group" "BAD" {\n  vpc_id = aws_vpc.x.id\n  description = "für alle"\n}',
  ],
];

describe("Terraform and the provider alone", () => {
  const nameOf = (id: string): string => id.replaceAll("-", "_");
  let planned: readonly string[];
  beforeAll(async () => {
    const bench = await Bench.start();
    const resources = ACCEPTED.map(([id, resource]) => resource.replaceAll("BAD", nameOf(id)));
    const folder = bench.folderWith({ "main.tf": [COMMON, ...resources].join("\n") });
    await folder.validate();
    planned = Object.keys((await folder.plan()).changes);
    await bench.dispose();
  });

  test.each(ACCEPTED)("take what %s refuses, in validate and in plan", (id) => {
    expect(catalogue().map((rule) => rule.id)).toContain(id);
    expect(planned).toContainEqual(expect.stringMatching(new RegExp(`\\.${nameOf(id)}$`)));
  });
});
