import type { IDnsNamespace } from "../core/dns-namespace";
import type { OneOf } from "../core/one-of";
import {
  ServiceDiscovery,
  type DnsRecordType,
  type IServiceDiscovery,
  type RoutingPolicy,
} from "../core/service-discovery";
import type { DiscoverableService, DiscoveryBinding, IDiscovery } from "./discovery";
import { httpEndpoint } from "./endpoint";
import { missingPort } from "./missing-port";

const SERVICE_DISCOVERY =
  "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html";

interface CloudMapDnsOptions {
  /** First part of the DNS name. @default - the name of the ECS service */
  readonly name?: string;
  /** With SRV alone, callers need a client that asks for SRV records: the name has no address. @default ["A", "SRV"] */
  readonly recordTypes?: readonly DnsRecordType[];
  /** Seconds for which a resolver may keep an answer. @default 60 */
  readonly ttl?: number;
  /** @default "MULTIVALUE" */
  readonly routingPolicy?: RoutingPolicy;
}

export type CloudMapDnsProps = CloudMapDnsOptions &
  OneOf<
    {
      /** The namespace, by its id alone; then the DNS name is not known here and `connectTo` cannot be used. */
      readonly namespaceId: string;
    },
    { readonly namespace: IDnsNamespace }
  >;

/**
 * Reached by a DNS name that Cloud Map keeps up to date: the caller gets the addresses of the tasks and connects to
 * one of them.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
 */
export class CloudMapDns implements IDiscovery {
  /** Registers the tasks in an entry that is there already, made in this app or imported. */
  public static registeredIn(entry: IServiceDiscovery): IDiscovery {
    return { bind: (service) => register(service, entry) };
  }

  public constructor(private readonly props: CloudMapDnsProps) {}

  public bind(service: DiscoverableService): DiscoveryBinding {
    const { name, ...options } = this.props;
    const entry = new ServiceDiscovery(service.scope, "service_discovery", {
      ...options,
      serviceName: name ?? service.serviceName,
      description: `Tasks of the ECS service ${service.serviceName}`,
    });
    return register(service, entry);
  }
}

function register({ scope, port }: DiscoverableService, entry: IServiceDiscovery): DiscoveryBinding {
  if (port === undefined) {
    throw missingPort(scope, "that others find by DNS", SERVICE_DISCOVERY);
  }
  return {
    endpoint: entry.fqdn === undefined ? undefined : httpEndpoint(entry.fqdn, port),
    serviceRegistries: {
      registryArn: entry.registryArn,
      // ECS refuses a port where no SRV record needs one, and wants one where it does
      port: entry.recordTypes.includes("SRV") ? port : undefined,
    },
    // Cloud Map gives a recreated entry the same id, so ECS would not see the change and never register again
    replaceTriggeredBy: entry.replacementTrigger === undefined ? undefined : [entry.replacementTrigger],
  };
}
