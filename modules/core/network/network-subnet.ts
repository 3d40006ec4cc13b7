import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import type { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { networkName } from "./network-tags";
import type { Zone } from "./network-zones";

export interface NetworkSubnetProps {
  readonly vpcId: string;
  readonly cidrBlock: string;
  readonly zone: Zone;
}

/** A subnet of a network in one zone. Nothing in it gets a public address unless it asks for one. */
export class NetworkSubnet extends Construct {
  /** Of the bare subnet, for what must be there before the subnet is of use. */
  public readonly subnetId: string;
  public readonly availabilityZone: string;

  public constructor(scope: Construct, props: NetworkSubnetProps) {
    const { vpcId, cidrBlock, zone } = props;
    super(scope, zone.key);
    const subnet = new Subnet(this, "subnet", {
      vpcId,
      cidrBlock,
      availabilityZone: zone.name,
      mapPublicIpOnLaunch: false,
      tags: { Name: networkName(this) },
      // AWS's list is shorter while a zone is out of order; that must not move subnets that are there
      ...(zone.isChosenByAws && { lifecycle: { ignoreChanges: ["availability_zone"] } }),
    });
    this.subnetId = subnet.id;
    this.availabilityZone = zone.isChosenByAws ? subnet.availabilityZone : zone.name;
  }

  /**
   * Gives the subnet its routes and returns its id as the association knows it: whoever uses that id is made after the
   * routes and everything in `waysOut`, and is destroyed before them.
   */
  public routeBy(routeTableId: string, waysOut: readonly TerraformResource[]): string {
    const association = new RouteTableAssociation(this, "route_table_association", {
      subnetId: this.subnetId,
      routeTableId,
      dependsOn: [...waysOut],
    });
    return association.subnetId;
  }
}
