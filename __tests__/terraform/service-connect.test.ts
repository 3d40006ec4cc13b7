import { ContainerImage } from "../../modules/core/storage/container-image";
import { DnsNamespace } from "../../modules/core/cloud-map/dns-namespace";
import { EcsCluster } from "../../modules/core/compute/ecs-cluster";
import { HttpNamespace } from "../../modules/core/cloud-map/http-namespace";
import { CloudMapDns } from "../../modules/services/discovery/cloud-map-dns";
import type { IDiscovery } from "../../modules/services/discovery/discovery";
import { EcsService } from "../../modules/services/ecs-service/ecs-service";
import { ServiceConnect } from "../../modules/services/discovery/service-connect";
import { createNetwork, type Network } from "../../local/network";
import { BaseStack } from "../../stacks/base-stack";
import { SynthesizedStack, type TerraformFolder } from "../../testing";
import { Bench } from "./harness";

/** A server and its client, and two servers that call each other. */
class Mesh extends BaseStack {
  public static in(network: Network): SynthesizedStack {
    return SynthesizedStack.of((app) => {
      const stack = new Mesh(app, "mesh", { backend: { type: "none" } });
      const namespace = new HttpNamespace(stack, "http_namespace", { namespaceName: "mesh" });
      const cluster = new EcsCluster(stack, "ecs_cluster", { clusterName: "mesh" });
      const make = (name: string, discovery?: IDiscovery): EcsService =>
        service(stack, name, network, cluster, discovery);
      const quotes = make(
        "quotes",
        new ServiceConnect({
          namespace,
          clientAlias: { port: 80 },
          ingressPortOverride: 15000,
          timeouts: { perRequestTimeoutSeconds: 60 },
          tls: {
            awsPcaAuthorityArn: "arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/1-2",
            roleArn: "arn:aws:iam::123456789012:role/service-connect-tls",
          },
        }),
      );
      make("site").connectTo(quotes);
      const [orders, stock] = ["orders", "stock"].map((name) =>
        make(name, new ServiceConnect({ namespace })),
      );
      if (orders === undefined || stock === undefined) throw new Error("two services were made");
      orders.connectTo(stock);
      stock.connectTo(orders);
      return stack;
    });
  }
}

/** One service and its caller, while the way in which it is reached changes. */
class Moving extends BaseStack {
  public static by(network: Network, discovery: (namespace: DnsNamespace) => IDiscovery): SynthesizedStack {
    return SynthesizedStack.of((app) => {
      const stack = new Moving(app, "moving", { backend: { type: "none" } });
      const namespaceName = "moving.internal";
      const namespace = new DnsNamespace(stack, "dns_namespace", { namespaceName, vpcId: network.vpcId });
      const cluster = new EcsCluster(stack, "ecs_cluster", { clusterName: "moving" });
      service(stack, "site", network, cluster).connectTo(
        service(stack, "quotes", network, cluster, discovery(namespace)),
      );
      return stack;
    });
  }
}

function service(
  stack: BaseStack,
  serviceName: string,
  network: Network,
  ecsCluster: EcsCluster,
  discovery?: IDiscovery,
): EcsService {
  return new EcsService(stack, serviceName, {
    serviceName,
    ecsCluster,
    vpcId: network.vpcId,
    subnets: network.subnetIds,
    containers: [
      {
        name: serviceName,
        image: ContainerImage.fromRegistry("public.ecr.aws/nginx/nginx:1.27"),
        portMappings: [{ containerPort: 8080 }],
      },
    ],
    discovery,
  });
}

describe("Service Connect, deployed", () => {
  let bench: Bench;
  let network: Network;
  beforeAll(async () => {
    bench = await Bench.start();
    network = await createNetwork(bench.emulator);
  });
  afterAll(() => bench.dispose());

  describe("a server, its client and two services that call each other", () => {
    let folder: TerraformFolder;
    beforeAll(async () => {
      folder = bench.folder(Mesh.in(network));
      await folder.apply();
    });

    test("are made in one apply, and a second plan is empty", async () => {
      expect(await folder.resourcesInState()).toEqual(
        expect.arrayContaining(
          ["quotes", "site", "orders", "stock"].map((name) => `aws_ecs_service.${name}`),
        ),
      );
      expect((await folder.plan()).changes).toEqual({});
    });

    test("have the names that were given, with the namespace's ARN", async () => {
      const { values } = JSON.parse((await folder.run(["show", "-json"], "stdout")).output) as {
        values: { root_module: { resources: { address: string; values: Record<string, unknown> }[] } };
      };
      const valuesOf = (address: string): Record<string, unknown> | undefined =>
        values.root_module.resources.find((resource) => resource.address === address)?.values;
      const { arn } = valuesOf("aws_service_discovery_http_namespace.http_namespace") as { arn: string };
      expect(arn).toMatch(/:namespace\/ns-/);
      expect(valuesOf("aws_ecs_service.quotes")?.service_connect_configuration).toMatchObject([
        {
          namespace: arn,
          service: [
            {
              port_name: "service-connect",
              discovery_name: "quotes-sc",
              ingress_port_override: 15000,
              client_alias: [{ dns_name: "quotes.mesh", port: 80 }],
              timeout: [{ idle_timeout_seconds: 300, per_request_timeout_seconds: 60 }],
            },
          ],
        },
      ]);
      expect(valuesOf("aws_ecs_service.site")?.service_connect_configuration).toMatchObject([
        { enabled: true, namespace: arn, service: [] },
      ]);
    });

    test("are destroyed to the last resource", async () => {
      await folder.destroy();
      expect(await folder.resourcesInState()).toEqual([]);
    });
  });

  describe("a service that moves there from DNS", () => {
    let folder: TerraformFolder;
    beforeAll(async () => {
      folder = bench.folder(Moving.by(network, (namespace) => new CloudMapDns({ namespace })));
      await folder.apply();
    });

    test("keeps its entry at first, and its caller only gets a proxy", async () => {
      folder.update(
        Moving.by(
          network,
          (namespace) => new ServiceConnect({ namespace, dns: new CloudMapDns({ namespace }) }),
        ),
      );
      expect((await folder.plan()).changes).toEqual({
        "aws_ecs_service.quotes": "update",
        "aws_ecs_service.site": "update",
        // its port has a name now
        "aws_ecs_task_definition.quotes": "replace",
      });
      await folder.apply();
      expect((await folder.plan()).changes).toEqual({});
    });

    test("then gives it up", async () => {
      folder.update(Moving.by(network, (namespace) => new ServiceConnect({ namespace })));
      const { changes } = await folder.plan();
      expect(changes).toEqual({
        "aws_ecs_service.quotes": "update",
        "aws_service_discovery_service.quotes": "delete",
      });
      await folder.apply();
      expect((await folder.plan()).changes).toEqual({});
    });

    test("is destroyed to the last resource", async () => {
      await folder.destroy();
      expect(await folder.resourcesInState()).toEqual([]);
    });
  });
});
