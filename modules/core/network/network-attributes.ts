import { DataAwsSecurityGroup } from "@cdktf/provider-aws/lib/data-aws-security-group";
import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { DataAwsVpc } from "@cdktf/provider-aws/lib/data-aws-vpc";
import { TerraformIterator, Token } from "cdktf";
import type { Construct } from "constructs";
import { cloudMap } from "../../rules/cloud-map";
import { network } from "../../rules/network";
import type { CheckedRule } from "../../rules/rule";
import { check, describe } from "../framework/check";
import { Module } from "../framework/module";
import { resolved } from "../framework/resolved";
import { checkSecurityGroups, checkSubnets, checkVpcId, isCidrBlock } from "./network-ids";
import { notePublicSubnets } from "./public-subnets";

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
  /** For example `vpc-0123456789abcdef0`. */
  readonly vpcId: string;
  /** One per availability zone, 1 to 16. May be a list that only Terraform knows. */
  readonly privateSubnetIds: readonly string[];
  /** Subnets with a route to an internet gateway, for load balancers that face the internet. @default - none */
  readonly publicSubnetIds?: readonly string[];
  /**
   * Route tables of the private subnets, which gateway endpoints are put into.
   * @default - unknown, and then no gateway endpoint can be added
   */
  readonly privateRouteTableIds?: readonly string[];
  /** The addresses of the VPC, for example `10.0.0.0/16`. @default - looked up from the VPC when Terraform plans */
  readonly cidrBlock?: string;
  /** Names of the zones of the subnets, in their order. @default - unknown */
  readonly availabilityZones?: readonly string[];
  /** Groups that tasks in it carry beside their own, at most four: Terraform checks that they are the VPC's. @default - none */
  readonly securityGroupIds?: readonly string[];
}

/**
 * A network that exists already. It is looked up, and Terraform refuses to plan where one of the VPC's two DNS
 * attributes is off, without which no name of a service and of a file system resolves, and where subnets or security
 * groups are another VPC's. The look-ups are of things that Terraform knows when it plans, so no later plan shows them.
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
    const { vpcId, cidrBlock, privateSubnetIds, publicSubnetIds = [], securityGroupIds = [] } = attributes;
    checkVpcId(this, "vpcId", vpcId);
    checkSubnets(this, "privateSubnetIds", privateSubnetIds);
    if (publicSubnetIds.length > 0) checkSubnets(this, "publicSubnetIds", publicSubnetIds);
    checkSecurityGroups(this, "securityGroupIds", securityGroupIds);
    check(this, "cidrBlock", cidrBlock, isCidrBlock, network.cidrBlock);

    const noNames = describe({ scope: this, property: "vpcId", value: vpcId }, cloudMap.vpcDns);
    const postcondition = ["enable_dns_support", "enable_dns_hostnames"].map((attribute) => ({
      condition: `\${self.${attribute}}`,
      errorMessage: `The VPC has ${attribute} off, so that names of services do not resolve.\n${noNames}`,
    }));
    const vpc = new DataAwsVpc(this, "vpc", { id: vpcId, lifecycle: { postcondition } });
    if (areGiven(privateSubnetIds)) {
      lookUp(this, "private", DataAwsSubnet, privateSubnetIds, vpcId, network.subnetsOfVpc);
    }
    if (publicSubnetIds.length > 0 && areGiven(publicSubnetIds)) {
      lookUp(this, "public", DataAwsSubnet, publicSubnetIds, vpcId, network.subnetsOfVpc);
    }
    if (securityGroupIds.length > 0 && areGiven(securityGroupIds)) {
      lookUp(this, "given", DataAwsSecurityGroup, securityGroupIds, vpcId, network.securityGroupsOfVpc);
    }
    this.vpcId = vpcId;
    this.cidrBlock = cidrBlock ?? Token.asString(vpc.cidrBlock);
    this.availabilityZones = attributes.availabilityZones ?? [];
    this.publicSubnetIds = publicSubnetIds;
    notePublicSubnets(this, publicSubnetIds);
    this.privateSubnetIds = privateSubnetIds;
    this.privateRouteTableIds = attributes.privateRouteTableIds ?? [];
  }
}

/** What is made in the same run cannot be looked up while Terraform plans. */
function areGiven(ids: readonly string[]): boolean {
  return Token.isUnresolved(ids) || !ids.some((id) => Token.isUnresolved(id));
}

type LookUp = new (
  scope: Construct,
  id: string,
  config: { forEach: TerraformIterator; id: string; lifecycle: { postcondition: Postcondition[] } },
) => object;

interface Postcondition {
  readonly condition: string;
  readonly errorMessage: string;
}

/** Lets Terraform find each of the ids, and refuse to plan where one is another VPC's. */
function lookUp(
  scope: Construct,
  id: string,
  Data: LookUp,
  ids: readonly string[],
  vpcId: string,
  rule: CheckedRule,
): void {
  const forEach = TerraformIterator.fromList([...ids]);
  const condition = `\${self.vpc_id == ${JSON.stringify(resolved(scope, vpcId))}}`;
  const errorMessage = `\${self.id} is not in the VPC.\n${describe({ scope, property: "vpcId", value: vpcId }, rule)}`;
  new Data(scope, id, {
    forEach,
    id: Token.asString(forEach.value),
    lifecycle: { postcondition: [{ condition, errorMessage }] },
  });
}
