import { ServiceDiscoveryService } from "@cdktf/provider-aws/lib/service-discovery-service";
import type { Construct } from "constructs";
import { cloudMap } from "../../rules/cloud-map";
import { general } from "../../rules/general";
import { addressOf } from "../framework/address";
import { check, checkGiven, InvalidInputError, refuse } from "../framework/check";
import { claim } from "../framework/claims";
import { Module } from "../framework/module";
import { checkDiscoveryName } from "../framework/names";
import type { OneOf } from "../framework/one-of";
import { identityOf } from "../framework/resolved";
import { mayReferTo } from "../framework/stack-order";
import { argumentText } from "../framework/text";
import { warnUnless } from "../framework/warnings";
import type { IDnsNamespace } from "./dns-namespace";
import { HttpNamespace } from "./http-namespace";

/** Records that ECS can register for a task. */
export type DnsRecordType = "A" | "AAAA" | "SRV";

/** MULTIVALUE answers with up to eight healthy tasks, WEIGHTED with one at random. */
export type RoutingPolicy = "MULTIVALUE" | "WEIGHTED";

/** The sets of records that ECS can keep up to date for awsvpc tasks, in the order they are written. */
const RECORD_SETS = ["A", "SRV", "A,SRV", "AAAA", "A,AAAA", "A,AAAA,SRV"];

/** A name that clients ask for as RFC 2782 has it. */
const SRV_NAME = /^_[^.]+\._(tcp|udp)$/;

const POLICIES: readonly RoutingPolicy[] = ["MULTIVALUE", "WEIGHTED"];

/** A Cloud Map service that an ECS service can register its tasks in. */
export interface IServiceDiscovery {
  /** ARN of the Cloud Map service, what `service_registries` wants. */
  readonly registryArn: string;
  /** The records it keeps; they decide which fields `service_registries` carries. */
  readonly recordTypes: readonly DnsRecordType[];
  /** MULTIVALUE is warned about where more tasks may run than it answers with. @default - it is not known here */
  readonly routingPolicy?: RoutingPolicy;
  /** `<service>.<namespace>`; without it nobody can `connectTo` the service that is registered here. */
  readonly fqdn?: string;
  /** The namespace that it is in; its VPC is compared with that of the tasks. @default - unknown */
  readonly namespace?: IDnsNamespace;
  /** The Terraform attribute that changes when the entry is recreated. @default - it is not Terraform's to recreate */
  readonly replacementTrigger?: string;
}

/** What is needed to register tasks in a Cloud Map service that exists already. */
export type ServiceDiscoveryAttributes = Omit<IServiceDiscovery, "replacementTrigger">;

interface ServiceDiscoveryOptions {
  /** First part of the DNS name, for example `stock-service`. Unique in the namespace, upper and lower case being one. */
  readonly serviceName: string;
  /**
   * What is registered for each task: its address (A, AAAA), its address and port (SRV), or both.
   * @default ["A", "SRV"]
   */
  readonly recordTypes?: readonly DnsRecordType[];
  /**
   * Seconds for which a resolver may keep an answer, 0 to 2147483647.
   * @default 60, as in the article; 10 notices a new or a lost task sooner
   */
  readonly ttl?: number;
  /**
   * `MULTIVALUE` answers with up to eight healthy tasks, `WEIGHTED` with one. Cannot be changed later.
   * @default "MULTIVALUE"
   */
  readonly routingPolicy?: RoutingPolicy;
  /**
   * What the entry is for, as the console shows it; 1024 characters at most.
   * @default - the name of the ECS service that is registered
   */
  readonly description?: string;
}

export type ServiceDiscoveryProps = ServiceDiscoveryOptions &
  OneOf<
    {
      /** The namespace, by its id alone. */
      readonly namespaceId: string;
    },
    {
      /** The namespace, made in this app or imported; its name makes the `fqdn` known. */
      readonly namespace: IDnsNamespace;
    }
  >;

/**
 * An entry in Cloud Map that ECS keeps up to date with the running tasks: the article's `core/service_discovery`.
 * Synthesis is refused for a name, a TTL or a set of records that Cloud Map or ECS does not allow
 * @see https://docs.aws.amazon.com/cloud-map/latest/api/API_CreateService.html
 */
export class ServiceDiscovery extends Module implements IServiceDiscovery {
  /** A Cloud Map service that exists already. */
  public static fromServiceDiscoveryAttributes(attributes: ServiceDiscoveryAttributes): IServiceDiscovery {
    return attributes;
  }

