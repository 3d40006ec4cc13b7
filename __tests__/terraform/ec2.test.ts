import { ContainerImage } from "../../modules/core/storage/container-image";
import { DnsNamespace } from "../../modules/core/cloud-map/dns-namespace";
import { Ec2Capacity } from "../../modules/core/compute/ec2-capacity";
import { EcsCluster } from "../../modules/core/compute/ecs-cluster";
import { HttpNamespace } from "../../modules/core/cloud-map/http-namespace";
import { CloudMapApi } from "../../modules/services/discovery/cloud-map-api";
import { CloudMapDns } from "../../modules/services/discovery/cloud-map-dns";
import { EcsService } from "../../modules/services/ecs-service/ecs-service";
import type { EcsServiceProps } from "../../modules/services/ecs-service/ecs-service-props";
import { createNetwork, type Network } from "../../local/network";
import { BaseStack } from "../../stacks/base-stack";
import { SynthesizedStack, type TerraformFolder } from "../../testing";
import { Bench } from "./harness";

/** Services of both network modes on instances: site -> orders and stock -> payments. */
class Shop extends BaseStack {
  public static in(network: Network, instanceType = "t3.small"): SynthesizedStack {
    return SynthesizedStack.of((app) =>
      new Shop(app, "shop", { backend: { type: "none" } }).fill(network, instanceType),
    );
  }

  private fill({ vpcId, subnetIds }: Network, instanceType: string): this {
    const ecsCluster = new EcsCluster(this, "ecs_cluster", { clusterName: "shop" });
    const instances = new Ec2Capacity(this, "instances", {
      ecsCluster,
      vpcId,
      subnets: subnetIds,
      instanceType,
      minCapacity: 2,
      maxCapacity: 6,
    });
    const dns = new DnsNamespace(this, "dns_namespace", { namespaceName: "shop.internal", vpcId });
    const http = new HttpNamespace(this, "http_namespace", { namespaceName: "shop" });
    const service = (serviceName: string, props: Partial<EcsServiceProps>): EcsService =>
      new EcsService(this, serviceName, {
        serviceName,
        ecsCluster,
        capacity: instances,
        containers: [
          {
            name: serviceName,
            image: ContainerImage.fromRegistry("public.ecr.aws/nginx/nginx:1.27"),
            portMappings: [{ containerPort: 8080 }],
          },
        ],
        ...props,
      });
    const payments = service("payments", { discovery: new CloudMapDns({ namespace: dns }) });
    const orders = service("orders", {
      networkMode: "bridge",
      discovery: new CloudMapDns({ namespace: dns }),
    });
    const stock = service("stock", {
      networkMode: "bridge",
      hostPort: 8000,
      discovery: new CloudMapApi({ namespace: http }),
    });
    const prices = service("prices", { discovery: new CloudMapApi({ namespace: dns }) });
    const site = service("site", {});
    [orders, stock, prices].forEach((callee) => site.connectTo(callee));
    [orders, stock].forEach((caller) => caller.connectTo(payments));
    return this;
  }
}

describe("services on EC2 instances", () => {
  let bench: Bench;
  let network: Network;
  let folder: TerraformFolder;
  beforeAll(async () => {
    bench = await Bench.start();
    network = await createNetwork(bench.emulator);
    folder = bench.folder(Shop.in(network));
  });
  afterAll(() => bench.dispose());

  test("open exactly what they call", () => {
    expect(Shop.in(network).openPorts()).toEqual({
      between: [
        "instances -> payments:8080",
        "site -> instances:32768-65535",
        "site -> instances:8000",
        "site -> prices:8080",
      ],
      fromAddresses: [],
      toAddresses: ["instances", "payments", "prices", "site"].map((name) => `${name} -> 0.0.0.0/0:443`),
      oneSided: [],
    });
  });

  test("are applied, ECS taking registries, network modes and capacity as they are", async () => {
    await folder.apply();
    expect(await folder.resourcesInState()).toEqual(
      expect.arrayContaining([
        "aws_autoscaling_group.instances",
        "aws_ecs_capacity_provider.instances",
        ...["orders", "payments", "prices", "site", "stock"].map((name) => `aws_ecs_service.${name}`),
        ...["orders", "payments", "prices", "stock"].map((name) => `aws_service_discovery_service.${name}`),
      ]),
    );
  });

  test("change nothing in a second plan", async () => {
    expect((await folder.plan()).changes).toEqual({});
  });

  test("stay where they are when other instances are wanted, which start from then on", async () => {
    folder.update(Shop.in(network, "t3.medium"));
    expect((await folder.plan()).changes).toEqual({
      "aws_launch_template.instances": "update",
      "aws_autoscaling_group.instances": "update",
    });
  });

  test("are destroyed to the last resource", async () => {
    await folder.destroy();
    expect(await folder.resourcesInState()).toEqual([]);
  });
});
