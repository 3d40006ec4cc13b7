import type { Construct } from "constructs";
import { ContainerImage } from "../modules/core/storage/container-image";
import { DnsNamespace } from "../modules/core/cloud-map/dns-namespace";
import { EcsCluster } from "../modules/core/compute/ecs-cluster";
import { LoadBalancer } from "../modules/core/load-balancing/load-balancer";
import { Network } from "../modules/core/network/network";
import { acknowledge } from "../modules/core/framework/warnings";
import { CloudMapDns } from "../modules/services/discovery/cloud-map-dns";
import { EcsService } from "../modules/services/ecs-service/ecs-service";
import { LoadBalanced } from "../modules/services/discovery/load-balanced";
import { BaseStack, type BaseStackProps } from "./base-stack";
import { desiredCountVariable } from "./variables";

/** Port that both sample images listen on. */
const PORT = 3000;

/**
 * A front service `hello` behind a public load balancer that asks a backend service `name` for a name, directly, at
 * `http://name.internal:3000/`. The stack brings a network of its own.
 * @see https://containersonaws.com/pattern/service-discovery-fargate-microservice-cloud-map
 */
export class HelloNameStack extends BaseStack {
  public readonly hello: EcsService;
  public readonly name: EcsService;

  public constructor(scope: Construct, id: string, props: BaseStackProps = {}) {
    super(scope, id, props);
    const network = new Network(this, "network");
    const { vpcId } = network;
    const ecsCluster = new EcsCluster(this, "ecs_cluster");
    const namespace = new DnsNamespace(this, "dns_namespace", { namespaceName: "internal", vpcId });
    const ingress = new LoadBalancer(this, "ingress", {
      scheme: "internet-facing",
      vpcId,
      subnets: network.publicSubnetIds,
    });

    const common = { ecsCluster, vpcId, subnets: network.privateSubnetIds };
    this.name = new EcsService(this, "name", {
      ...common,
      serviceName: "name",
      desiredCount: desiredCountVariable(this, "name", 2).numberValue,
      containers: [
        {
          name: "name",
          image: ContainerImage.fromRegistry("public.ecr.aws/ecs-sample-image/name-server"),
          portMappings: [{ containerPort: PORT }],
        },
      ],
      discovery: new CloudMapDns({ namespace, recordTypes: ["A"], ttl: 0 }),
    });
    // as in its source, whose client caches answers by itself
    acknowledge(this.name, "cloud-map-ttl-unwise");
    // the sample image has no other tag
    acknowledge(this.name, "image-latest");
    this.hello = new EcsService(this, "hello", {
      ...common,
      serviceName: "hello",
      desiredCount: desiredCountVariable(this, "hello", 2).numberValue,
      containers: [
        {
          name: "hello",
          image: ContainerImage.fromRegistry("public.ecr.aws/ecs-sample-image/hello-server:node"),
          portMappings: [{ containerPort: PORT }],
        },
      ],
      discovery: new LoadBalanced({ loadBalancer: ingress }),
    });
    this.hello.connectTo(this.name, { environment: "NAME_SERVER", path: "/" });

    this.output("vpc_id", vpcId, "Id of the VPC that the stack made");
    this.output("hello_url", this.hello.endpoint.url, "Open it in a browser: it greets with a name");
    this.output(
      "name_url",
      this.name.endpoint.url,
      "Where the backend service is reached from within the VPC",
    );
  }
}
