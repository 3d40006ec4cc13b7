import { TerraformVariable } from "cdktf";
import { createNetwork, type Network } from "../../local/network";
import { ContainerImage } from "../../modules/core/storage/container-image";
import { DnsNamespace } from "../../modules/core/cloud-map/dns-namespace";
import { EcsCluster } from "../../modules/core/compute/ecs-cluster";
import type { AutoScaling } from "../../modules/services/ecs-service/auto-scaling-props";
import { CloudMapDns } from "../../modules/services/discovery/cloud-map-dns";
import { EcsService } from "../../modules/services/ecs-service/ecs-service";
import { BaseStack } from "../../stacks/base-stack";
import { SynthesizedStack, type TerraformFolder } from "../../testing";
import { Bench } from "./harness";

interface Given {
  readonly desiredCount?: number;
  /** False for a service that is not scaled. */
  readonly isScaled?: boolean;
  readonly more?: Partial<AutoScaling>;
  readonly recordTypes?: readonly ("A" | "SRV")[];
}

class ScaledService extends BaseStack {
  public static with(network: Network, given: Given = {}): SynthesizedStack {
    const { desiredCount, isScaled = true, more, recordTypes = ["A"] } = given;
    return SynthesizedStack.of((app) => {
      const stack = new ScaledService(app, "scaled", { backend: { type: "none" } });
      const most = new TerraformVariable(stack, "most", { type: "number", default: 6 }).numberValue;
      new EcsService(stack, "quotes", {
        serviceName: "quotes",
        ecsCluster: new EcsCluster(stack, "ecs_cluster", { clusterName: "scaled" }),
        vpcId: network.vpcId,
        subnets: network.subnetIds,
        containers: [
          {
            name: "quotes",
            image: ContainerImage.fromRegistry("public.ecr.aws/nginx/nginx:1.27"),
            portMappings: [{ containerPort: 8080 }],
          },
        ],
        discovery: new CloudMapDns({
          namespace: new DnsNamespace(stack, "dns_namespace", {
            namespaceName: "scaled.internal",
            vpcId: network.vpcId,
          }),
          recordTypes,
        }),
        desiredCount,
        autoScaling: isScaled
          ? {
              minCapacity: 1,
              maxCapacity: most,
              targets: { cpuPercent: 60, memoryPercent: 80 },
              schedules: [
                {
                  name: "night",
                  schedule: "cron(0 22 ? * MON-FRI *)",
                  timezone: "Europe/Berlin",
                  minCapacity: 0,
                  maxCapacity: 0,
                },
                { name: "day", schedule: "cron(0 6 ? * * *)", minCapacity: 1, maxCapacity: most },
              ],
              ...more,
            }
          : undefined,
      });
      return stack;
    });
  }
}

describe("a service that scales itself, deployed", () => {
  const TARGET = "aws_appautoscaling_target.quotes";
  const ALL = [
    "aws_appautoscaling_policy.quotes_cpu",
    "aws_appautoscaling_policy.quotes_memory",
    "aws_appautoscaling_scheduled_action.quotes_day",
    "aws_appautoscaling_scheduled_action.quotes_night",
    TARGET,
  ];
  let bench: Bench;
  let network: Network;
  let folder: TerraformFolder;
  beforeAll(async () => {
    bench = await Bench.start();
    network = await createNetwork(bench.emulator);
    folder = bench.folder(ScaledService.with(network));
    await folder.apply();
  });
  afterAll(() => bench.dispose());

  const changesOf = async (given: Given) => {
    folder.update(ScaledService.with(network, given));
    return (await folder.plan()).changes;
  };
  const valuesOf = async (address: string): Promise<Record<string, unknown>> => {
    const { output } = await folder.run(["show", "-json"], "stdout");
    const { values } = JSON.parse(output) as {
      values: { root_module: { resources: { address: string; values: Record<string, unknown> }[] } };
    };
    return values.root_module.resources.find((resource) => resource.address === address)?.values ?? {};
  };

  test("a second plan is empty", async () => {
    expect((await folder.plan()).changes).toEqual({});
  });

  test("the names of cluster and service are the target, the fewest tasks the first ones", async () => {
    expect(await valuesOf(TARGET)).toMatchObject({
      resource_id: "service/scaled/quotes",
      min_capacity: 1,
      max_capacity: 6,
    });
    expect(await valuesOf("aws_ecs_service.quotes")).toMatchObject({ desired_count: 1 });
    expect(await valuesOf("aws_appautoscaling_scheduled_action.quotes_night")).toMatchObject({
      scalable_target_action: [{ min_capacity: "0", max_capacity: "0" }],
    });
  });

  test("a count other than the one that is running is left alone, though not without autoscaling", async () => {
    expect(await changesOf({ desiredCount: 5 })).toEqual({});
    expect(await changesOf({ desiredCount: 5, isScaled: false })).toEqual({
      "aws_ecs_service.quotes": "update",
      ...Object.fromEntries(ALL.map((address) => [address, "delete"])),
    });
  });

  test("bounds are the schedules' where there are any, and else Terraform's", async () => {
    expect(await changesOf({ desiredCount: 1, more: { minCapacity: 0, maxCapacity: 3 } })).toEqual({});
    const withoutSchedules = await changesOf({ more: { maxCapacity: 3, schedules: [] } });
    expect(withoutSchedules).toEqual({
      [TARGET]: "update",
      "aws_appautoscaling_scheduled_action.quotes_day": "delete",
      "aws_appautoscaling_scheduled_action.quotes_night": "delete",
    });
  });

  test("another utilization changes the policy in place", async () => {
    expect(await changesOf({ more: { targets: { cpuPercent: 50, memoryPercent: 80 } } })).toEqual({
      "aws_appautoscaling_policy.quotes_cpu": "update",
    });
  });

  test("a service that is replaced takes all of it with it, and comes back whole", async () => {
    expect(await changesOf({ recordTypes: ["SRV"] })).toEqual({
      "aws_service_discovery_service.quotes": "replace",
      "aws_ecs_service.quotes": "replace",
      ...Object.fromEntries(ALL.map((address) => [address, "replace"])),
    });
    await folder.apply();
    expect((await folder.plan()).changes).toEqual({});
  });

  test("is destroyed to the last resource", async () => {
    await folder.destroy();
    expect(await folder.resourcesInState()).toEqual([]);
  });
});
