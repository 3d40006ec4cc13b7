import type { DnsRecordType } from "../../modules/core/cloud-map/service-discovery";
import { ContainerImage } from "../../modules/core/storage/container-image";
import { DnsNamespace } from "../../modules/core/cloud-map/dns-namespace";
import { EcsCluster } from "../../modules/core/compute/ecs-cluster";
import { CloudMapDns } from "../../modules/services/discovery/cloud-map-dns";
import { EcsService } from "../../modules/services/ecs-service/ecs-service";
import { BaseStack } from "../../stacks/base-stack";
import { createNetwork, type Network } from "../../local/network";
import { SynthesizedStack, type TerraformFolder } from "../../testing";
import { Bench } from "./harness";

class OneService extends BaseStack {
  public static with(network: Network, recordTypes: readonly DnsRecordType[], ttl: number): SynthesizedStack {
    return SynthesizedStack.of((app) => {
      const stack = new OneService(app, "one-service", { backend: { type: "none" } });
      new EcsService(stack, "quotes", {
        serviceName: "quotes",
        ecsCluster: new EcsCluster(stack, "ecs_cluster", { clusterName: "one-service" }),
        subnets: network.subnetIds,
        containers: [
          {
            name: "quotes",
            image: ContainerImage.fromRegistry("public.ecr.aws/nginx/nginx:1.27"),
            portMappings: [{ containerPort: 8080 }],
            environment: { GREETING: `"quoted" \\ and $\{HOME}\n` },
          },
        ],
        discovery: new CloudMapDns({
          namespace: new DnsNamespace(stack, "dns_namespace", {
            namespaceName: "one.internal",
            vpcId: network.vpcId,
          }),
          recordTypes,
          ttl,
        }),
      });
      return stack;
    });
  }
}

describe("a service and its registry, deployed", () => {
  let bench: Bench;
  let network: Network;
  let folder: TerraformFolder;
  beforeAll(async () => {
    bench = await Bench.start();
    network = await createNetwork(bench.emulator);
    folder = bench.folder(OneService.with(network, ["A", "SRV"], 60));
    await folder.apply();
  });
  afterAll(() => bench.dispose());

  test("a second plan is empty, with literal ids, the VPC looked up and quotes in the environment", async () => {
    expect((await folder.plan()).changes).toEqual({});
  });

  test("the environment reaches ECS as it was written", async () => {
    const state = await folder.run(["show", "-json"], "stdout");
    const { values } = JSON.parse(state.output) as {
      values: { root_module: { resources: { address: string; values: Record<string, string> }[] } };
    };
    const definition = values.root_module.resources.find(
      ({ address }) => address === "aws_ecs_task_definition.quotes",
    );
    const [container] = JSON.parse(definition?.values.container_definitions ?? "[]") as [
      { environment: unknown },
    ];
    expect(container.environment).toEqual([{ name: "GREETING", value: `"quoted" \\ and $\{HOME}\n` }]);
  });

  test("another TTL updates the registry in place and leaves the service alone", async () => {
    folder.update(OneService.with(network, ["A", "SRV"], 10));
    expect((await folder.plan()).changes).toEqual({ "aws_service_discovery_service.quotes": "update" });
  });

  test("a registry that is recreated takes the service with it, so that its tasks register again", async () => {
    folder.update(OneService.with(network, ["A"], 60));
    expect((await folder.plan()).changes).toEqual({
      "aws_service_discovery_service.quotes": "replace",
      "aws_ecs_service.quotes": "replace",
    });
    await folder.apply();
    expect((await folder.plan()).changes).toEqual({});
  });

  test("is destroyed to the last resource", async () => {
    await folder.destroy();
    expect(await folder.resourcesInState()).toEqual([]);
  });
});
