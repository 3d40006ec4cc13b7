import { Lb } from "@cdktf/provider-aws/lib/lb";
import type { LbListenerDefaultAction } from "@cdktf/provider-aws/lib/lb-listener";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Token } from "cdktf";
import type { Construct } from "constructs";
import { loadBalancer as rules } from "../../rules/load-balancer";
import type { AliasTarget } from "../cloud-map/private-zone";
import { check, checkGiven, checkInteger } from "../framework/check";
import { Module } from "../framework/module";
import { checkEcsName } from "../framework/names";
import { checkSecurityGroupId, checkSubnets, checkVpcId } from "../network/network-ids";
import { SecurityGroup } from "../network/security-group";
import { Listener, type IListener, type ListenerAttributes } from "./listener";
import { hashedName } from "./load-balancer-names";
import { TargetGroup } from "./target-group";

const DEFAULT_NAME = "load-balancer";

/** Reached from inside the VPC, or from the internet. */
export type LoadBalancerScheme = "internal" | "internet-facing";

/** A load balancer that services can be put behind. */
export interface ILoadBalancer extends AliasTarget {
  /** What rules that lead to it are called after, for example `internal`. */
  readonly name: string;
  /** The group that must let callers in, and that the services must let in. */
  readonly securityGroupId: string;
  /** The port that callers use. */
  readonly listener: IListener;
  /** Services of another VPC are refused. @default - unknown */
  readonly vpcId?: string;
}

/** What is needed to put services behind a load balancer that exists already. */
export interface LoadBalancerAttributes {
  /** What rules that lead to it are called after. @default "load-balancer" */
  readonly name?: string;
  /** For example `internal-platform-1234567890.eu-central-1.elb.amazonaws.com`. */
  readonly dnsName: string;
  /** The zone of that name, Terraform's `zone_id`; every region has one of its own. */
  readonly hostedZoneId: string;
  /** The group that must let callers in. */
  readonly securityGroupId: string;
  /** The listener that rules are put on. */
  readonly listener: ListenerAttributes;
  /** Services of another VPC are refused. @default - unknown */
  readonly vpcId?: string;
}

export interface LoadBalancerProps {
  /** Whether it has addresses of the VPC alone, or public ones. @default "internal" */
  readonly scheme?: LoadBalancerScheme;
  /** The VPC of the subnets. */
  readonly vpcId: string;
  /**
   * At least two in different zones, one per zone; public ones where it faces the internet. May be a list that only
   * Terraform knows.
   */
  readonly subnets: readonly string[];
  /** The port that callers use. @default - 80, with a certificate 443 */
  readonly port?: number;
  /**
   * ARN of a certificate, in ACM or IAM: callers then use HTTPS, and one that faces the internet sends those that come
   * by HTTP on port 80 over to HTTPS.
   * @default - callers use HTTP
   */
  readonly certificateArn?: string;
  /** Versions and ciphers of TLS, with a certificate. @default "ELBSecurityPolicy-TLS13-1-2-2021-06" */
  readonly sslPolicy?: string;
  /**
   * What a request for an unknown host gets: an answer of the load balancer's own, 404, or what a target group without
   * targets gives, 503. Where it is said, no service without a host can be put behind the load balancer.
   * @default "fixed-response"
   */
  readonly defaultAction?: "fixed-response" | "empty-target-group";
  /** Seconds after which a connection without traffic is closed, 1 to 4000. @default 60 */
  readonly idleTimeout?: number;
  /** Keeps everybody from deleting it, `terraform destroy` too. @default false */
  readonly enableDeletionProtection?: boolean;
}

const SCHEMES: readonly LoadBalancerScheme[] = ["internal", "internet-facing"];
const ANYWHERE = "0.0.0.0/0";

/**
 * An Application Load Balancer with a security group of its own and a listener. Many services can share it, each with
 * a host of its own: see `LoadBalanced`. An internal one lets nobody in but the services that call one behind it.
 * Synthesis is refused for what Elastic Load Balancing would refuse
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
 */
export class LoadBalancer extends Module implements ILoadBalancer {
  /** A load balancer that exists already. */
  public static fromLoadBalancerAttributes(
    scope: Construct,
    attributes: LoadBalancerAttributes,
  ): ILoadBalancer {
    checkSecurityGroupId(scope, "securityGroupId", attributes.securityGroupId);
    checkVpcId(scope, "vpcId", attributes.vpcId);
    checkEcsName(scope, "name", attributes.name ?? DEFAULT_NAME);
    return {
      ...attributes,
      name: attributes.name ?? DEFAULT_NAME,
      listener: Listener.fromListenerAttributes(scope, attributes.listener),
    };
  }

