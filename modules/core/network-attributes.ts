import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { Token } from "cdktf";
import type { Construct } from "constructs";
import { check } from "./check";
import { checkSubnets, checkVpcId, isCidrBlock } from "./network-ids";
import { Module } from "./module";

/** A VPC and its subnets, one of each kind per availability zone. */
export interface INetwork {
  /** For example `vpc-0123456789abcdef0`. */
  readonly vpcId: string;
  /** All addresses of the VPC, for example `10.0.0.0/16`. */
  readonly cidrBlock: string;
  /** Names such as `eu-central-1a`, in the order of the subnets; empty where they are not known. */
  readonly availabilityZones: readonly string[];
  /** Subnets with a route to the internet gateway: for load balancers, and for tasks with public addresses. */
  readonly publicSubnetIds: readonly string[];
  /** Subnets that nobody can reach from outside the VPC: for services and file systems. */
  readonly privateSubnetIds: readonly string[];
  /** Route tables of the private subnets, for gateway endpoints and peerings; empty where they are not known. */
  readonly privateRouteTableIds: readonly string[];
}

/** What is needed to use a network that exists already. */
export interface NetworkAttributes {
  readonly vpcId: string;
  /** One per availability zone, 1 to 16. May be a list that only Terraform knows. */
  readonly privateSubnetIds: readonly string[];
  /** @default - none */
  readonly publicSubnetIds?: readonly string[];
  /** @default - unknown, and then no gateway endpoint can be added */
  readonly privateRouteTableIds?: readonly string[];
  /** @default - looked up from the VPC when Terraform plans */
  readonly cidrBlock?: string;
  /** @default - unknown */
  readonly availabilityZones?: readonly string[];
}

/**
 * A network that exists already. It is looked up, and Terraform refuses to plan where one of the VPC's two DNS
 * attributes is off: without them no name of a service and of a file system resolves.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html
 */
export class ImportedNetwork extends Module implements INetwork {
  public readonly vpcId: string;
  public readonly cidrBlock: string;
  public readonly availabilityZones: readonly string[];
  public readonly publicSubnetIds: readonly string[];
  public readonly privateSubnetIds: readonly string[];
  public readonly privateRouteTableIds: readonly string[];

  public constructor(scope: Construct, id: string, attributes: NetworkAttributes) {
    super(scope, id);
    const { vpcId, cidrBlock, privateSubnetIds, publicSubnetIds = [] } = attributes;
    checkVpcId(this, "vpcId", vpcId);
    checkSubnets(this, "privateSubnetIds", privateSubnetIds);
    if (publicSubnetIds.length > 0) checkSubnets(this, "publicSubnetIds", publicSubnetIds);
    check(this, "cidrBlock", cidrBlock, isCidrBlock, {
      allowed: 'an IPv4 network such as "10.0.0.0/16", the bits behind the prefix being 0',
      mend: "copy it from `aws ec2 describe-vpcs`, or leave it out to have it looked up",
      source: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
    });

    const vpc = new DataAwsVpc(this, "vpc", {
      id: vpcId,
      lifecycle: { postcondition: [mustBeOn("enable_dns_support"), mustBeOn("enable_dns_hostnames")] },
    });
    this.vpcId = vpcId;
    this.cidrBlock = cidrBlock ?? Token.asString(vpc.cidrBlock);
    this.availabilityZones = attributes.availabilityZones ?? [];
    this.publicSubnetIds = publicSubnetIds;
    this.privateSubnetIds = privateSubnetIds;
    this.privateRouteTableIds = attributes.privateRouteTableIds ?? [];
  }
}

function mustBeOn(attribute: string): { condition: string; errorMessage: string } {
  return {
    condition: `\${self.${attribute}}`,
    errorMessage: `The VPC has ${attribute} off, so that names of services do not resolve: turn it on.`,
  };
}
