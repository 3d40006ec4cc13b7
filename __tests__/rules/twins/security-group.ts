import { securityGroup } from "../../../modules/rules";
import { LoadBalancer } from "../../../modules/core/load-balancing/load-balancer";
import { OpenPort, SecurityGroup, type PortOpening } from "../../../modules/core/network/security-group";
import { EcsService } from "../../../modules/services/ecs-service/ecs-service";
import { service, VPC, type SmallStack } from "../../modules/stack-of";
import { twin, type Twin } from "./twin";

const hex = (digits: number): string => digits.toString(16).padStart(17, "0");
const groups = (count: number): string[] => Array.from({ length: count }, (_, n) => `sg-${hex(n)}`);
const given = (stack: SmallStack, securityGroups: readonly string[]): unknown =>
  service(stack, "stock", { securityGroups });

const group = (stack: SmallStack, description: string): unknown =>
  new SecurityGroup(stack, "group", { vpcId: VPC, purpose: "stock", description });
const open = (stack: SmallStack, opening: Partial<PortOpening>, id = "open"): unknown =>
  new OpenPort(stack, id, {
    ...{ from: "sg-0123abcd", to: "sg-4567cdef", port: 80, description: "a calls b" },
    ...opening,
  });
const egress = (stack: SmallStack, httpsEgressCidrBlocks: readonly string[]): unknown =>
  service(stack, "stock", { httpsEgressCidrBlocks });

export const SECURITY_GROUP_TWINS: readonly Twin[] = [
  twin(
    securityGroup.id,
    (stack, securityGroupId) =>
      LoadBalancer.fromLoadBalancerAttributes(stack, {
        dnsName: "x.elb.amazonaws.com",
        hostedZoneId: "Z1",
        securityGroupId,
        listener: { listenerArn: "arn:listener", port: 80 },
      }),
    { bad: "sg-0123abc", good: "sg-0123abcd" },
  ),
  twin(securityGroup.given, given, { bad: groups(5), good: groups(4) }),
  twin(securityGroup.given, given, { bad: ["sg-0123abcd", "sg-0123abcd"], good: ["sg-0123abcd"] }),
  twin(securityGroup.given, given, { bad: ["default"], good: ["sg-0123abcd"] }),
  twin(securityGroup.description, group, { bad: 'the "best"', good: "the best" }),
  twin(securityGroup.description, group, { bad: "a → b", good: "a - b" }),
  twin(securityGroup.description, group, { bad: "x".repeat(256), good: "x".repeat(255) }),
  twin(securityGroup.description, (stack, description) => open(stack, { description }), {
    bad: "für a",
    good: "fuer a",
  }),
  twin(securityGroup.port, (stack, port) => open(stack, { port }), { bad: 0, good: 1 }),
  twin(securityGroup.port, (stack, port) => open(stack, { port }), { bad: 65536, good: 65535 }),
  twin(securityGroup.port, (stack, toPort) => open(stack, { toPort }), { bad: 65536, good: 65535 }),
  twin(securityGroup.portRange, (stack, toPort) => open(stack, { toPort }), { bad: 79, good: 80 }),
  twin(
    securityGroup.portRange,
    (stack, entranceToPort) =>
      EcsService.fromServiceAttributes(stack, {
        serviceName: "stock",
        host: "stock.internal",
        port: 80,
        securityGroupId: "sg-0123abcd",
        entranceToPort,
      }),
    { bad: 79, good: 80 },
  ),
  twin(
    securityGroup.ruleTaken,
    (stack, port) => {
      open(stack, {});
      open(stack, { port }, "again");
    },
    { bad: 80, good: 81 },
  ),
  twin(securityGroup.cidrBlocks, egress, { bad: ["10.0.0.1/8"], good: ["10.0.0.0/8"] }),
  twin(securityGroup.cidrBlocks, egress, { bad: ["10.0.0.0/8", "10.0.0.0/8"], good: ["10.0.0.0/8"] }),
];
