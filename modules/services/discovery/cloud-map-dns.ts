import type { IDnsNamespace } from "../../core/cloud-map/dns-namespace";
import {
  ServiceDiscovery,
  type DnsRecordType,
  type IServiceDiscovery,
  type RoutingPolicy,
} from "../../core/cloud-map/service-discovery";
import { check } from "../../core/framework/check";
import type { OneOf } from "../../core/framework/one-of";
import { warnUnless } from "../../core/framework/warnings";
import { areInDifferentVpcs } from "../../core/network/other-vpc";
import { cloudMap } from "../../rules/cloud-map";
import { ec2 } from "../../rules/ec2";
import { endpointIn, registriesOf } from "./cloud-map-registration";
import { reachablePort, type DiscoverableService, type DiscoveryBinding, type IDiscovery } from "./discovery";

/** ARN of a Cloud Map service, which that of a namespace is not. */
const REGISTRY_ARN = /^arn:aws[a-z-]*:servicediscovery:[a-z0-9-]+:\d{12}:service\/srv-[a-z0-9]+$/;
/** MULTIVALUE answers with that many addresses. */
const MOST_ANSWERS = 8;

interface CloudMapDnsOptions {
  /** First part of the DNS name. @default - the name of the ECS service */
  readonly name?: string;
  /**
   * With SRV alone, callers need a client that asks for SRV records: the name has no address.
   * @default ["A", "SRV"], in bridge mode ["SRV"]: there the record tells which port of the instance leads to the task
   */
  readonly recordTypes?: readonly DnsRecordType[];
  /** Seconds for which a resolver may keep an answer. @default 60 */
  readonly ttl?: number;
  /**
   * `MULTIVALUE` answers with up to eight healthy tasks, `WEIGHTED` with one. Cannot be changed later.
   * @default "MULTIVALUE"
   */
  readonly routingPolicy?: RoutingPolicy;
}

export type CloudMapDnsProps = CloudMapDnsOptions &
  OneOf<
    {
      /** The namespace, by its id alone; then the DNS name is not known here and `connectTo` cannot be used. */
      readonly namespaceId: string;
    },
    {
      /** The namespace that the service is found in. */
      readonly namespace: IDnsNamespace;
    }
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
    const isBridge = service.network.networkMode === "bridge";
    const entry = new ServiceDiscovery(service.scope, "service_discovery", {
      ...options,
      recordTypes: options.recordTypes ?? (isBridge ? ["SRV"] : undefined),
      serviceName: name ?? service.serviceName,
      description: `Tasks of the ECS service ${service.serviceName}`,
    });
    return register(service, entry);
  }
}

function register(service: DiscoverableService, entry: IServiceDiscovery): DiscoveryBinding {
  const { scope, network, mostTasks } = service;
  const { recordTypes, registryArn, routingPolicy } = entry;
  const port = reachablePort(service);
  const isFitting = (types: typeof recordTypes): boolean =>
    network.networkMode === "awsvpc" || types.every((type) => type === "SRV");
  check(scope, "recordTypes", recordTypes, isFitting, ec2.bridgeRecords);
  check(scope, "registryArn", registryArn, (arn) => REGISTRY_ARN.test(arn), cloudMap.registryArn);
  const { namespace } = entry;
  const isInVpc = (): boolean => !areInDifferentVpcs(scope, network.vpcId, namespace);
  warnUnless(scope, "namespace", namespace?.namespaceName, isInVpc, cloudMap.otherVpc);
  const areAllAnswered = (tasks: number): boolean => routingPolicy !== "MULTIVALUE" || tasks <= MOST_ANSWERS;
  warnUnless(scope, "tasks behind one name", mostTasks, areAllAnswered, cloudMap.eightAnswers);
  return {
    endpoint: entry.fqdn === undefined ? undefined : endpointIn(network, entry.fqdn, port),
    serviceRegistries: registriesOf(service, registryArn, recordTypes),
    // Cloud Map gives a recreated entry the same id, so ECS would not see the change and never register again
    replaceTriggeredBy: entry.replacementTrigger === undefined ? undefined : [entry.replacementTrigger],
  };
}
