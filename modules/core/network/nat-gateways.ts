import { Eip } from "@cdktf/provider-aws/lib/eip";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import type { TerraformResource } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { network } from "../../rules/network";
import { check } from "../framework/check";
import { networkName } from "./network-tags";

/**
 * How private subnets reach the internet: through one NAT gateway in the first zone, through one in each zone, or not at
 * all. A NAT gateway costs money by the hour; a single one is a zone that all others depend on.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
 */
export type NatGateways = "single" | "one-per-zone" | "none";

const CHOICES: readonly string[] = ["single", "one-per-zone", "none"] satisfies NatGateways[];

/** Refuses what is no way to the internet. */
export function checkNatGateways(scope: IConstruct, property: string, natGateways: NatGateways): void {
  check(scope, property, natGateways, (choice) => CHOICES.includes(choice), network.natGateways);
}

/** A NAT gateway in a public subnet, with an address that stays. */
export class ZoneNatGateway extends Construct {
  public readonly natGatewayId: string;
  /** What others see as the sender. */
  public readonly publicIp: string;

  public constructor(
    scope: Construct,
    id: string,
    publicSubnetId: string,
    internetGateway: TerraformResource,
  ) {
    super(scope, id);
    const tags = { Name: networkName(this) };
    const address = new Eip(this, "eip", {
      domain: "vpc",
      tags,
      // an internet gateway cannot be taken from a VPC that has public addresses
      dependsOn: [internetGateway],
    });
    this.natGatewayId = new NatGateway(this, "nat_gateway", {
      allocationId: address.id,
      subnetId: publicSubnetId,
      tags,
    }).id;
    this.publicIp = address.publicIp;
  }
}
