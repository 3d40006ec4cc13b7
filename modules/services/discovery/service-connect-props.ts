import type { IHttpNamespace } from "../../core/cloud-map/http-namespace";
import type { LogDestination } from "../task/task-definition-props";
import type { IDiscovery } from "./discovery";

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
