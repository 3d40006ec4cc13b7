import type { Construct } from "constructs";
import { ContainerImage } from "../modules/core/storage/container-image";
import { DnsNamespace } from "../modules/core/cloud-map/dns-namespace";
import { EcsCluster } from "../modules/core/compute/ecs-cluster";
import { LoadBalancer } from "../modules/core/load-balancing/load-balancer";
import { PrivateZone } from "../modules/core/cloud-map/private-zone";
import { CloudMapDns } from "../modules/services/discovery/cloud-map-dns";
import type { IDiscovery } from "../modules/services/discovery/discovery";
import { EcsService } from "../modules/services/ecs-service/ecs-service";
import { LoadBalanced } from "../modules/services/discovery/load-balanced";
import { ServiceConnect } from "../modules/services/discovery/service-connect";
import { BaseStack, type BaseStackProps } from "./base-stack";
import { givenNetwork } from "./given-network";
import { desiredCountVariable, imageVariable } from "./variables";

/** Where the payments service answers. */
const PORT = 5000;
const PATH = "/metaapi/1.0/payments";
/** What the names of the services end with, however they are reached. */
const DOMAIN = "shop.internal";

export interface ProductsPaymentsStackProps extends BaseStackProps {
  /** How products reaches payments. @default "load-balancer" */
  readonly reachPaymentsBy?: "load-balancer" | "dns" | "service-connect";
}

/**
 * `products` calls `payments` through an internal load balancer, at a name of one's own instead of the load balancer's:
 * `http://payments.shop.internal:5000/metaapi/1.0/payments`. Only `reachPaymentsBy` changes for another way.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/bestpracticesguide/networking-connecting-services.html
 */
export class ProductsPaymentsStack extends BaseStack {
  public readonly products: EcsService;
  public readonly payments: EcsService;

  public constructor(scope: Construct, id: string, props: ProductsPaymentsStackProps = {}) {
    super(scope, id, props);
    const { vpcId, subnets, securityGroups } = givenNetwork(this);
    const ecsCluster = new EcsCluster(this, "ecs_cluster");
    const service = (name: string, discovery?: IDiscovery): EcsService =>
      new EcsService(this, name, {
        serviceName: name,
        ecsCluster,
        vpcId,
        subnets,
        securityGroups,
        desiredCount: desiredCountVariable(this, name).numberValue,
        containers: [
          {
            name,
            image: ContainerImage.fromRegistry(imageVariable(this, name).stringValue),
            portMappings: [{ containerPort: PORT }],
          },
        ],
        discovery,
      });

    this.payments = service(
      "payments",
      this.discovery(props.reachPaymentsBy ?? "load-balancer", vpcId, subnets),
    );
    this.products = service("products");
    this.products.connectTo(this.payments, { environment: "PAYMENTS_URL", path: PATH });

    this.output("payments_url", `${this.payments.endpoint.url}${PATH}`, "Where products reaches payments");
  }

  private discovery(by: string, vpcId: string, subnets: readonly string[]): IDiscovery {
    if (by === "load-balancer") {
      const loadBalancer = new LoadBalancer(this, "internal", { vpcId, subnets, port: PORT });
      const zone = new PrivateZone(this, "zone", { zoneName: DOMAIN, vpcId });
      return new LoadBalanced({ loadBalancer, zone, healthCheck: { path: PATH } });
    }
    const namespace = new DnsNamespace(this, "dns_namespace", { namespaceName: DOMAIN, vpcId });
    return by === "dns" ? new CloudMapDns({ namespace, ttl: 10 }) : new ServiceConnect({ namespace });
  }
}
