import {
  ListInstancesCommand,
  ListServicesCommand,
  RegisterInstanceCommand,
  ServiceDiscoveryClient,
} from "@aws-sdk/client-servicediscovery";
import { clientConfig } from "../../local/aws-client";
import type { Emulator } from "../../local/emulator-process";
import { createNetwork, createSecurityGroup, type Network } from "../../local/network";
import type { TerraformFolder, Variables } from "../../testing";
import { Bench, tradingPlatform } from "./harness";

describe("the trading platform on emulated AWS", () => {
  describe("with two subnets and no security group given", () => {
    let bench: Bench;
    let folder: TerraformFolder;
    let variables: Variables;

    beforeAll(async () => {
      bench = await Bench.start();
      folder = bench.folder(tradingPlatform());
      variables = variablesOf(await createNetwork(bench.emulator, 2));
    });
    afterAll(() => bench.dispose());

    test("is applied", async () => {
      await folder.apply(variables);
      expect(await folder.resourcesInState()).toEqual(
        expect.arrayContaining([
          "aws_ecs_service.stock_service",
          "aws_ecs_service.signal_processing_service",
        ]),
      );
    });

    test("plans no change afterwards", async () => {
      const plan = await folder.plan(variables);
      expect(plan.changes).toEqual({});
      expect(plan.isEmpty).toBe(true);
    });

    test("gives out names, ids and URLs", async () => {
      expect(await folder.outputs()).toMatchObject({
        namespace_name: "trading-platform.local",
        namespace_id: expect.stringMatching(/^ns-/) as string,
        file_system_id: expect.stringMatching(/^fs-/) as string,
        ecs_cluster_name: "trading-platform",
        ecs_cluster_arn: expect.stringMatching(/^arn:aws:ecs:.*:cluster\/trading-platform$/) as string,
        ecs_task_execution_role_arn: expect.stringMatching(/^arn:aws:iam::\d{12}:role\//) as string,
        stock_service_repository_url: expect.stringMatching(/\/stock-service$/) as string,
        stock_service_fqdn: "stock-service.trading-platform.local",
        stock_service_url: "http://stock-service.trading-platform.local",
        signal_processing_service_name: "signal-processing-service",
      });
    });

    test("changes the records in place when the TTL changes, and how long tasks answer after they left DNS", async () => {
      folder.update(tradingPlatform({ ttl: 10 }));
      expect((await folder.plan(variables)).changes).toEqual({
        "aws_service_discovery_service.stock_service": "update",
        "aws_service_discovery_service.signal_processing_service": "update",
        "aws_ecs_task_definition.stock_service": "replace",
        "aws_ecs_task_definition.signal_processing_service": "replace",
        "aws_ecs_service.stock_service": "update",
        "aws_ecs_service.signal_processing_service": "update",
      });
      await folder.apply(variables);
      expect((await folder.plan(variables)).isEmpty).toBe(true);
    });

    test("replaces the task definition and updates the service, nothing else, when an image tag changes", async () => {
      const newTag = { ...variables, stock_service_image_tag: "1.0.1" };
      expect((await folder.plan(newTag)).changes).toEqual({
        "aws_ecs_task_definition.stock_service": "replace",
        "aws_ecs_service.stock_service": "update",
      });
      await folder.apply(newTag);
      expect((await folder.plan(newTag)).isEmpty).toBe(true);
    });

    test("updates only the service when its desired count changes", async () => {
      const scaled = { ...variables, stock_service_image_tag: "1.0.1", stock_service_desired_count: 3 };
      expect((await folder.plan(scaled)).changes).toEqual({ "aws_ecs_service.stock_service": "update" });
    });

    test("is destroyed to the last resource, with a task still registered in Cloud Map", async () => {
      const registered = await registerTask(bench.emulator, "stock-service");
      expect(registered).toEqual(["task-1"]);
      await folder.destroy(variables);
      expect(await folder.resourcesInState()).toEqual([]);
      expect(await servicesInCloudMap(bench.emulator)).toEqual([]);
    });
  });

  test("is applied, planned empty and destroyed with three subnets and a security group given", async () => {
    const bench = await Bench.start();
    try {
      const network = await createNetwork(bench.emulator, 3);
      const securityGroup = await createSecurityGroup(bench.emulator, network.vpcId);
      const variables = { ...variablesOf(network), security_groups: [securityGroup] };
      const folder = bench.folder(tradingPlatform());
      await folder.apply(variables);
      expect((await folder.plan(variables)).changes).toEqual({});
      expect(
        (await folder.resourcesInState()).filter((address) => address.startsWith("aws_efs_mount_target.")),
      ).toHaveLength(3);
      await folder.destroy(variables);
      expect(await folder.resourcesInState()).toEqual([]);
    } finally {
      await bench.dispose();
    }
  });
});

function variablesOf({ vpcId, subnetIds }: Network): Variables {
  return { vpc_id: vpcId, subnets: subnetIds };
}

function cloudMap(emulator: Emulator): ServiceDiscoveryClient {
  return new ServiceDiscoveryClient(clientConfig(emulator));
}

/** Registers a task as ECS would and returns the ids of all instances of the service. */
async function registerTask(emulator: Emulator, serviceName: string): Promise<(string | undefined)[]> {
  const client = cloudMap(emulator);
  const { Services = [] } = await client.send(new ListServicesCommand({}));
  const ServiceId = Services.find(({ Name }) => Name === serviceName)?.Id;
  await client.send(
    new RegisterInstanceCommand({
      ServiceId,
      InstanceId: "task-1",
      Attributes: { AWS_INSTANCE_IPV4: "10.0.1.101", AWS_INSTANCE_PORT: "80" },
    }),
  );
  const { Instances = [] } = await client.send(new ListInstancesCommand({ ServiceId }));
  return Instances.map(({ Id }) => Id);
}

async function servicesInCloudMap(emulator: Emulator): Promise<(string | undefined)[]> {
  const { Services = [] } = await cloudMap(emulator).send(new ListServicesCommand({}));
  return Services.map(({ Name }) => Name);
}
