import type { TerraformResource } from "cdktf";
import type { IConstruct } from "constructs";
import type { IPrivateZone } from "../../core/cloud-map/private-zone";
import { check, checkGiven, InvalidInputError } from "../../core/framework/check";
import { mayReferTo } from "../../core/framework/stack-order";
import { ListenerRule } from "../../core/load-balancing/listener-rule";
import type { ILoadBalancer } from "../../core/load-balancing/load-balancer";
import { TargetGroup, type TargetGroupHealthCheck } from "../../core/load-balancing/target-group";
import { areInDifferentVpcs } from "../../core/network/other-vpc";
import { loadBalancer as rules } from "../../rules/load-balancer";
import { httpEndpoint, type Endpoint } from "../calls/endpoint";
import { reachablePort, type DiscoverableService, type DiscoveryBinding, type IDiscovery } from "./discovery";

interface LoadBalancedOptions {
  /** The load balancer that callers connect to; many services can share it. */
  readonly loadBalancer: ILoadBalancer;
  /** Further hosts whose requests go to the service, at most four; `*` and `?` are wildcards. @default - none */
  readonly otherHosts?: readonly string[];
  /**
   * Which rule is asked first where several match, 1 to 50000, the lowest being the first.
   * @default - made of the host, so that it stays when other services come and go; rules with wildcards come last
   */
  readonly priority?: number;
  /** How the load balancer finds out whether a task works. @default - `GET /` every 15 seconds must give 200 */
  readonly healthCheck?: TargetGroupHealthCheck;
  /** Seconds in which requests may end when a task is stopped, 0 to 3600. @default 30 */
  readonly deregistrationDelay?: number;
}

interface HostGiven {
  /** The DNS name that callers use: `payments.internal.example`. Its record is kept elsewhere. */
  readonly host: string;
  readonly zone?: never;
  readonly name?: never;
}

interface HostInZone {
  /** The private zone that gets a record for the service. */
  readonly zone: IPrivateZone;
  /** What the service is called in the zone. @default - the name of the ECS service */
  readonly name?: string;
  readonly host?: never;
}

/** The service gets all requests that are for no other; callers use the load balancer's own DNS name. */
interface NoHost {
  readonly host?: never;
  readonly zone?: never;
  readonly name?: never;
}

export type LoadBalancedProps = LoadBalancedOptions & (HostGiven | HostInZone | NoHost);

/**
 * Reached through an Application Load Balancer, which sends requests for the service's host to its healthy tasks.
 *
 * ```ts
 * const internal = new LoadBalancer(this, "internal", { vpcId, subnets });
 * const zone = new PrivateZone(this, "zone", { zoneName: "internal.example", vpcId });
 * const payments = new EcsService(this, "payments", { ..., discovery: new LoadBalanced({ loadBalancer: internal, zone }) });
 * products.connectTo(payments); // http://payments.internal.example
 * ```
 *
 * The name of a load balancer that faces the internet has public addresses: a service that calls it goes out of the
 * VPC, so `connectTo` is of use there for HTTPS on port 443 only, which tasks may use anyway.
 * Synthesis is refused for hosts and health checks that Elastic Load Balancing would refuse
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html
 */
export class LoadBalanced implements IDiscovery {
  public constructor(private readonly props: LoadBalancedProps) {}

  public bind(service: DiscoverableService): DiscoveryBinding {
    const { scope, serviceName, containerName, network } = service;
    checkGiven<Pick<LoadBalancedProps, "loadBalancer">>(scope, this.props, ["loadBalancer"], "discovery.");
    const { loadBalancer, zone, healthCheck, deregistrationDelay } = this.props;
    mayReferTo(scope, "loadBalancer", loadBalancer);
    mayReferTo(scope, "zone", zone);
    const { listener, securityGroupId } = loadBalancer;
    const port = reachablePort(service);
    checkHost(scope, this.props);
    const isInVpc = (): boolean => !areInDifferentVpcs(scope, service.vpcId, loadBalancer);
    check(scope, "loadBalancer", loadBalancer.name, isInVpc, rules.otherVpc);
    const { targetGroupArn } = new TargetGroup(scope, "target_group", {
      vpcId: service.vpcId,
      purpose: serviceName,
      port,
      // a bridge task is reached at a port of its instance
      targetType: network.networkMode === "bridge" ? "instance" : "ip",
      healthCheck,
      deregistrationDelay,
    });
    const host = this.addRecord(service);
    const openings = network.openToLoadBalancer(loadBalancer.name, securityGroupId, port);
    return {
      endpoint: endpointOf(loadBalancer, host ?? loadBalancer.dnsName),
      // one way in for all services behind it: its rules are called after the load balancer, whichever is called first
      entrance: { securityGroupId, port: listener.port, name: loadBalancer.name },
      loadBalancers: [{ targetGroupArn, containerName, containerPort: port }],
      // ECS refuses a target group that is on no listener yet, and a task that cannot be checked is stopped again
      prerequisites: [this.addTo(scope, host, targetGroupArn), ...openings],
    };
  }

  /** The service's host, with a record where a zone is given. */
  private addRecord({ scope, serviceName }: DiscoverableService): string | undefined {
    const { zone, name, host, loadBalancer } = this.props;
    return zone === undefined ? host : zone.addAlias(scope, "record", name ?? serviceName, loadBalancer);
  }

  /** Puts the target group on the listener. */
  private addTo(
    scope: DiscoverableService["scope"],
    host: string | undefined,
    targetGroupArn: string,
  ): TerraformResource {
    const { loadBalancer, otherHosts = [], priority } = this.props;
    const { listener } = loadBalancer;
    if (host === undefined) return listener.forwardByDefault(scope, targetGroupArn);
    const hosts = [host, ...otherHosts];
    return new ListenerRule(scope, "listener_rule", { listener, hosts, targetGroupArn, priority }).resource;
  }
}

function endpointOf({ listener: { port, protocol } }: ILoadBalancer, host: string): Endpoint {
  if (protocol === "HTTP") return httpEndpoint(host, port);
  return { host, port, url: port === 443 ? `https://${host}` : `https://${host}:${port}` };
}

function checkHost(scope: IConstruct, props: LoadBalancedProps): void {
  const { priority, otherHosts = [], loadBalancer } = props;
  // callers that are not type-checked may give them all
  const { host, zone, name }: { host?: string; zone?: IPrivateZone; name?: string } = props;
  check(scope, "host / zone", host, () => zone === undefined && name === undefined, rules.hostOrZone);
  check(scope, "host", host, (given) => !/[*?]/.test(given), rules.hostWildcard);
  if (host !== undefined || zone !== undefined) return;
  const needsHost = name !== undefined || priority !== undefined || otherHosts.length > 0;
  if (!needsHost && loadBalancer.listener.protocol === "HTTP") return;
  throw new InvalidInputError(
    { scope, property: "host", value: undefined },
    {
      ...rules.hostNeeded,
      allowed: needsHost
        ? "a host or a zone, where there is a `name`, a `priority` or `otherHosts`: they are a rule's"
        : "a host or a zone behind a load balancer for HTTPS: no certificate is for the name that AWS gave it",
    },
  );
}
