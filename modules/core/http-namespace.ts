import { ServiceDiscoveryHttpNamespace } from "@cdktf/provider-aws/lib/service-discovery-http-namespace";
import { TerraformStack, Token } from "cdktf";
import type { Construct } from "constructs";
import { check, describe } from "./check";
import { Module } from "./module";

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
  /** @default - the namespace's name and what it is for */
  readonly description?: string;
}

const CREATE = "https://docs.aws.amazon.com/cloud-map/latest/api/API_CreateHttpNamespace.html";

/**
 * A namespace for Service Connect alone. It has no hosted zone and no VPC; for names that DNS knows too take a
 * `DnsNamespace`, which Service Connect can use as well.
 *
 * Cloud Map deletes a namespace when nothing is left in it. What ECS has put in for Service Connect goes a while after
 * the ECS services: where a destroy ends with `ResourceInUse`, run it again after a minute.
 * @throws InvalidInputError for a name that Cloud Map or the provider does not allow
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
    check(
      this,
      "namespaceName",
      props.namespaceName,
      (name) => /^(?!arn:)[A-Za-z0-9._-]{1,1024}$/.test(name),
      {
        allowed: "1 to 1024 letters, digits, dots, hyphens and underscores",
        mend: 'choose a name such as "trading-platform"',
        source: CREATE,
      },
    );
    const namespace = new ServiceDiscoveryHttpNamespace(this, "namespace", {
      name: props.namespaceName,
      description: props.description ?? `Service Connect endpoints of ${props.namespaceName}`,
    });
    this.namespaceId = namespace.id;
    this.namespaceName = props.namespaceName;
    this.namespaceArn = namespace.arn;
    this.node.addValidation({ validate: () => this.doubledName() });
  }

  /** Cloud Map would refuse the second one of a name in the middle of an apply; another stack may be another account. */
  private doubledName(): string[] {
    const first = TerraformStack.of(this)
      .node.findAll()
      .find((other) => other instanceof HttpNamespace && other.namespaceName === this.namespaceName);
    if (first === undefined || first === this || Token.isUnresolved(this.namespaceName)) return [];
    const message = describe(
      { scope: this, property: "namespaceName", value: this.namespaceName },
      {
        allowed: `a name that no other HTTP namespace of the stack has; ${first.node.path} has this one`,
        mend: "give one of the two another name, or use one namespace for both",
        source: CREATE,
      },
    );
    return [message];
  }
}
