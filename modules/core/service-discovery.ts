import { ServiceDiscoveryService } from "@cdktf/provider-aws/lib/service-discovery-service";
import type { Construct, IConstruct } from "constructs";
import { addressOf } from "./address";
import { check, checkInteger, describe } from "./check";
import { checkDiscoveryName } from "./names";
import { Module } from "./module";
import type { OneOf } from "./one-of";
import type { IDnsNamespace } from "./dns-namespace";
import { identityOf } from "./resolved";

/** Records that ECS can register for a task. */
export type DnsRecordType = "A" | "AAAA" | "SRV";

/** MULTIVALUE answers with up to eight healthy tasks, WEIGHTED with one at random. */
export type RoutingPolicy = "MULTIVALUE" | "WEIGHTED";

/** The sets of records that ECS can keep up to date for awsvpc tasks, in the order they are written. */
const RECORD_SETS = ["A", "SRV", "A,SRV", "AAAA", "A,AAAA", "A,AAAA,SRV"];
const DNS_RECORDS = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html";

/** A Cloud Map service that an ECS service can register its tasks in. */
export interface IServiceDiscovery {
  /** ARN of the Cloud Map service, what `service_registries` wants. */
  readonly registryArn: string;
  /** The records it keeps; they decide which fields `service_registries` carries. */
  readonly recordTypes: readonly DnsRecordType[];
  /** `<service>.<namespace>`; without it nobody can `connectTo` the service that is registered here. */
  readonly fqdn?: string;
  /** The Terraform attribute that changes when the entry is recreated. @default - it is not Terraform's to recreate */
  readonly replacementTrigger?: string;
}

/** What is needed to register tasks in a Cloud Map service that exists already. */
export type ServiceDiscoveryAttributes = Omit<IServiceDiscovery, "replacementTrigger">;

interface ServiceDiscoveryOptions {
  /** First part of the DNS name, for example `stock-service`. Unique in the namespace, upper and lower case being one. */
  readonly serviceName: string;
  /** @default ["A", "SRV"] */
  readonly recordTypes?: readonly DnsRecordType[];
  /**
   * Seconds for which a resolver may keep an answer, 0 to 2147483647.
   * @default 60, as in the article; 10 notices a new or a lost task sooner
   */
  readonly ttl?: number;
  /** @default "MULTIVALUE" */
  readonly routingPolicy?: RoutingPolicy;
  /** @default - the name of the ECS service that is registered */
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
 * @throws InvalidInputError for a name, a TTL or a set of records that Cloud Map or ECS does not allow
 * @see https://docs.aws.amazon.com/cloud-map/latest/api/API_CreateService.html
 */
export class ServiceDiscovery extends Module implements IServiceDiscovery {
  /** A Cloud Map service that exists already. */
  public static fromServiceDiscoveryAttributes(attributes: ServiceDiscoveryAttributes): IServiceDiscovery {
    return attributes;
  }

  public readonly registryArn: string;
  public readonly recordTypes: readonly DnsRecordType[];
  public readonly serviceName: string;
  /** Undefined where the namespace is known by its id alone. */
  public readonly fqdn?: string;
  public readonly replacementTrigger: string;

  public constructor(scope: Construct, id: string, props: ServiceDiscoveryProps) {
    super(scope, id);
    this.recordTypes = props.recordTypes ?? ["A", "SRV"];
    const ttl = props.ttl ?? 60;
    checkDiscoveryName(this, "serviceName", props.serviceName);
    checkRecordTypes(this, this.recordTypes);
    checkInteger(
      this,
      "ttl",
      ttl,
      { min: 0, max: 2147483647 },
      { mend: "give seconds, for example 60 or 10" },
    );

    const namespaceId = props.namespace === undefined ? props.namespaceId : props.namespace.namespaceId;
    const service = new ServiceDiscoveryService(this, "service", {
      name: props.serviceName,
      description: props.description ?? `Tasks of the ECS service ${props.serviceName}`,
      dnsConfig: {
        namespaceId,
        dnsRecords: this.recordTypes.map((type) => ({ type, ttl })),
        routingPolicy: props.routingPolicy ?? "MULTIVALUE",
      },
      // exactly 1: an absent block lets ECS loop, an empty one or another number is replaced on every plan
      healthCheckCustomConfig: { failureThreshold: 1 },
      // the instances in it are ECS's tasks, which leave by themselves; without this they would block a destroy
      forceDestroy: true,
    });
    this.serviceName = props.serviceName;
    this.registryArn = service.arn;
    this.fqdn = props.namespace && `${props.serviceName}.${props.namespace.namespaceName}`;
    this.replacementTrigger = `${addressOf(service)}.id`;
    checkNameIsFree(this, identitiesOf(this, namespaceId, props.namespace));
  }
}

function checkRecordTypes(scope: IConstruct, recordTypes: readonly DnsRecordType[]): void {
  check(scope, "recordTypes", recordTypes, (types) => RECORD_SETS.includes([...types].sort().join(",")), {
    allowed: RECORD_SETS.map((set) => `[${set}]`).join(" "),
    mend: 'give ["A", "SRV"], or ["A"] where the port is agreed upon',
    source: DNS_RECORDS,
  });
}

/** Per app: namespace -> name in lower case -> its owner. */
const namesByApp = new WeakMap<IConstruct, Map<unknown, Map<string, ServiceDiscovery>>>();

/** Reports, when the app is synthesized, a second entry of one name: Cloud Map refuses it in the middle of an apply. */
function checkNameIsFree(entry: ServiceDiscovery, namespaces: readonly unknown[]): void {
  const name = entry.serviceName.toLowerCase();
  const byNamespace = valueOf(
    namesByApp,
    entry.node.root,
    () => new Map<unknown, Map<string, ServiceDiscovery>>(),
  );
  for (const namespace of namespaces) {
    const names = valueOf(byNamespace, namespace, () => new Map<string, ServiceDiscovery>());
    const owner = valueOf(names, name, () => entry);
    if (owner === entry) continue;
    const message = describe(
      { scope: entry, property: "serviceName", value: entry.serviceName },
      {
        allowed: `a name that no other service of the namespace has; ${owner.node.path} has this one`,
        mend: "give one of the two another name, or register it in another namespace",
        source: "https://docs.aws.amazon.com/cloud-map/latest/api/API_CreateService.html",
      },
    );
    entry.node.addValidation({ validate: () => [message] });
    return;
  }
}

/** A namespace by all that it can be recognised by: an id that only Terraform knows means another in another stack. */
function identitiesOf(scope: Construct, namespaceId: string, namespace?: IDnsNamespace): unknown[] {
  const id = identityOf(scope, namespaceId);
  return namespace === undefined ? [id] : [namespace, id];
}

function valueOf<K, V>(
  map: { get(key: K): V | undefined; set(key: K, value: V): unknown },
  key: K,
  make: () => V,
): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
