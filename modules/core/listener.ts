import { LbListener, type LbListenerDefaultAction } from "@cdktf/provider-aws/lib/lb-listener";
import { TerraformStack, type TerraformResource } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { check, checkInteger, InvalidInputError } from "./check";
import { ListenerPriorities, type WantedRule } from "./listener-priorities";
import { Module } from "./module";

/** A port of a load balancer that rules can be put on. */
export interface IListener {
  readonly listenerArn: string;
  readonly port: number;
  readonly protocol: "HTTP" | "HTTPS";
  /** Takes note of a rule and returns its priority, which is decided when the app is synthesized. */
  addRule(rule: WantedRule): number;
  /**
   * Sends all requests that no rule matches to a target group. Returns what an ECS service must wait for.
   * @throws InvalidInputError where another service gets them already, and for a listener of another stack
   */
  forwardByDefault(owner: IConstruct, targetGroupArn: string): TerraformResource;
}

/** What is needed to put rules on a listener that exists already. */
export interface ListenerAttributes {
  readonly listenerArn: string;
  readonly port: number;
  /** @default "HTTP" */
  readonly protocol?: "HTTP" | "HTTPS";
}

export interface ListenerProps {
  readonly loadBalancerArn: string;
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

const SOURCE =
  "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html";
const SSL_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/**
 * A port of an Application Load Balancer, and what happens to requests that arrive there.
 * @throws InvalidInputError for a port or a certificate that cannot be
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
        throw new InvalidInputError(
          { scope: owner, property: "host", value: undefined },
          {
            allowed: "a host, where the load balancer exists already: its default action is not this app's",
            mend: "give the service a `host`, or a `zone` to have a name in",
            source: SOURCE,
          },
        );
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
    checkListenerPort(this, props.port);
    check(this, "certificateArn", props.certificateArn, (arn) => /^arn:[^:]+:(acm|iam):.+$/.test(arn), {
      allowed: "the ARN of a certificate in ACM or IAM",
      mend: "copy it from `aws acm list-certificates`, in the region of the load balancer",
      source: SOURCE,
    });
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
    const mend = "give the service a `host`, or a `zone` to have a name in";
    const given = { scope: owner, property: "host", value: undefined };
    if (this.defaultOwner !== undefined || this.props.isDefaultActionFixed) {
      const present =
        this.defaultOwner?.node.path ?? `the \`defaultAction\` of ${this.node.scope?.node.path}`;
      throw new InvalidInputError(given, {
        allowed: `one service without a host behind a load balancer; ${present} gets such requests`,
        mend,
        source: SOURCE,
      });
    }
    if (TerraformStack.of(owner) !== TerraformStack.of(this)) {
      throw new InvalidInputError(given, {
        allowed: `a host, for a service in another stack than ${this.node.path}: each stack would need the other first`,
        mend,
      });
    }
    this.defaultOwner = owner;
    this.listener.putDefaultAction([{ type: "forward", targetGroupArn }]);
    return this.listener;
  }
}

function checkListenerPort(scope: IConstruct, port: number): void {
  const expectation = { mend: "give the port that callers use, for example 80", source: SOURCE };
  checkInteger(scope, "port", port, { min: 1, max: 65535 }, expectation);
}
