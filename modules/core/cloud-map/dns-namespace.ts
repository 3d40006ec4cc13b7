import { ServiceDiscoveryPrivateDnsNamespace } from "@cdktf/provider-aws/lib/service-discovery-private-dns-namespace";
import type { Construct } from "constructs";
import { cloudMap } from "../../rules/cloud-map";
import { check, checkGiven } from "../framework/check";
import { Module } from "../framework/module";
import { checkNamespaceName } from "../framework/names";
import { argumentText } from "../framework/text";
import { checkVpcId } from "../network/network-ids";
import { checkZoneIsFree } from "./vpc-zones";

/** A Cloud Map DNS namespace that services can be registered in. */
export interface IDnsNamespace {
  /** For example `ns-1234567890abcdef`. */
  readonly namespaceId: string;
  /** For example `trading-platform.local`: what the names of its services end with. */
  readonly namespaceName: string;
  /** The VPC whose resolver answers for it; services in another one are warned about. @default - unknown */
  readonly vpcId?: string;
  /**
   * What `DiscoverInstances` calls the namespace, as `aws servicediscovery get-namespace` shows it: `HttpProperties`.
   * @default - `namespaceName`
   */
  readonly httpName?: string;
}

/** What is needed to use a namespace that exists already. */
export type DnsNamespaceAttributes = IDnsNamespace;

export interface DnsNamespaceProps {
  /**
   * What all names in it end with, in lower case. `.internal` is reserved for private use; `.local` works in a VPC and
   * is what the article uses, but machines with mDNS may not ask the VPC's resolver for it.
   */
  readonly namespaceName: string;
  /** The VPC whose resolver answers for the namespace. Both of its DNS attributes must be on. */
  readonly vpcId: string;
  /**
   * What the namespace is for, as the console shows it; 1024 characters at most.
   * @default - the namespace's name and what it is for
   */
  readonly description?: string;
}

/**
 * A private DNS namespace: the article's `core/dns_namespace`.
 * Synthesis is refused for a name that DNS does not allow and for an id that is no VPC's
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
 */
export class DnsNamespace extends Module implements IDnsNamespace {
  /** A namespace that exists already, by its id and name. */
  public static fromDnsNamespaceAttributes(attributes: DnsNamespaceAttributes): IDnsNamespace {
    return attributes;
  }

  public readonly namespaceId: string;
  public readonly namespaceName: string;
  public readonly vpcId: string;
  /** For Service Connect and for IAM policies. */
  public readonly namespaceArn: string;
  /** The Route 53 hosted zone that Cloud Map keeps for the namespace. Only Cloud Map can change its records. */
  public readonly hostedZoneId: string;

  public constructor(scope: Construct, id: string, props: DnsNamespaceProps) {
    super(scope, id);
    checkGiven(this, props, ["namespaceName", "vpcId"]);
    checkNamespaceName(this, "namespaceName", props.namespaceName);
    check(this, "description", props.description, (text) => text.length <= 1024, cloudMap.description);
    checkVpcId(this, "vpcId", props.vpcId);
    checkZoneIsFree(this, "namespaceName", props.namespaceName, props.vpcId);

    const namespace = new ServiceDiscoveryPrivateDnsNamespace(this, "namespace", {
      name: props.namespaceName,
      vpc: props.vpcId,
      description: argumentText(props.description) ?? `Names of the services in ${props.namespaceName}`,
    });
    this.namespaceId = namespace.id;
    this.namespaceName = props.namespaceName;
    this.vpcId = props.vpcId;
    this.namespaceArn = namespace.arn;
    this.hostedZoneId = namespace.hostedZone;
  }
}
