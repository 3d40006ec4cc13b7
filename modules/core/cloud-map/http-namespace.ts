import { ServiceDiscoveryHttpNamespace } from "@cdktf/provider-aws/lib/service-discovery-http-namespace";
import type { Construct } from "constructs";
import { cloudMap } from "../../rules/cloud-map";
import { check, checkGiven } from "../framework/check";
import { claimInStack } from "../framework/claims";
import { Module } from "../framework/module";
import { argumentText } from "../framework/text";

/** A Cloud Map namespace whose names are found by API calls, not by DNS: what Service Connect needs. */
export interface IHttpNamespace {
  /** For example `ns-1234567890abcdef`. */
  readonly namespaceId: string;
  /** For example `trading-platform`. */
  readonly namespaceName: string;
  /** `arn:aws:servicediscovery:<region>:<account>:namespace/<id>`. */
  readonly namespaceArn: string;
}

/** What is needed to use a namespace that exists already, of any type. */
export type HttpNamespaceAttributes = IHttpNamespace;

export interface HttpNamespaceProps {
  /**
   * Letters, digits, dots, hyphens and underscores, 1024 at most; unique in its account and region. In lower case it can
   * stand behind the names of services: `stock-service.trading-platform`.
   */
  readonly namespaceName: string;
  /**
   * What the namespace is for, as the console shows it; 1024 characters at most.
   * @default - the namespace's name and what it is for
   */
  readonly description?: string;
}

const NAME = /^(?!arn:)[A-Za-z0-9._-]{1,1024}$/;

/**
 * A namespace for Service Connect and for services that are found by `DiscoverInstances`. It has no hosted zone and no
 * VPC; for names that DNS knows too take a `DnsNamespace`, which both can use as well.
 *
 * Cloud Map deletes a namespace when nothing is left in it. What ECS has put in for Service Connect goes a while after
 * the ECS services: where a destroy ends with `ResourceInUse`, run it again after a minute.
 * Synthesis is refused for a name that Cloud Map or the provider does not allow
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts.html
 */
export class HttpNamespace extends Module implements IHttpNamespace {
  /** A namespace that exists already. */
  public static fromHttpNamespaceAttributes(attributes: HttpNamespaceAttributes): IHttpNamespace {
    return attributes;
  }

  public readonly namespaceId: string;
  public readonly namespaceName: string;
  public readonly namespaceArn: string;

  public constructor(scope: Construct, id: string, props: HttpNamespaceProps) {
    super(scope, id);
    checkGiven(this, props, ["namespaceName"]);
    const { namespaceName, description } = props;
    check(this, "namespaceName", namespaceName, (name) => NAME.test(name), cloudMap.httpNamespaceName);
    check(this, "description", description, (text) => text.length <= 1024, cloudMap.description);
    claimInStack(this, "namespaceName", "http namespace", namespaceName, cloudMap.httpNamespaceTaken);
    const namespace = new ServiceDiscoveryHttpNamespace(this, "namespace", {
      name: namespaceName,
      description: argumentText(description) ?? `Service Connect endpoints of ${namespaceName}`,
    });
    this.namespaceId = namespace.id;
    this.namespaceName = namespaceName;
    this.namespaceArn = namespace.arn;
  }
}
