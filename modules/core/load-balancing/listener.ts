import { LbListener, type LbListenerDefaultAction } from "@cdktf/provider-aws/lib/lb-listener";
import { TerraformStack, Token, type TerraformResource } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { loadBalancer as rules } from "../../rules/load-balancer";
import {
  check,
  checkGiven,
  checkInteger,
  type Expectation,
  type Given,
  InvalidInputError,
  refuse,
} from "../framework/check";
import { claim } from "../framework/claims";
import { Module } from "../framework/module";
import { identityOf } from "../framework/resolved";
import { ListenerPriorities, type WantedRule } from "./listener-priorities";

/** A port of a load balancer that rules can be put on. */
export interface IListener {
  /** ARN of the listener. */
  readonly listenerArn: string;
  /** The port that callers use. */
  readonly port: number;
  /** What callers speak to it. */
  readonly protocol: "HTTP" | "HTTPS";
  /** Takes note of a rule and returns its priority, which is decided when the app is synthesized. */
  addRule(rule: WantedRule): number;
  /**
   * Sends all requests that no rule matches to a target group. Returns what an ECS service must wait for.
   * @throws InvalidInputError for a listener that exists already: its default action is not this app's
   */
  forwardByDefault(owner: IConstruct, targetGroupArn: string): TerraformResource;
}

/** What is needed to put rules on a listener that exists already. */
export interface ListenerAttributes {
  /** ARN of the listener. */
  readonly listenerArn: string;
  /** The port that callers use. */
  readonly port: number;
  /** What callers speak to it. @default "HTTP" */
  readonly protocol?: "HTTP" | "HTTPS";
}

export interface ListenerProps {
  /** ARN of the load balancer that it is a port of. */
  readonly loadBalancerArn: string;
  /** The port that callers use, 1 to 65535. */
  readonly port: number;
  /** ARN of the certificate. @default - the listener speaks HTTP */
  readonly certificateArn?: string;
  /** Which versions and ciphers of TLS it speaks, where there is a certificate. @default - TLS 1.3 and 1.2 */
  readonly sslPolicy?: string;
  /** What a request gets that no rule matches. */
  readonly defaultAction: LbListenerDefaultAction;
  /** True where the default action is what was asked for and no service may take its place. @default false */
  readonly isDefaultActionFixed?: boolean;
}

const SSL_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/**
 * A port of an Application Load Balancer, and what happens to requests that arrive there.
 * Synthesis is refused for a port or a certificate that cannot be
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html
 */
export class Listener extends Module implements IListener {
  /** A listener that exists already. Rules that others have put on it are not known here. */
  public static fromListenerAttributes(scope: Construct, attributes: ListenerAttributes): IListener {
    const { listenerArn, port, protocol = "HTTP" } = attributes;
    checkListenerPort(scope, port);
    const priorities = ListenerPriorities.ofImported(scope, listenerArn);
    return {
      listenerArn,
      port,
      protocol,
      addRule: (rule) => priorities.add(rule),
      forwardByDefault: (owner) => {
        const allowed =
          "a host, where the load balancer exists already: its default action is not this app's";
        throw new InvalidInputError(...noDefault(owner, allowed));
      },
    };
  }

  public readonly listenerArn: string;
  public readonly port: number;
  public readonly protocol: "HTTP" | "HTTPS";
  private readonly listener: LbListener;
  private readonly priorities = new ListenerPriorities();
  private defaultOwner?: IConstruct;

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: ListenerProps,
  ) {
    super(scope, id);
    checkGiven(this, props, ["loadBalancerArn", "port", "defaultAction"]);
    checkListenerPort(this, props.port);
    const isCertificate = (arn: string): boolean => /^arn:[^:]+:(acm|iam):.+$/.test(arn);
    check(this, "certificateArn", props.certificateArn, isCertificate, rules.certificateArn);
    this.checkPortIsFree(props.loadBalancerArn, props.port);
    this.protocol = props.certificateArn === undefined ? "HTTP" : "HTTPS";
    this.port = props.port;
    this.listener = new LbListener(this, "listener", {
      loadBalancerArn: props.loadBalancerArn,
      port: props.port,
      protocol: this.protocol,
      certificateArn: props.certificateArn,
      sslPolicy: props.certificateArn === undefined ? undefined : (props.sslPolicy ?? SSL_POLICY),
      defaultAction: [props.defaultAction],
    });
    this.listenerArn = this.listener.arn;
  }

  public addRule(rule: WantedRule): number {
    return this.priorities.add(rule);
  }

  public forwardByDefault(owner: IConstruct, targetGroupArn: string): TerraformResource {
    if (this.defaultOwner !== undefined || this.props.isDefaultActionFixed) {
      const present =
        this.defaultOwner?.node.path ?? `the \`defaultAction\` of ${this.node.scope?.node.path}`;
      refuse(...noDefault(owner, `${rules.defaultAction.allowed}; ${present} gets such requests`));
    }
    if (TerraformStack.of(owner) !== TerraformStack.of(this)) {
      const allowed = `a host, for a service in another stack than ${this.node.path}: each stack would need the other first`;
      throw new InvalidInputError(...noDefault(owner, allowed));
    }
    this.defaultOwner = owner;
    this.listener.putDefaultAction([{ type: "forward", targetGroupArn }]);
    return this.listener;
  }

  private checkPortIsFree(loadBalancerArn: string, port: number): void {
    if (Token.isUnresolved(port)) return;
    const other = claim(this, [`listeners of ${identityOf(this, loadBalancerArn)}`], `${port}`);
    if (other === undefined) return;
    const allowed = `${rules.portTaken.allowed}; ${other.node.path} has this one`;
    refuse({ scope: this, property: "port", value: port }, { ...rules.portTaken, allowed });
  }
}

function checkListenerPort(scope: IConstruct, port: number): void {
  checkInteger(scope, "port", port, { min: 1, max: 65535 }, rules.port);
}

/** What a service is told that cannot have the requests that no rule matches. */
function noDefault(owner: IConstruct, allowed: string): [Given, Expectation] {
  return [
    { scope: owner, property: "host", value: undefined },
    { ...rules.defaultAction, allowed },
  ];
}
