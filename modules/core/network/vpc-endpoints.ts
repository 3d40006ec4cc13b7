import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { network } from "../../rules/network";
import { terraformAddress } from "../framework/address";
import { awsContext } from "../framework/aws-context";
import { check, checkGiven, refuse } from "../framework/check";
import { claim } from "../framework/claims";
import { Module } from "../framework/module";
import { identityOf } from "../framework/resolved";
import type { INetwork } from "./network-attributes";
import { networkName } from "./network-tags";
import { SecurityGroup } from "./security-group";

/**
 * What tasks in private subnets call, by the names that PrivateLink has for it:
 *
 * - `s3`: layers of images in ECR, by a gateway endpoint, which costs nothing
 * - `ecr.api`, `ecr.dkr`: images in ECR
 * - `logs`: what containers print
 * - `secretsmanager`, `ssm`: secrets, and parameters of the Parameter Store
 * - `ssmmessages`: `aws ecs execute-command`
 * - `kms`: a key of the customer's that tasks use themselves, for example for sessions of `execute-command`
 * - `ecs-agent`: the proxy of Service Connect
 * - `ecs`, `ecs-telemetry`: with `ecs-agent`, what EC2 instances of a cluster call
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html
 */
export type VpcEndpointService = "s3" | InterfaceService;

type InterfaceService = keyof typeof PREFIX;

/**
 * Whether the name of an interface endpoint's service starts with the partition's own reversed domain
 * (`cn.com.amazonaws` in China) or with `com.amazonaws` in every partition: `aws ec2 describe-vpc-endpoint-services`
 * lists both kinds.
 */
const PREFIX = {
  "ecr.api": "partition",
  "ecr.dkr": "partition",
  logs: "global",
  secretsmanager: "global",
  ssm: "global",
  ssmmessages: "global",
  kms: "global",
  ecs: "global",
  "ecs-agent": "global",
  "ecs-telemetry": "global",
} as const;

/** What a Fargate task needs to be started from an image in ECR and to log. */
export const DEFAULT_SERVICES: readonly VpcEndpointService[] = ["s3", "ecr.api", "ecr.dkr", "logs"];
const KNOWN_SERVICES: readonly string[] = ["s3", ...Object.keys(PREFIX)];
const HTTPS_PORT = 443;

export interface VpcEndpointsProps {
  /** Where the endpoints are: interface endpoints in its private subnets, the gateway endpoint in their route tables. */
  readonly network: Pick<INetwork, "vpcId" | "cidrBlock" | "privateSubnetIds" | "privateRouteTableIds">;
  /**
   * The APIs that are reached without leaving the VPC.
   * @default ["s3", "ecr.api", "ecr.dkr", "logs"], what a Fargate task needs to pull from ECR and to log
   */
  readonly services?: readonly VpcEndpointService[];
}

/**
 * Ways from private subnets to AWS's own APIs that need no NAT gateway: a gateway endpoint for S3, interface endpoints for
 * the rest. Tasks use them by the ordinary names of the APIs, which the VPC's resolver answers with private addresses.
 *
 * A `Network` makes them itself (`vpcEndpoints`); this class adds them to a network that exists already. A VPC can have
 * one endpoint with private DNS per service.
 * Synthesis is refused for an unknown or doubled service, and for `s3` in a network without known route tables
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 */
export class VpcEndpoints extends Module {
  /** The group of the interface endpoints; undefined where there are none. */
  public readonly securityGroupId?: string;
  /** All that must be there before a task can use the endpoints. */
  public readonly resources: readonly TerraformResource[];
  private readonly network: VpcEndpointsProps["network"];

  public constructor(scope: Construct, id: string, props: VpcEndpointsProps) {
    super(scope, id);
    checkGiven(this, props, ["network"]);
    this.network = props.network;
    this.checkServices(props.services ?? DEFAULT_SERVICES);
    const services = [...new Set(props.services ?? DEFAULT_SERVICES)];
    for (const service of services) this.checkServiceIsFree(service);

    const resources: TerraformResource[] = [];
    const interfaces = services.filter((service) => service !== "s3");
    if (services.includes("s3")) resources.push(this.gatewayEndpoint("s3"));
    if (interfaces.length > 0) {
      this.securityGroupId = new SecurityGroup(this, "security_group", {
        vpcId: this.network.vpcId,
        purpose: terraformAddress(this).replaceAll("_", "-"),
        description: "Interface endpoints",
      }).securityGroupId;
      resources.push(this.letInHttps(this.securityGroupId));
      for (const service of interfaces) resources.push(this.interfaceEndpoint(service, this.securityGroupId));
    }
    this.resources = resources;
  }

  private gatewayEndpoint(service: "s3"): VpcEndpoint {
    return new VpcEndpoint(this, service, {
      vpcId: this.network.vpcId,
      vpcEndpointType: "Gateway",
      serviceName: `com.amazonaws.${awsContext(this).region}.${service}`,
      routeTableIds: [...this.network.privateRouteTableIds],
      tags: { Name: networkName(this, service) },
    });
  }

  private interfaceEndpoint(service: InterfaceService, securityGroupId: string): VpcEndpoint {
    const prefix = PREFIX[service] === "partition" ? this.reverseDnsPrefix : "com.amazonaws";
    return new VpcEndpoint(this, service, {
      vpcId: this.network.vpcId,
      vpcEndpointType: "Interface",
      serviceName: `${prefix}.${awsContext(this).region}.${service}`,
      subnetIds: [...this.network.privateSubnetIds],
      securityGroupIds: [securityGroupId],
      privateDnsEnabled: true,
      tags: { Name: networkName(this, service) },
    });
  }

  /** Every address of the VPC and no other. Answers need no rule, so the group has no way out. */
  private letInHttps(securityGroupId: string): VpcSecurityGroupIngressRule {
    return new VpcSecurityGroupIngressRule(this, "ingress_rule", {
      securityGroupId,
      cidrIpv4: this.network.cidrBlock,
      ipProtocol: "tcp",
      fromPort: HTTPS_PORT,
      toPort: HTTPS_PORT,
      description: "HTTPS from the VPC",
    });
  }

  private get reverseDnsPrefix(): string {
    const known = this.node.tryFindChild("partition") as DataAwsPartition | undefined;
    return (known ?? new DataAwsPartition(this, "partition")).reverseDnsPrefix;
  }

  private checkServices(services: readonly string[]): void {
    check(this, "services", services, areDifferentServices, network.endpointServices);
    const hasWay = (tables: readonly string[]): boolean => tables.length > 0 || !services.includes("s3");
    const tables = this.network.privateRouteTableIds;
    check(this, "network.privateRouteTableIds", tables, hasWay, network.endpointRouteTables);
  }

  /** The private names of an API are a VPC's once; of S3 it is the routes that each table has once. */
  private checkServiceIsFree(service: VpcEndpointService): void {
    const { vpcId, privateRouteTableIds } = this.network;
    const places = service === "s3" ? privateRouteTableIds : [vpcId];
    const spaces = places.map((id) => `endpoints of ${identityOf(this, id)}`);
    const other = claim(this, spaces, service);
    if (other === undefined) return;
    const allowed = `${network.endpointTaken.allowed}; ${other.node.path} has this one`;
    refuse({ scope: this, property: "services", value: service }, { ...network.endpointTaken, allowed });
  }
}

function areDifferentServices(services: readonly string[]): boolean {
  return (
    services.length > 0 &&
    new Set(services).size === services.length &&
    services.every((service) => KNOWN_SERVICES.includes(service))
  );
}
