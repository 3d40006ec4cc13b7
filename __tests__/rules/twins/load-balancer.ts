import { Construct } from "constructs";
import { Listener, type IListener, type ListenerProps } from "../../../modules/core/load-balancing/listener";
import { ListenerRule, type ListenerRuleProps } from "../../../modules/core/load-balancing/listener-rule";
import { LoadBalancer, type LoadBalancerProps } from "../../../modules/core/load-balancing/load-balancer";
import {
  TargetGroup,
  type TargetGroupHealthCheck,
  type TargetGroupProps,
} from "../../../modules/core/load-balancing/target-group";
import { listenerRule, loadBalancer, targetGroup, type CheckedRule } from "../../../modules/rules";
import { LoadBalanced } from "../../../modules/services/discovery/load-balanced";
import { service, SmallStack, SUBNETS, VPC } from "../../modules/stack-of";
import { twin, type Twin } from "./twin";

const CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/0123";
const PUBLIC: Partial<LoadBalancerProps> = { scheme: "internet-facing", certificateArn: CERTIFICATE };
const balance = (stack: SmallStack, props: Partial<LoadBalancerProps>): unknown =>
  new LoadBalancer(stack, "internal", { vpcId: VPC, subnets: SUBNETS, ...props });
const listen = (stack: SmallStack, props: Partial<ListenerProps> = {}, id = "http"): Listener =>
  new Listener(stack, id, {
    loadBalancerArn: "arn:lb",
    port: 80,
    defaultAction: { type: "fixed-response", fixedResponse: { contentType: "text/plain" } },
    ...props,
  });
const balanced = <T extends keyof LoadBalancerProps>(
  rule: CheckedRule,
  property: T,
  values: { readonly bad: LoadBalancerProps[T]; readonly good: LoadBalancerProps[T] },
): Twin => twin<LoadBalancerProps[T]>(rule, (stack, value) => balance(stack, { [property]: value }), values);
/** Who gets the requests that no rule matches. */
const forward = (stack: SmallStack, to: IListener, id: string): unknown =>
  to.forwardByDefault(new Construct(stack, id), `arn:${id}`);

const called = (stack: SmallStack, props: object, more: Partial<LoadBalancerProps> = {}): unknown =>
  service(stack, "payments", {
    discovery: new LoadBalanced({
      loadBalancer: new LoadBalancer(stack, "internal", { vpcId: VPC, subnets: SUBNETS, ...more }),
      ...props,
    }),
  });