  public readonly registryArn: string;
  public readonly recordTypes: readonly DnsRecordType[];
  public readonly routingPolicy: RoutingPolicy;
  /** First part of the DNS name. */
  public readonly serviceName: string;
  /** Undefined where the namespace is known by its id alone. */
  public readonly fqdn?: string;
  public readonly namespace?: IDnsNamespace;
  public readonly replacementTrigger: string;

  public constructor(scope: Construct, id: string, props: ServiceDiscoveryProps) {
    super(scope, id);
    checkGiven(this, props, ["serviceName"]);
    this.recordTypes = props.recordTypes ?? ["A", "SRV"];
    this.routingPolicy = props.routingPolicy ?? "MULTIVALUE";
    const ttl = props.ttl ?? 60;
    checkDiscoveryName(this, "serviceName", props.serviceName);
    check(
      this,
      "recordTypes",
      this.recordTypes,
      (types) => RECORD_SETS.includes([...types].sort().join(",")),
      cloudMap.recordTypes,
    );
    check(
      this,
      "ttl",
      ttl,
      (seconds) => Number.isInteger(seconds) && seconds >= 0 && seconds <= 2147483647,
      cloudMap.ttl,
    );
    const isForSrv = (types: typeof this.recordTypes): boolean =>
      !SRV_NAME.test(props.serviceName) || types.every((type) => type === "SRV");
    warnUnless(this, "recordTypes", this.recordTypes, isForSrv, cloudMap.srvName);
    warnUnless(this, "ttl", ttl, (seconds) => seconds >= 1 && seconds <= 60, cloudMap.ttlUnwise);
    check(
      this,
      "routingPolicy",
      this.routingPolicy,
      (policy) => POLICIES.includes(policy),
      cloudMap.routingPolicy,
    );
    check(this, "description", props.description, (text) => text.length <= 1024, cloudMap.description);

    const either: { readonly namespace?: unknown; readonly namespaceId?: unknown } = props;
    if ((either.namespace ?? either.namespaceId) === undefined) {
      const mend = "give the `namespace`, or its id as `namespaceId`";
      throw new InvalidInputError(
        { scope: this, property: "namespace", value: undefined },
        { ...general.given, mend },
      );
    }
    mayReferTo(this, "namespace", props.namespace);
    if (props.namespace instanceof HttpNamespace) {
      refuse({ scope: this, property: "namespace", value: props.namespace.namespaceName }, cloudMap.httpDns);
    }
    const namespaceId = props.namespace === undefined ? props.namespaceId : props.namespace.namespaceId;
    const service = new ServiceDiscoveryService(this, "service", {
      name: props.serviceName,
      description: argumentText(props.description) ?? `Tasks of the ECS service ${props.serviceName}`,
      dnsConfig: {
        namespaceId,
        dnsRecords: this.recordTypes.map((type) => ({ type, ttl })),
        routingPolicy: this.routingPolicy,
      },
      // exactly 1: an absent block lets ECS loop, an empty one or another number is replaced on every plan
      healthCheckCustomConfig: { failureThreshold: 1 },
      // the instances in it are ECS's tasks, which leave by themselves; without this they would block a destroy
      forceDestroy: true,
    });
    this.serviceName = props.serviceName;
    this.registryArn = service.arn;
    this.namespace = props.namespace;
    this.fqdn = props.namespace && `${props.serviceName}.${props.namespace.namespaceName}`;
    this.replacementTrigger = `${addressOf(service)}.id`;
    checkNameIsFree(this, props.serviceName, namespaceId, props.namespace);
  }
}

/** Refuses a second entry of one name, which Cloud Map does in the middle of an apply only. */
export function checkNameIsFree(
  entry: Construct,
  serviceName: string,
  namespaceId: string,
  namespace?: object,
): void {
  // an id that only Terraform knows means another namespace in another stack; the construct is the same everywhere
  const spaces = [
    `namespace ${identityOf(entry, namespaceId)}`,
    ...(namespace === undefined ? [] : [namespace]),
  ];
  const other = claim(entry, spaces, serviceName.toLowerCase());
  if (other === undefined) return;
  refuse(
    { scope: entry, property: "serviceName", value: serviceName },
    {
      ...cloudMap.serviceNameTaken,
      allowed: `${cloudMap.serviceNameTaken.allowed}; ${other.node.path} has this one`,
    },
  );
}
