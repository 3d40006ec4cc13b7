import type {
  EcsServiceServiceConnectConfiguration,
  EcsServiceServiceConnectConfigurationServiceTimeout,
} from "@cdktf/provider-aws/lib/ecs-service";
import { check, checkGiven } from "../../core/framework/check";
import { mayReferTo } from "../../core/framework/stack-order";
import { serviceConnect as rules } from "../../rules/service-connect";
import { httpEndpoint, tcpEndpoint } from "../calls/endpoint";
import { reachedPort, type PortMapping } from "../task/container";
import { unreachable, type DiscoverableService, type DiscoveryBinding, type IDiscovery } from "./discovery";
import {
  checkAlias,
  checkDiscoveryName,
  checkIngressPort,
  checkNamespaceArn,
  checkProtocol,
  checkTimeouts,
  checkTls,
} from "./service-connect-checks";
import { takeNames } from "./service-connect-names";
import type { ServiceConnectProps, ServiceConnectTimeouts } from "./service-connect-props";

/** The name of the port where the port mapping gives none. */
const PORT_NAME = "service-connect";

/**
 * Reached through proxies: ECS puts one into each task of the service and of its callers. The caller's proxy knows the
 * name, spreads requests over healthy tasks and repeats what fails. Callers become clients of the namespace by
 * `connectTo` alone. A proxy needs memory that the containers leave (64 MiB at least); AWS recommends 256 CPU units on
 * top.
 *
 * Tasks know the names that were there when they started. So `connectTo` deploys callers after the services that they
 * call. Of services that call each other in a circle one must come first, the callee of the first `connectTo`; it finds
 * those after it once it is deployed again: `aws ecs update-service --force-new-deployment`, once after the first apply.
 *
 * A service that has callers moves here from `CloudMapDns` in two steps, because callers that do not know the new name
 * yet still ask DNS for the same one: first with `dns`, then, when all callers are deployed, without.
 * Synthesis is refused for names, ports, timeouts and ARNs that ECS would refuse
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
 */
export class ServiceConnect implements IDiscovery {
  public readonly portMapping: Pick<PortMapping, "name" | "appProtocol">;

  public constructor(private readonly props: ServiceConnectProps) {
    const { appProtocol = "http" } = props;
    this.portMapping = { name: PORT_NAME, appProtocol: appProtocol === "tcp" ? undefined : appProtocol };
  }

  public bind(service: DiscoverableService): DiscoveryBinding {
    const { scope, serviceName, securityGroupId } = service;
    checkGiven(scope, this.props, ["namespace"], "discovery.");
    mayReferTo(scope, "namespace", this.props.namespace);
    const { namespace, ingressPortOverride, tls } = this.props;
    const { containerPort, name: portName = PORT_NAME, appProtocol } = reached(service);
    const protocol = appProtocol ?? "tcp";
    const discoveryName = this.props.discoveryName ?? `${serviceName}-sc`;
    const dnsName = this.props.clientAlias?.dnsName ?? `${serviceName}.${namespace.namespaceName}`;
    const port = this.props.clientAlias?.port ?? containerPort;

    checkNamespaceArn(scope, "namespace.namespaceArn", namespace.namespaceArn);
    checkProtocol(scope, this.props.appProtocol, protocol);
    checkDiscoveryName(scope, discoveryName);
    checkAlias(scope, dnsName, port);
    checkIngressPort(scope, ingressPortOverride, service.containers);
    checkTimeouts(scope, this.props.timeouts, protocol);
    checkTls(scope, tls);
    const { namespaceArn, namespaceId } = namespace;
    takeNames({ owner: scope, namespaceArn, namespaceId, discoveryName, dnsName, port });

    const serviceConnect: EcsServiceServiceConnectConfiguration = {
      enabled: true,
      namespace: namespaceArn,
      logConfiguration: service.taskDefinition.serviceConnectProxy.add(this.props.logs),
      service: [
        {
          portName,
          discoveryName,
          clientAlias: { dnsName, port },
          ingressPortOverride,
          timeout: this.props.timeouts && allTimeouts(this.props.timeouts, protocol),
          tls: tls && {
            issuerCertAuthority: { awsPcaAuthorityArn: tls.awsPcaAuthorityArn },
            kmsKey: tls.kmsKeyArn,
            roleArn: tls.roleArn,
          },
        },
      ],
    };
    return {
      ...this.dnsBinding(service),
      endpoint: protocol === "tcp" ? tcpEndpoint(dnsName, port) : httpEndpoint(dnsName, port),
      // proxies talk to proxies there; the port of the alias exists inside the caller's task only
      entrance: { securityGroupId, port: ingressPortOverride ?? containerPort },
      serviceConnect,
      serviceConnectNamespaceArn: namespaceArn,
      mustPrecedeCallers: true,
    };
  }

  private dnsBinding(service: DiscoverableService): DiscoveryBinding {
    const binding = this.props.dns?.bind(service) ?? {};
    const isEntry = binding.loadBalancers === undefined && binding.serviceConnect === undefined;
    check(service.scope, "dns", this.props.dns?.constructor.name, () => isEntry, rules.dnsEntry);
    return binding;
  }
}

/** The port mapping that callers reach. */
function reached({ scope, containers }: DiscoverableService): PortMapping {
  const mapping = reachedPort(containers);
  if (mapping !== undefined) return mapping;
  throw unreachable(scope, containers, rules.port);
}

/**
 * All that the protocol has: the provider sends 0, which is no limit, for one that is left out beside another.
 * With plain TCP it sends 0 for the requests all the same.
 */
function allTimeouts(
  { idleTimeoutSeconds, perRequestTimeoutSeconds }: ServiceConnectTimeouts,
  protocol: string,
): EcsServiceServiceConnectConfigurationServiceTimeout {
  if (protocol === "tcp") return { idleTimeoutSeconds: idleTimeoutSeconds ?? 3600 };
  return {
    idleTimeoutSeconds: idleTimeoutSeconds ?? 300,
    perRequestTimeoutSeconds: perRequestTimeoutSeconds ?? 15,
  };
}