export const LOAD_BALANCER_TWINS: readonly Twin[] = [
  twin(loadBalancer.hostOrZone, (stack, name) => called(stack, { host: "pay.example", name }), {
    bad: "pay",
    good: undefined,
  }),
  twin(loadBalancer.hostWildcard, (stack, host) => called(stack, { host }), {
    bad: "*.example",
    good: "pay.example",
  }),
  twin(loadBalancer.hostNeeded, (stack, host) => called(stack, { host, priority: 1 }), {
    bad: undefined,
    good: "pay.example",
  }),
  twin(loadBalancer.hostNeeded, (stack, host) => called(stack, { host }, { certificateArn: CERTIFICATE }), {
    bad: undefined,
    good: "pay.example",
  }),
  twin(loadBalancer.otherVpc, (stack, vpcId) => called(stack, { host: "pay.example" }, { vpcId }), {
    bad: "vpc-0123456789abcdef9",
    good: VPC,
  }),
  balanced(loadBalancer.subnets, "subnets", { bad: SUBNETS.slice(1), good: SUBNETS }),
  twin<string>(
    loadBalancer.scheme,
    (stack, scheme) => balance(stack, { scheme: scheme as LoadBalancerProps["scheme"] }),
    { bad: "Internal", good: "internal" },
  ),
  balanced(loadBalancer.idleTimeout, "idleTimeout", { bad: 0, good: 1 }),
  balanced(loadBalancer.idleTimeout, "idleTimeout", { bad: 4001, good: 4000 }),
  balanced(loadBalancer.port, "port", { bad: 0, good: 1 }),
  balanced(loadBalancer.port, "port", { bad: 65536, good: 65535 }),
  twin(
    loadBalancer.port,
    (stack, port) => Listener.fromListenerAttributes(stack, { listenerArn: "arn:x", port }),
    { bad: 80.5, good: 80 },
  ),
  twin(
    loadBalancer.portTaken,
    (stack, port) => {
      listen(stack);
      listen(stack, { port }, "second");
    },
    { bad: 80, good: 81 },
  ),
  balanced(loadBalancer.certificate, "port", { bad: 443, good: 444 }),
  twin<string | undefined>(
    loadBalancer.certificate,
    (stack, certificateArn) =>
      balance(stack, { certificateArn, sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" }),
    { bad: undefined, good: CERTIFICATE },
  ),
  balanced(loadBalancer.certificateArn, "certificateArn", { bad: "arn:aws:s3:::bucket", good: CERTIFICATE }),
  twin(loadBalancer.redirectPort, (stack, port) => balance(stack, { ...PUBLIC, port }), {
    bad: 80,
    good: 81,
  }),
  twin<Partial<LoadBalancerProps>>(
    loadBalancer.redirectPort,
    (stack, props) => balance(stack, { ...props, certificateArn: CERTIFICATE, port: 80 }),
    { bad: { scheme: "internet-facing" }, good: { scheme: "internal" } },
  ),
  twin(
    loadBalancer.defaultAction,
    (stack, count) => {
      const one = listen(stack);
      const other = listen(stack, { port: 81 }, "second");
      forward(stack, one, "products");
      forward(stack, count === 1 ? one : other, "shop");
    },
    { bad: 1, good: 2 },
  ),
  twin(
    loadBalancer.defaultAction,
    (stack, isDefaultActionFixed) => forward(stack, listen(stack, { isDefaultActionFixed }), "products"),
    { bad: true, good: false },
  ),
  twin(
    loadBalancer.defaultAction,
    (stack, kind) => {
      const present = { listenerArn: "arn:x", port: 80 };
      const listener = kind === "new" ? listen(stack) : Listener.fromListenerAttributes(stack, present);
      forward(stack, listener, "products");
    },
    { bad: "there already", good: "new" },
  ),
];

const rule = (stack: SmallStack, props: Partial<ListenerRuleProps>, id = "rule"): unknown =>
  new ListenerRule(stack, id, {
    listener: Listener.fromListenerAttributes(stack, { listenerArn: "arn:listener", port: 80 }),
    hosts: ["payments.example"],
    targetGroupArn: "arn:group",
    ...props,
  });
const hosts = (stack: SmallStack, names: readonly string[]): unknown => rule(stack, { hosts: names });
const host = (bad: string, good: string): Twin =>
  twin(listenerRule.host, (stack, name) => hosts(stack, [name]), { bad, good });
const pinned = (stack: SmallStack, priority: number): unknown => rule(stack, { priority });
/** A rule for each number, the number of target groups being another one. */
const many = (rules: number, targetGroups: number): Twin["bad"] => {
  const numbers = Array.from({ length: rules }, (_, index) => index);
  return (stack) =>
    numbers.forEach((index) => {
      const targetGroupArn = `arn:group-${index % targetGroups}`;
      rule(stack, { hosts: [`s${index}.example`], targetGroupArn }, `rule_${index}`);
    });
};

export const LISTENER_RULE_TWINS: readonly Twin[] = [
  host("Payments.example", "payments.example"),
  host("payments", "payments.example"),
  host("payments.example.", "payments.example"),
  host("payments.*", "*.payments"),
  host("10.0.0.1", "10.0.0.a"),
  host(`${"x".repeat(60)}.${"x".repeat(60)}.example`, `${"x".repeat(60)}.${"x".repeat(59)}.example`),
  twin<string[]>(listenerRule.hosts, hosts, { bad: [], good: ["a.example"] }),
  twin(listenerRule.hosts, hosts, {
    bad: ["a", "b", "c", "d", "e", "f"].map((name) => `${name}.example`),
    good: ["a", "b", "c", "d", "e"].map((name) => `${name}.example`),
  }),
  twin(listenerRule.hosts, hosts, { bad: ["a.example", "a.example"], good: ["a.example", "b.example"] }),
  twin(listenerRule.wildcards, hosts, {
    bad: ["*.*.a.example", "*.*.b.example", "*.?.c.example"],
    good: ["*.*.a.example", "*.*.b.example", "*.c.example"],
  }),
  twin(
    listenerRule.hostTaken,
    (stack, name) => {
      rule(stack, { hosts: ["a.example", "b.example"] }, "one");
      rule(stack, { hosts: ["c.example", name] }, "two");
    },
    { bad: "b.example", good: "d.example" },
  ),
  twin(listenerRule.priority, pinned, { bad: 0, good: 1 }),
  twin(listenerRule.priority, pinned, { bad: 50001, good: 50000 }),
  twin(listenerRule.priority, pinned, { bad: 1.5, good: 2 }),
  twin(
    listenerRule.priorityTaken,
    (stack, priority) => {
      rule(stack, { priority: 7 }, "one");
      rule(stack, { priority, hosts: ["b.example"] }, "two");
    },
    { bad: 7, good: 8 },
  ),
  { rule: listenerRule.targetGroups, bad: many(101, 101), good: many(100, 100) },
  { rule: listenerRule.targetGroups, title: "shared", bad: many(102, 101), good: many(102, 100) },
  { rule: listenerRule.quota, bad: many(101, 1), good: many(100, 1) },
];

const group = (stack: SmallStack, props: Partial<TargetGroupProps>): unknown =>
  new TargetGroup(stack, "payments", { vpcId: VPC, purpose: "payments", port: 80, ...props });
const checked = (rule: CheckedRule, bad: TargetGroupHealthCheck, good: TargetGroupHealthCheck): Twin =>
  twin(rule, (stack, healthCheck) => group(stack, { healthCheck }), { bad, good });
const interval = 300;

export const TARGET_GROUP_TWINS: readonly Twin[] = [
  twin(targetGroup.port, (stack, port) => group(stack, { port }), { bad: 0, good: 1 }),
  twin(targetGroup.port, (stack, port) => group(stack, { port }), { bad: 65536, good: 65535 }),
  ...[
    { bad: -1, good: 0 },
    { bad: 3601, good: 3600 },
  ].map((values) =>
    twin(
      targetGroup.deregistrationDelay,
      (stack, deregistrationDelay) => group(stack, { deregistrationDelay }),
      values,
    ),
  ),
  checked(targetGroup.path, { path: "health" }, { path: "/health" }),
  checked(targetGroup.path, { path: "/a b" }, { path: "/a-b" }),
  checked(targetGroup.path, { path: `/${"x".repeat(1024)}` }, { path: `/${"x".repeat(1023)}` }),
  checked(targetGroup.matcher, { matcher: "199" }, { matcher: "200" }),
  checked(targetGroup.matcher, { matcher: "500" }, { matcher: "499" }),
  checked(targetGroup.matcher, { matcher: "300-200" }, { matcher: "200-300" }),
  checked(targetGroup.interval, { interval: 4, timeout: 2 }, { interval: 5, timeout: 2 }),
  checked(targetGroup.interval, { interval: 301 }, { interval: 300 }),
  checked(targetGroup.timeout, { timeout: 1 }, { timeout: 2 }),
  checked(targetGroup.timeout, { interval, timeout: 121 }, { interval, timeout: 120 }),
  checked(targetGroup.timeoutOfInterval, { timeout: 15 }, { timeout: 14 }),
  checked(targetGroup.timeoutOfInterval, { interval: 5 }, { interval: 6 }),
  checked(targetGroup.thresholds, { healthyThreshold: 1 }, { healthyThreshold: 2 }),
  checked(targetGroup.thresholds, { unhealthyThreshold: 11 }, { unhealthyThreshold: 10 }),
];
