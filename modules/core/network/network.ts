import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import type { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { network as rules } from "../../rules/network";
import { Module } from "../framework/module";
import { warnUnless } from "../framework/warnings";
import { checkNatGateways, ZoneNatGateway, type NatGateways } from "./nat-gateways";
import { ImportedNetwork, type INetwork, type NetworkAttributes } from "./network-attributes";
import { checkNetworkCidrBlock, subnetCidrBlock, type SubnetKind } from "./network-cidr";
import { NetworkSubnet } from "./network-subnet";
import { networkName } from "./network-tags";
import { zonesOf, type Zone } from "./network-zones";
import { notePublicSubnets } from "./public-subnets";
import { DEFAULT_SERVICES, VpcEndpoints, type VpcEndpointService } from "./vpc-endpoints";

const ANYWHERE = "0.0.0.0/0";

export interface NetworkProps {
  /**
   * All addresses of the VPC, /16 to /24. Each subnet gets a sixteenth: public ones in the lower half, private ones in
   * the upper half. Changing it replaces the VPC and everything in it.
   * @default "10.0.0.0/16"
   */
  readonly cidrBlock?: string;
  /**
   * How many availability zones, 2 to 8, in the order of their names; or the names of those to use, for regions where a
   * service is not in every zone. Zones can be added at the end of either without a change to what is there. Going from
   * a number to names makes new subnets, so choose before the first apply.
   * @default 2
   */
  readonly availabilityZones?: number | readonly string[];
  /**
   * How private subnets reach the internet: through one NAT gateway for all, one in each zone, or not at all. With
   * "none" they reach what `vpcEndpoints` names and nothing else outside the VPC.
   * @default "single"
   */
  readonly natGateways?: NatGateways;
  /**
   * AWS's APIs that the private subnets reach without a NAT gateway. For "none" this is at least
   * `["s3", "ecr.api", "ecr.dkr", "logs"]`, and `secretsmanager` or `ssm` where tasks have secrets.
   * @default - none
   */
  readonly vpcEndpoints?: readonly VpcEndpointService[];
}

/**
 * A VPC for services that call each other by name: both DNS attributes on, and in each availability zone a public
 * subnet and a private one. Services and file systems belong in the private subnets:
 *
 * ```ts
 * const network = new Network(this, "network", { availabilityZones: 3 });
 * new Efs(this, "efs", { vpcId: network.vpcId, subnets: network.privateSubnetIds });
 * ```
 *
 * Its default security group is emptied, so that what is started without a group of its own reaches nothing.
 * Synthesis is refused for a CIDR block that cannot be split, for too few, too many and unknown zones, and for
 * unknown NAT gateways and endpoints
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/networking-outbound.html
 */
export class Network extends Module implements INetwork {
  /** A network that exists already. Both DNS attributes of its VPC are checked when Terraform plans. */
  public static fromNetworkAttributes(scope: Construct, id: string, attributes: NetworkAttributes): INetwork {
    return new ImportedNetwork(scope, id, attributes);
  }

  public readonly vpcId: string;
  public readonly cidrBlock: string;
  public readonly availabilityZones: readonly string[];
  /** Whoever uses them is made after the route to the internet gateway. */
  public readonly publicSubnetIds: readonly string[];
  /** Whoever uses them is made after their way out: NAT gateways and endpoints. */
  public readonly privateSubnetIds: readonly string[];
  public readonly privateRouteTableIds: readonly string[];
  /** Addresses that others see when private subnets call them: one per NAT gateway. */
  public readonly natGatewayPublicIps: readonly string[];

  public constructor(scope: Construct, id: string, props: NetworkProps = {}) {
    super(scope, id);
    const { cidrBlock = "10.0.0.0/16", natGateways = "single", availabilityZones = 2 } = props;
    checkNetworkCidrBlock(this, "cidrBlock", cidrBlock);
    checkNatGateways(this, "natGateways", natGateways);
    if (natGateways === "none") {
      warnUnless(this, "vpcEndpoints", props.vpcEndpoints ?? [], leadToImagesAndLogs, rules.wayOut);
    }
    const zones = zonesOf(this, availabilityZones);

    const tags = { Name: networkName(this) };
    const vpc = new Vpc(this, "vpc", { cidrBlock, enableDnsSupport: true, enableDnsHostnames: true, tags });
    this.vpcId = vpc.id;
    this.cidrBlock = cidrBlock;
    new DefaultSecurityGroup(this, "default_security_group", {
      vpcId: this.vpcId,
      ingress: [],
      egress: [],
      tags: { Name: networkName(this, "default-unused") },
    });
    const internetGateway = new InternetGateway(this, "internet_gateway", { vpcId: this.vpcId, tags });

    this.publicSubnetIds = this.publicSubnets(zones, internetGateway);
    notePublicSubnets(this, this.publicSubnetIds);

    const natScope = new Construct(this, "nat");
    const withNat = natGateways === "none" ? [] : natGateways === "single" ? zones.slice(0, 1) : zones;
    const nats = withNat.map(
      ({ key }, index) =>
        new ZoneNatGateway(natScope, key, this.publicSubnetIds[index] ?? "", internetGateway),
    );
    this.natGatewayPublicIps = nats.map(({ publicIp }) => publicIp);

    const privateScope = new Construct(this, "private");
    const subnets = this.subnets(privateScope, "private", zones);
    const tables = subnets.map((subnet) => this.routeTable(subnet));
    this.privateRouteTableIds = tables.map((table) => table.id);
    this.availabilityZones = subnets.map(({ availabilityZone }) => availabilityZone);
    const endpoints = this.endpoints(subnets, props.vpcEndpoints);
    this.privateSubnetIds = subnets.map((subnet, index) => {
      const nat = nats[index] ?? nats[0];
      const routeTableId = this.privateRouteTableIds[index] ?? "";
      if (nat === undefined) return subnet.routeBy(routeTableId, endpoints);
      const route = new Route(subnet, "route", {
        routeTableId,
        destinationCidrBlock: ANYWHERE,
        natGatewayId: nat.natGatewayId,
      });
      return subnet.routeBy(routeTableId, [route, ...endpoints]);
    });
  }

  /** One route table for all: they all have the same way out. */
  private publicSubnets(zones: readonly Zone[], internetGateway: InternetGateway): readonly string[] {
    const scope = new Construct(this, "public");
    const table = this.routeTable(scope);
    const route = new Route(scope, "route", {
      routeTableId: table.id,
      destinationCidrBlock: ANYWHERE,
      gatewayId: internetGateway.id,
    });
    return this.subnets(scope, "public", zones).map((subnet) => subnet.routeBy(table.id, [route]));
  }

  private subnets(scope: Construct, kind: SubnetKind, zones: readonly Zone[]): readonly NetworkSubnet[] {
    const { vpcId } = this;
    return zones.map((zone) => {
      const cidrBlock = subnetCidrBlock(this.cidrBlock, kind, zone.slot);
      return new NetworkSubnet(scope, { vpcId, cidrBlock, zone });
    });
  }

  private routeTable(scope: Construct): RouteTable {
    return new RouteTable(scope, "route_table", { vpcId: this.vpcId, tags: { Name: networkName(scope) } });
  }

  private endpoints(
    subnets: readonly NetworkSubnet[],
    services: readonly VpcEndpointService[] = [],
  ): readonly TerraformResource[] {
    if (services.length === 0) return [];
    const { vpcId, cidrBlock, privateRouteTableIds } = this;
    // bare ids: what uses the subnets waits for the endpoints, so the endpoints cannot wait for that
    const privateSubnetIds = subnets.map(({ subnetId }) => subnetId);
    const network = { vpcId, cidrBlock, privateSubnetIds, privateRouteTableIds };
    return new VpcEndpoints(this, "endpoint", { network, services }).resources;
  }
}

function leadToImagesAndLogs(endpoints: readonly VpcEndpointService[]): boolean {
  return DEFAULT_SERVICES.every((service) => endpoints.includes(service));
}
