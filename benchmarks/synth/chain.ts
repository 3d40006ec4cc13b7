import type { App } from "cdktf";
import { ContainerImage } from "../../modules/core/storage/container-image";
import { DnsNamespace } from "../../modules/core/cloud-map/dns-namespace";
import { EcsCluster } from "../../modules/core/compute/ecs-cluster";
import { CloudMapDns } from "../../modules/services/discovery/cloud-map-dns";
import { EcsService } from "../../modules/services/ecs-service/ecs-service";
import { BaseStack } from "../../stacks/base-stack";
import { IMAGE, NAMESPACE, PORT, SUBNETS, VPC_ID } from "./inputs";

/** So many services that each call the next, made of this project's modules. */
export class Chain extends BaseStack {
  public constructor(app: App, count: number) {
    super(app, "chain", { backend: { type: "none" } });
    const namespace = new DnsNamespace(this, "dns_namespace", { namespaceName: NAMESPACE, vpcId: VPC_ID });
    const ecsCluster = new EcsCluster(this, "ecs_cluster", { clusterName: "chain" });
    let next: EcsService | undefined;
    for (let index = count; index >= 1; index--) {
      const service: EcsService = new EcsService(this, `service_${index}`, {
        serviceName: `service-${index}`,
        vpcId: VPC_ID,
        subnets: SUBNETS,
        ecsCluster,
        containers: [
          { name: "app", image: ContainerImage.fromRegistry(IMAGE), portMappings: [{ containerPort: PORT }] },
        ],
        discovery: new CloudMapDns({ namespace }),
      });
      if (next) service.connectTo(next, { environment: "NEXT_URL" });
      next = service;
    }
  }
}