  public readonly name: string;
  /** ARN of the load balancer. */
  public readonly loadBalancerArn: string;
  /** The name that AWS gave it. */
  public readonly dnsName: string;
  /** The hosted zone that AWS keeps that name in, Terraform's `zone_id`. */
  public readonly hostedZoneId: string;
  /** Its own group: lets in what calls a service behind it, and the internet where it faces that. */
  public readonly securityGroupId: string;
  public readonly listener: IListener;
  public readonly vpcId: string;

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: LoadBalancerProps,
  ) {
    super(scope, id);
    checkGiven(this, props, ["vpcId", "subnets"]);
    const { scheme = "internal", vpcId, subnets, certificateArn } = props;
    this.checkProps();
    this.vpcId = vpcId;
    this.name = id.replace(/[^A-Za-z0-9_-]+/g, "-");
    this.securityGroupId = new SecurityGroup(this, "security_group", {
      vpcId,
      purpose: id,
      description: `Load balancer ${id}`,
    }).securityGroupId;
    const loadBalancer = new Lb(this, "lb", {
      internal: scheme === "internal",
      loadBalancerType: "application",
      subnets: [...subnets],
      securityGroups: [this.securityGroupId],
      idleTimeout: props.idleTimeout ?? 60,
      enableDeletionProtection: props.enableDeletionProtection ?? false,
      // names of services refer to it: they must stand for the new one before the old one goes
      lifecycle: { createBeforeDestroy: true },
    });
    loadBalancer.name = hashedName(loadBalancer, id, [vpcId, scheme]);
    this.loadBalancerArn = loadBalancer.arn;
    this.dnsName = loadBalancer.dnsName;
    this.hostedZoneId = loadBalancer.zoneId;

    const isHttps = certificateArn !== undefined;
    // named after the protocol: going over to HTTPS adds a listener, and the one on port 80 stays to redirect
    this.listener = new Listener(this, isHttps ? "https" : "http", {
      loadBalancerArn: this.loadBalancerArn,
      port: props.port ?? (isHttps ? 443 : 80),
      certificateArn,
      sslPolicy: props.sslPolicy,
      defaultAction: this.defaultAction(),
      isDefaultActionFixed: props.defaultAction !== undefined,
    });
    if (scheme === "internal") return;
    this.letEverybodyIn(isHttps ? "https" : "http", this.listener.port);
    if (isHttps) this.redirectTo(this.listener.port);
  }

  private checkProps(): void {
    const { scheme = "internal", vpcId, subnets, port, certificateArn, sslPolicy } = this.props;
    checkVpcId(this, "vpcId", vpcId);
    checkSubnets(this, "subnets", subnets);
    check(this, "subnets", subnets, (list) => list.length >= 2, rules.subnets);
    check(this, "scheme", scheme, (given) => SCHEMES.includes(given), rules.scheme);
    checkInteger(this, "idleTimeout", this.props.idleTimeout, { min: 1, max: 4000 }, rules.idleTimeout);
    const hasCertificate = certificateArn !== undefined;
    const isServed = (given: { port?: number; sslPolicy?: string }): boolean =>
      hasCertificate || isPlain(given);
    check(this, "certificateArn", { port, sslPolicy }, isServed, rules.certificate);
    const redirects = hasCertificate && scheme === "internet-facing";
    check(this, "port", port, (given) => given !== 80 || !redirects, rules.redirectPort);
  }

  private defaultAction(): LbListenerDefaultAction {
    if (this.props.defaultAction === "empty-target-group") {
      const { targetGroupArn } = new TargetGroup(this, "empty", {
        vpcId: this.props.vpcId,
        purpose: `${this.node.id}-empty`,
        port: 80,
      });
      return { type: "forward", targetGroupArn };
    }
    return {
      type: "fixed-response",
      fixedResponse: { contentType: "text/plain", messageBody: "Not found", statusCode: "404" },
    };
  }

  private redirectTo(port: number): void {
    new Listener(this, "http", {
      loadBalancerArn: this.loadBalancerArn,
      port: 80,
      defaultAction: {
        type: "redirect",
        redirect: { protocol: "HTTPS", port: text(port), statusCode: "HTTP_301" },
      },
    });
    this.letEverybodyIn("http", 80);
  }

  private letEverybodyIn(id: string, port: number): void {
    new VpcSecurityGroupIngressRule(this, `${id}_from_anywhere`, {
      securityGroupId: this.securityGroupId,
      cidrIpv4: ANYWHERE,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      description: "Requests from the internet",
    });
  }
}

function isPlain({ port, sslPolicy }: Pick<LoadBalancerProps, "port" | "sslPolicy">): boolean {
  return port !== 443 && sslPolicy === undefined;
}

function text(value: number): string {
  return Token.isUnresolved(value) ? Token.asString(value) : `${value}`;
}
