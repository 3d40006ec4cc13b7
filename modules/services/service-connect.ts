import type {
  EcsServiceServiceConnectConfiguration,
  EcsServiceServiceConnectConfigurationServiceTimeout,
} from "@cdktf/provider-aws/lib/ecs-service";
import { check, InvalidInputError } from "../core/check";
import { serviceConnect as rules } from "../rules/service-connect";
import type { IHttpNamespace } from "../core/http-namespace";
import { reachedPort, type PortMapping } from "./container";
import type { DiscoverableService, DiscoveryBinding, IDiscovery } from "./discovery";
import { httpEndpoint, tcpEndpoint } from "./endpoint";
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
import type { LogDestination } from "./task-definition";

/** A namespace that Service Connect can use, of any type: an `HttpNamespace`, a `DnsNamespace` or an imported one. */
export type ServiceConnectNamespace = Pick<IHttpNamespace, "namespaceArn" | "namespaceName"> &
  Partial<Pick<IHttpNamespace, "namespaceId">>;

/** What callers have in their URLs. */
export interface ServiceConnectClientAlias {
  /**
   * A DNS name in lower case, 127 characters at most. With its port unique in the namespace.
   * @default - `<service>.<namespace>`, the name that the service has with `CloudMapDns` too
   */
  readonly dnsName?: string;
  /** The port in the URL of callers. @default - the container port */
  readonly port?: number;
}

/** How long the proxies wait. Where idle connections are closed sooner than a request may last, the request ends too. */
export interface ServiceConnectTimeouts {
  /** Seconds after which an idle connection is closed; 0 for never. @default - 300, with plain TCP 3600: ECS's own */
  readonly idleTimeoutSeconds?: number;
  /** Seconds that a request may take, 0 for any time; not with plain TCP. @default - 15, the proxy's own */
  readonly perRequestTimeoutSeconds?: number;
}

/** Encryption between the proxies, with certificates that ECS issues and renews. */
export interface ServiceConnectTls {
  /** ARN of the private certificate authority that signs them. */
  readonly awsPcaAuthorityArn: string;
  /** ARN of the KMS key for their private keys. @default - AWS's own */
  readonly kmsKeyArn?: string;
  /**
   * ARN of the role with which ECS issues them. It trusts `ecs.amazonaws.com` and has the policy
   * `service-role/AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity`.
   */
  readonly roleArn: string;
}

export interface ServiceConnectProps {
  /** The one namespace of the service and of all that it calls by Service Connect; in the service's region. */
  readonly namespace: ServiceConnectNamespace;
  /**
   * Name of the Cloud Map service that ECS makes: a to z, digits, - and _, 64 at most. Callers do not see it, but all
   * Cloud Map services of the namespace share its name space.
   * @default - `<service>-sc`: `<service>` alone is the name of an entry for DNS, which may be there already, stand
   * beside it or go away only after it
   */
  readonly discoveryName?: string;
  /** What callers call the service. @default - `<service>.<namespace>` on the container port */
  readonly clientAlias?: ServiceConnectClientAlias;
  /**
   * What the proxies take the traffic for; with "tcp" the callers' URL begins with `tcp://`. ECS cannot change it in a
   * service that is there: replace the service (`terraform apply -replace=<its address>`).
   * @default - what the port mapping says, otherwise "http"
   */
  readonly appProtocol?: "http" | "http2" | "grpc" | "tcp";
  /** How long the proxies wait. @default - ECS's own */
  readonly timeouts?: ServiceConnectTimeouts;
  /** Callers still say `http://`: the proxies encrypt. @default - no encryption between the proxies */
  readonly tls?: ServiceConnectTls;
  /**
   * The port that the proxy listens on, 1025 to 65535. What comes to the container port then goes past the proxy;
   * `connectTo` opens this one.
   * @default - the container port, which the proxy takes over
   */
  readonly ingressPortOverride?: number;
  /** Where the proxy logs to. @default - streams of its own in the service's log group */
  readonly logs?: LogDestination;
  /**
   * An entry for DNS beside it, for those who are in no Service Connect namespace: Lambda functions, instances, and
   * callers that were there before. They meet the proxy too, which with `tls` speaks nothing else.
   *
   * ```ts
   * new ServiceConnect({ namespace, dns: new CloudMapDns({ namespace }) });
   * ```
   * @default - the tasks are in no DNS
   */
  readonly dns?: IDiscovery;
}

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
  throw new InvalidInputError({ scope, property: "containers.portMappings", value: undefined }, rules.port);
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
