import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Route53Zone } from "@cdktf/provider-aws/lib/route53-zone";
import type { Construct } from "constructs";
import { route53 } from "../../rules/route53";
import { checkGiven, checkLiteral, refuse } from "../framework/check";
import { claim } from "../framework/claims";
import { Module } from "../framework/module";
import { checkHost, checkZoneName } from "../framework/names";
import { identityOf, resolved } from "../framework/resolved";
import { checkVpcId } from "../network/network-ids";
import { checkZoneIsFree } from "./vpc-zones";

/** What a name can stand for: the DNS name of a load balancer and the hosted zone that AWS keeps it in. */
export interface AliasTarget {
  /** The name that AWS gave it. */
  readonly dnsName: string;
  /** The hosted zone that AWS keeps that name in, Terraform's `zone_id`. */
  readonly hostedZoneId: string;
}

/** A private hosted zone that records can be put in. */
export interface IPrivateZone {
  /** For example `Z0123456789ABCDEFGHIJ`. */
  readonly zoneId: string;
  /** What all names in it end with: `internal.example`. */
  readonly zoneName: string;
  /**
   * Makes `<name>.<zone>` an alias of a load balancer and returns that name. Refuses a name that the zone has from this
   * app already.
   */
  addAlias(scope: Construct, id: string, name: string, target: AliasTarget): string;
}

/** What is needed to use a zone that exists already. */
export interface PrivateZoneAttributes {
  /** For example `Z0123456789ABCDEFGHIJ`. Not the zone of a Cloud Map namespace: only Cloud Map can change that. */
  readonly zoneId: string;
  /** What all names in it end with. */
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

const CLOUD_MAP_ZONE = "aws_service_discovery_private_dns_namespace.";

/**
 * A private hosted zone of Route 53, for names of load balancers.
 * Synthesis is refused for a name that DNS does not allow and for an id that is no VPC's
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-private.html
 */
export class PrivateZone extends Module implements IPrivateZone {
  /** A zone that exists already. */
  public static fromPrivateZoneAttributes(scope: Construct, attributes: PrivateZoneAttributes): IPrivateZone {
    const { zoneId, zoneName } = attributes;
    checkLiteral(scope, "zoneName", zoneName);
    checkHost(scope, "zoneName", zoneName);
    if (resolved(scope, zoneId).includes(CLOUD_MAP_ZONE)) {
      const given = { scope, property: "zoneId", value: "the zone of a Cloud Map namespace" };
      refuse(given, route53.cloudMapZone);
    }
    return { zoneId, zoneName, addAlias: (...record) => addAlias(attributes, ...record) };
  }

  /** For example `Z0123456789ABCDEFGHIJ`. */
  public readonly zoneId: string;
  public readonly zoneName: string;

  public constructor(scope: Construct, id: string, props: PrivateZoneProps) {
    super(scope, id);
    checkGiven(this, props, ["zoneName", "vpcId"]);
    checkLiteral(this, "zoneName", props.zoneName);
    checkZoneName(this, "zoneName", props.zoneName);
    checkVpcId(this, "vpcId", props.vpcId);
    this.zoneName = props.zoneName;
    const zone = new Route53Zone(this, "zone", {
      name: props.zoneName,
      vpc: [{ vpcId: props.vpcId }],
      comment: `Names of load balancers in ${props.zoneName}`,
    });
    this.zoneId = zone.zoneId;
    checkZoneIsFree(this, "zoneName", props.zoneName, props.vpcId);
  }

  public addAlias(scope: Construct, id: string, name: string, target: AliasTarget): string {
    return addAlias(this, scope, id, name, target);
  }
}

function addAlias(
  { zoneId, zoneName }: PrivateZoneAttributes,
  scope: Construct,
  id: string,
  name: string,
  target: AliasTarget,
): string {
  checkLiteral(scope, "name", name);
  const host = `${name}.${zoneName}`;
  checkHost(scope, "name", host);
  const record = new Route53Record(scope, id, {
    zoneId,
    name: host,
    type: "A",
    // one service without a healthy task must not take the names of the others away
    alias: { name: target.dnsName, zoneId: target.hostedZoneId, evaluateTargetHealth: false },
  });
  const other = claim(record, [`records of ${identityOf(scope, zoneId)}`], host);
  if (other !== undefined) {
    const allowed = `${route53.recordTaken.allowed}; ${other.node.scope?.node.path} has this one`;
    refuse({ scope, property: "name", value: name }, { ...route53.recordTaken, allowed });
  }
  return host;
}
