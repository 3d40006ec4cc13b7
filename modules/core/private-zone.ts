import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Route53Zone } from "@cdktf/provider-aws/lib/route53-zone";
import { ServiceDiscoveryPrivateDnsNamespace } from "@cdktf/provider-aws/lib/service-discovery-private-dns-namespace";
import { TerraformStack, Token } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { checkLiteral, describe, InvalidInputError } from "./check";
import { Module } from "./module";
import { checkHost } from "./names";
import { checkVpcId } from "./network-ids";
import { resolved } from "./resolved";

/** What a name can stand for: the DNS name of a load balancer and the hosted zone that AWS keeps it in. */
export interface AliasTarget {
  readonly dnsName: string;
  readonly hostedZoneId: string;
}

/** A private hosted zone that records can be put in. */
export interface IPrivateZone {
  readonly zoneId: string;
  /** What all names in it end with: `internal.example`. */
  readonly zoneName: string;
  /**
   * Makes `<name>.<zone>` an alias of a load balancer and returns that name.
   * @throws InvalidInputError where the zone has a record of that name from this app
   */
  addAlias(scope: Construct, id: string, name: string, target: AliasTarget): string;
}

/** What is needed to use a zone that exists already. */
export interface PrivateZoneAttributes {
  /** For example `Z0123456789ABCDEFGHIJ`. Not the zone of a Cloud Map namespace: only Cloud Map can change that. */
  readonly zoneId: string;
  readonly zoneName: string;
}

export interface PrivateZoneProps {
  /** What all names in it end with, in lower case. A domain that you own, or one that ends with `.internal`. */
  readonly zoneName: string;
  /**
   * The VPC whose resolver answers for the zone. Both of its DNS attributes must be on. Further VPCs cannot be
   * associated elsewhere: every plan would remove them.
   */
  readonly vpcId: string;
}

const HOSTED_ZONE = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html";
const CLOUD_MAP_ZONE = "aws_service_discovery_private_dns_namespace.";

/**
 * A private hosted zone of Route 53, for names of load balancers.
 * @throws InvalidInputError for a name that DNS does not allow and for an id that is no VPC's
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-private.html
 */
export class PrivateZone extends Module implements IPrivateZone {
  /** A zone that exists already. */
  public static fromPrivateZoneAttributes(scope: Construct, attributes: PrivateZoneAttributes): IPrivateZone {
    const { zoneId, zoneName } = attributes;
    checkZoneName(scope, zoneName);
    if (resolved(scope, zoneId).includes(CLOUD_MAP_ZONE)) {
      throw new InvalidInputError(
        { scope, property: "zoneId", value: "the zone of a Cloud Map namespace" },
        {
          allowed: "a zone of Route 53: the records of a namespace can only be changed through Cloud Map",
          mend: "make a `PrivateZone` of another name for the load balancer",
          source: "https://docs.aws.amazon.com/cloud-map/latest/dg/working-with-namespaces.html",
        },
      );
    }
    const records = new AliasRecords(zoneId, zoneName);
    return { zoneId, zoneName, addAlias: (...record) => records.add(...record) };
  }

  public readonly zoneId: string;
  public readonly zoneName: string;
  private readonly vpcId: string;
  private readonly records: AliasRecords;

  public constructor(scope: Construct, id: string, props: PrivateZoneProps) {
    super(scope, id);
    checkZoneName(this, props.zoneName);
    checkVpcId(this, "vpcId", props.vpcId);
    this.zoneName = props.zoneName;
    this.vpcId = props.vpcId;
    const zone = new Route53Zone(this, "zone", {
      name: props.zoneName,
      vpc: [{ vpcId: props.vpcId }],
      comment: `Names of load balancers in ${props.zoneName}`,
    });
    this.zoneId = zone.zoneId;
    this.records = new AliasRecords(this.zoneId, this.zoneName);
    this.node.addValidation({ validate: () => this.conflicts() });
  }

  public addAlias(scope: Construct, id: string, name: string, target: AliasTarget): string {
    return this.records.add(scope, id, name, target);
  }

  /** A VPC can have one zone of a name, and a Cloud Map namespace is one too. */
  private conflicts(): string[] {
    const all = this.node.root.node.findAll();
    const others = all.filter((other, index) =>
      other instanceof PrivateZone
        ? // of two zones the later one is reported
          index < all.indexOf(this) && isOneZone(this, other, other.zoneName, other.vpcId)
        : other instanceof ServiceDiscoveryPrivateDnsNamespace &&
          isOneZone(this, other, other.nameInput ?? "", other.vpcInput ?? ""),
    );
    return others.map((other) =>
      describe(
        { scope: this, property: "zoneName", value: this.zoneName },
        {
          allowed: `a name that no other zone and no Cloud Map namespace of the VPC has; ${other.node.path} has this one`,
          mend: 'choose another one, for example "lb.internal.example"',
          source: HOSTED_ZONE,
        },
      ),
    );

    function isOneZone(zone: PrivateZone, other: IConstruct, name: string, vpcId: string): boolean {
      return name.toLowerCase() === zone.zoneName && vpcOf(other, vpcId) === vpcOf(zone, zone.vpcId);
    }
  }
}

/** The records that this app puts into a zone, each name once. */
class AliasRecords {
  private readonly owners = new Map<string, IConstruct>();

  public constructor(
    private readonly zoneId: string,
    private readonly zoneName: string,
  ) {}

  public add(scope: Construct, id: string, name: string, target: AliasTarget): string {
    checkLiteral(scope, "name", name);
    const host = `${name}.${this.zoneName}`;
    checkHost(scope, "name", host);
    const owner = this.owners.get(host);
    if (owner !== undefined) {
      throw new InvalidInputError(
        { scope, property: "name", value: name },
        {
          allowed: `a name that nothing else in the zone has; ${owner.node.path} has this one`,
          mend: "give one of the two another name",
          source: "https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html",
        },
      );
    }
    this.owners.set(host, scope);
    new Route53Record(scope, id, {
      zoneId: this.zoneId,
      name: host,
      type: "A",
      // one service without a healthy task must not take the names of the others away
      alias: { name: target.dnsName, zoneId: target.hostedZoneId, evaluateTargetHealth: false },
    });
    return host;
  }
}

function checkZoneName(scope: IConstruct, zoneName: string): void {
  checkLiteral(scope, "zoneName", zoneName);
  checkHost(scope, "zoneName", zoneName);
}

/** A VPC that only Terraform knows is another one in another stack. */
function vpcOf(scope: IConstruct, vpcId: string): string {
  return Token.isUnresolved(vpcId)
    ? `${TerraformStack.of(scope).node.path} ${resolved(scope, vpcId)}`
    : vpcId;
}
