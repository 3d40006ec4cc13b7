import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { Token } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { targetGroup as rules } from "../../rules/target-group";
import { check, checkGiven, checkInteger } from "../framework/check";
import { Module } from "../framework/module";
import { argumentText } from "../framework/text";
import { checkVpcId } from "../network/network-ids";
import { hashedName } from "./load-balancer-names";

/** The request by which the load balancer finds out whether a target works. It goes to the port of the traffic. */
export interface TargetGroupHealthCheck {
  /** Begins with `/`. @default "/" */
  readonly path?: string;
  /** Status codes of a healthy target, 200 to 499: `"200"`, `"200,204"` or `"200-399"`. @default "200" */
  readonly matcher?: string;
  /** Seconds from one request to the next, 5 to 300. @default 15 */
  readonly interval?: number;
  /** Seconds to wait for an answer, 2 to 120, fewer than the interval. @default 5 */
  readonly timeout?: number;
  /** Answers after which a target counts as healthy, 2 to 10. @default 2 */
  readonly healthyThreshold?: number;
  /** Failures after which it counts as unhealthy, 2 to 10. @default 3 */
  readonly unhealthyThreshold?: number;
}

export interface TargetGroupProps {
  /** The VPC of the targets. */
  readonly vpcId: string;
  /** Whose group it is, in its name: the name is `<prefix>-<environment>-<stack>-<purpose>-<hash>`. */
  readonly purpose: string;
  /** The port that the targets listen on. */
  readonly port: number;
  /** What is registered: addresses of tasks (awsvpc), or EC2 instances (bridge and host). @default "ip" */
  readonly targetType?: "ip" | "instance";
  /**
   * How the load balancer finds out whether a target works.
   * @default - `GET /` every 15 seconds, which must be answered by 200
   */
  readonly healthCheck?: TargetGroupHealthCheck;
  /** Seconds in which requests may end after a target was taken out, 0 to 3600. @default 30 */
  readonly deregistrationDelay?: number;
}

/**
 * Where a load balancer sends requests, by HTTP.
 * Synthesis is refused for a port, a health check or a delay that Elastic Load Balancing would refuse
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
 */
export class TargetGroup extends Module {
  /** ARN of the target group. */
  public readonly targetGroupArn: string;

  public constructor(scope: Construct, id: string, props: TargetGroupProps) {
    super(scope, id);
    checkGiven(this, props, ["vpcId", "purpose", "port"]);
    const { vpcId, port, targetType = "ip", deregistrationDelay = 30 } = props;
    checkVpcId(this, "vpcId", vpcId);
    checkInteger(this, "port", port, { min: 1, max: 65535 }, rules.port);
    const delays = { min: 0, max: 3600 };
    checkInteger(this, "deregistrationDelay", deregistrationDelay, delays, rules.deregistrationDelay);
    const healthCheck = withDefaults(props.healthCheck);
    checkHealthCheck(this, healthCheck);

    const group = new LbTargetGroup(this, "target_group", {
      vpcId,
      port,
      protocol: "HTTP",
      targetType,
      deregistrationDelay: text(deregistrationDelay),
      healthCheck: {
        ...healthCheck,
        path: argumentText(healthCheck.path),
        protocol: "HTTP",
        port: "traffic-port",
      },
      // one that a rule uses cannot be deleted: the rule must have the new one first
      lifecycle: { createBeforeDestroy: true },
    });
    group.name = hashedName(group, props.purpose, [vpcId, port, targetType]);
    this.targetGroupArn = group.arn;
  }
}

function withDefaults(healthCheck: TargetGroupHealthCheck = {}): Required<TargetGroupHealthCheck> {
  return {
    path: healthCheck.path ?? "/",
    matcher: healthCheck.matcher ?? "200",
    interval: healthCheck.interval ?? 15,
    timeout: healthCheck.timeout ?? 5,
    healthyThreshold: healthCheck.healthyThreshold ?? 2,
    unhealthyThreshold: healthCheck.unhealthyThreshold ?? 3,
  };
}

function checkHealthCheck(scope: IConstruct, healthCheck: Required<TargetGroupHealthCheck>): void {
  const { path, matcher, interval, timeout } = healthCheck;
  check(scope, "healthCheck.path", path, (given) => /^\/[!-~]{0,1023}$/.test(given), rules.path);
  check(scope, "healthCheck.matcher", matcher, isMatcher, rules.matcher);
  checkInteger(scope, "healthCheck.interval", interval, { min: 5, max: 300 }, rules.interval);
  checkInteger(scope, "healthCheck.timeout", timeout, { min: 2, max: 120 }, rules.timeout);
  for (const threshold of ["healthyThreshold", "unhealthyThreshold"] as const) {
    const answers = healthCheck[threshold];
    checkInteger(scope, `healthCheck.${threshold}`, answers, { min: 2, max: 10 }, rules.thresholds);
  }
  if (Token.isUnresolved(interval)) return;
  const allowed = `${rules.timeoutOfInterval.allowed}, which is ${interval}`;
  check(scope, "healthCheck.timeout", timeout, (given) => given < interval, {
    ...rules.timeoutOfInterval,
    allowed,
  });
}

function isMatcher(matcher: string): boolean {
  return matcher.split(",").every((part) => {
    const [, from = "", to = from] = /^(\d{3})(?:-(\d{3}))?$/.exec(part) ?? [];
    return Number(from) >= 200 && Number(to) <= 499 && Number(from) <= Number(to);
  });
}

function text(value: number): string {
  return Token.isUnresolved(value) ? Token.asString(value) : `${value}`;
}
