import type { Construct } from "constructs";
import { ContainerImage } from "../modules/core/storage/container-image";
import { DnsNamespace } from "../modules/core/cloud-map/dns-namespace";
import { EcsCluster } from "../modules/core/compute/ecs-cluster";
import { acknowledge } from "../modules/core/framework/warnings";
import { CloudMapDns } from "../modules/services/discovery/cloud-map-dns";
import { EcsService } from "../modules/services/ecs-service/ecs-service";
import { BaseStack, type BaseStackProps } from "./base-stack";
import { givenNetwork } from "./given-network";
import { desiredCountVariable, imageVariable } from "./variables";

/** Port that the service listens on. */
const PORT = 4000;

/**
 * One backend service that whoever may call it finds at `app.my-backend-service.aws:4000`, with no load balancer.
 *
 * A task's address is asked for at every call: the TTL is 0, as in the text that this stack is made after. Callers that
 * look names up often should cache them for a second or more.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
 */
export class BackendServiceStack extends BaseStack {
  public readonly app: EcsService;

  public constructor(scope: Construct, id: string, props: BaseStackProps = {}) {
    super(scope, id, props);
    const { vpcId, subnets, securityGroups } = givenNetwork(this);
    const namespace = new DnsNamespace(this, "dns_namespace", {
      namespaceName: "my-backend-service.aws",
      vpcId,
    });

    this.app = new EcsService(this, "app", {
      serviceName: "app",
      ecsCluster: new EcsCluster(this, "ecs_cluster"),
      vpcId,
      subnets,
      securityGroups,
      desiredCount: desiredCountVariable(this, "app").numberValue,
      containers: [
        {
          name: "app",
          image: ContainerImage.fromRegistry(imageVariable(this, "app").stringValue),
          portMappings: [{ containerPort: PORT }],
        },
      ],
      discovery: new CloudMapDns({ namespace, recordTypes: ["A", "SRV"], ttl: 0 }),
    });
    acknowledge(this.app, "cloud-map-ttl-unwise");

    this.output("namespace_id", namespace.namespaceId, "Id of the Cloud Map namespace");
    this.output(
      "app_fqdn",
      this.app.endpoint.host,
      "DNS name of the service: address and, as SRV, port of its tasks",
    );
    this.output("app_url", this.app.endpoint.url, "Where callers in the VPC reach the service");
    this.output(
      "app_security_group_id",
      this.app.securityGroupId,
      "The group that must let callers in on port 4000",
    );
  }
}
