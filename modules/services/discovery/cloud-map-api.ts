import { Token } from "cdktf";
import { ApiServiceDiscovery, type ICloudMapNamespace } from "../../core/cloud-map/api-service-discovery";
import { pascalCase, snakeCase } from "../../core/framework/address";
import { checkGiven } from "../../core/framework/check";
import type { Statement } from "../../core/iam/policy";
import { warnUnless } from "../../core/framework/warnings";
import { DnsNamespace } from "../../core/cloud-map/dns-namespace";
import { cloudMap } from "../../rules/cloud-map";
import { endpointIn, registriesOf } from "./cloud-map-registration";
import { reachablePort, type DiscoverableService, type DiscoveryBinding, type IDiscovery } from "./discovery";

export interface CloudMapApiProps {
  /** An `HttpNamespace`, which needs no VPC and no hosted zone, or a `DnsNamespace`, which gets no record for it. */
  readonly namespace: ICloudMapNamespace;
  /** Name of the Cloud Map service. @default - the name of the ECS service */
  readonly name?: string;
}

/**
 * Found by asking Cloud Map itself (`DiscoverInstances`), not DNS: an answer names up to a hundred tasks instead of eight,
 * and no resolver keeps an old one.
 *
 * ```ts
 * const namespace = new HttpNamespace(this, "http_namespace", { namespaceName: "platform" });
 * const stock = new EcsService(this, "stock_service", { ..., discovery: new CloudMapApi({ namespace }) });
 * signal.connectTo(stock); // STOCK_SERVICE_URL=http://stock-service.platform:8080
 * ```
 *
 * Callers get a URL as ever. Its host is no name in DNS: it is `<service>.<namespace>`, the two names that
 * `DiscoverInstances` asks for, and the client puts one of the addresses that it gets (`AWS_INSTANCE_IPV4`) in
 * its place. In bridge mode the URL has no port: each instance of the answer has one (`AWS_INSTANCE_PORT`). `connectTo`
 * allows the caller's containers to ask for this service; they reach Cloud Map by HTTPS.
 * @see https://docs.aws.amazon.com/cloud-map/latest/api/API_DiscoverInstances.html
 */
export class CloudMapApi implements IDiscovery {
  public constructor(private readonly props: CloudMapApiProps) {}

  public bind(service: DiscoverableService): DiscoveryBinding {
    const { scope, network } = service;
    checkGiven(scope, this.props, ["namespace"], "discovery.");
    const port = reachablePort(service);
    const { namespace } = this.props;
    const name = this.props.name ?? service.serviceName;
    const { namespaceName, httpName = namespaceName } = namespace;
    const isUnique = namespace.httpName !== undefined || !isDnsNamespace(namespace);
    warnUnless(scope, "namespace", namespaceName, () => isUnique, cloudMap.httpName);
    const entry = new ApiServiceDiscovery(scope, "service_discovery", {
      namespace,
      serviceName: name,
      description: `Tasks of the ECS service ${service.serviceName}`,
    });
    return {
      endpoint: endpointIn(network, `${name}.${httpName}`, port),
      serviceRegistries: registriesOf(service, entry.registryArn, []),
      callerPermissions: [discoverInstances(name, httpName)],
      // Cloud Map gives a recreated entry the same id, so ECS would not see the change and never register again
      replaceTriggeredBy: [entry.replacementTrigger],
    };
  }
}

/** HTTP namespaces have an ARN; of imported ones only those that are for DNS have none. */
function isDnsNamespace(namespace: ICloudMapNamespace): boolean {
  return namespace instanceof DnsNamespace || namespace.namespaceArn === undefined;
}

/**
 * The action knows no resource, but what is asked for.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudmap.html
 */
function discoverInstances(serviceName: string, namespaceName: string): Statement {
  const names = [serviceName, namespaceName].filter((name) => !Token.isUnresolved(name));
  return {
    sid: `Discover${pascalCase(snakeCase(names.join("_")))}`,
    actions: ["servicediscovery:DiscoverInstances"],
    resources: ["*"],
    conditions: {
      StringEquals: {
        "servicediscovery:NamespaceName": namespaceName,
        "servicediscovery:ServiceName": serviceName,
      },
    },
  };
}
