import type { Construct } from "constructs";
import { ContainerImage } from "../modules/core/storage/container-image";
import { Ec2Capacity } from "../modules/core/compute/ec2-capacity";
import { EcsCluster } from "../modules/core/compute/ecs-cluster";
import { LoadBalancer } from "../modules/core/load-balancing/load-balancer";
import { PrivateZone } from "../modules/core/cloud-map/private-zone";
import { OpenPort, SecurityGroup } from "../modules/core/network/security-group";
import { EcsService } from "../modules/services/ecs-service/ecs-service";
import { LoadBalanced } from "../modules/services/discovery/load-balanced";
import { BaseStack, type BaseStackProps } from "./base-stack";
import { givenNetwork } from "./given-network";
import { desiredCountVariable, imageVariable } from "./variables";

/** Port that the service listens on; the load balancer reaches it at ports of the instances. */
const PORT = 8080;
/** A domain that one owns: a mistake in DNS must not send requests to somebody else. */
const DOMAIN = "in.example.com";

export interface InternalApiStackProps extends BaseStackProps {
  /** Two tasks of `service-a` fit on each of the two instances. @default "t3.small" */
  readonly instanceType?: string;
}

/**
 * `service-a` on EC2 instances in two zones, behind an internal load balancer: `http://service-a.in.example.com`. Further
 * services share instances and load balancer; a host that none of them has gets the empty target group's answer.
 *
 * Who carries the security group `client_security_group_id` may call the load balancer, and nobody else.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html
 */
export class InternalApiStack extends BaseStack {
  public readonly serviceA: EcsService;

  public constructor(scope: Construct, id: string, props: InternalApiStackProps = {}) {
    super(scope, id, props);
    const { vpcId, subnets, securityGroups } = givenNetwork(this);
    const ecsCluster = new EcsCluster(this, "ecs_cluster");
    const instances = new Ec2Capacity(this, "instances", {
      ecsCluster,
      vpcId,
      subnets,
      securityGroups,
      instanceType: props.instanceType ?? "t3.small",
      minCapacity: 2,
      maxCapacity: 6,
      desiredCapacity: 2,
    });
    const loadBalancer = new LoadBalancer(this, "internal", {
      vpcId,
      subnets,
      defaultAction: "empty-target-group",
    });
    const zone = new PrivateZone(this, "zone", { zoneName: DOMAIN, vpcId });

    this.serviceA = new EcsService(this, "service_a", {
      serviceName: "service-a",
      ecsCluster,
      capacity: instances,
      networkMode: "bridge",
      desiredCount: desiredCountVariable(this, "service_a", 2).numberValue,
      deployment: { minimumHealthyPercent: 50 },
      containers: [
        {
          name: "service-a",
          image: ContainerImage.fromRegistry(imageVariable(this, "service_a").stringValue),
          portMappings: [{ containerPort: PORT }],
        },
      ],
      discovery: new LoadBalanced({
        loadBalancer,
        zone,
        priority: 1,
        healthCheck: {
          path: "/application-status/health",
          interval: 5,
          timeout: 4,
          healthyThreshold: 2,
          unhealthyThreshold: 10,
        },
      }),
    });

    const clients = new SecurityGroup(this, "clients", {
      vpcId,
      purpose: "clients",
      description: "Whoever carries this group may call the internal load balancer",
    });
    new OpenPort(clients, "to_internal", {
      from: clients.securityGroupId,
      to: loadBalancer.securityGroupId,
      port: loadBalancer.listener.port,
      description: "Clients call services behind the internal load balancer",
    });

    this.output("service_a_url", this.serviceA.endpoint.url, "Where callers in the VPC reach service-a");
    this.output(
      "client_security_group_id",
      clients.securityGroupId,
      "Give this group to what calls the services: tasks, instances, functions in the VPC",
    );
  }
}
