import type { SecurityGroupRule } from "@aws-sdk/client-ec2";
import type { ServiceSnapshot } from "../tasks";
import { portsOf } from "../tasks/network/security-groups";

/** A way from one service to another that the security groups leave open. */
export interface Call {
  /** Name of an ECS service, or whoever else is let in: a range of addresses, a prefix list, a security group. */
  readonly from: string;
  /** Name of an ECS service. */
  readonly to: string;
  /** The first, where the rule has several. */
  readonly port: number;
}

type Service = Pick<ServiceSnapshot, "service" | "securityGroups">;

/** Who may call whom: the ways that the ingress rules for TCP open between services, each once. Of what made them nothing is asked. */
export function callsOf(services: readonly Service[], rules: readonly SecurityGroupRule[]): Call[] {
  const holders = new Map<string, string[]>();
  for (const { service, securityGroups } of services)
    for (const group of securityGroups) holders.set(group, [...(holders.get(group) ?? []), service]);
  const calls = new Map<string, Call>();
  for (const rule of rules) {
    const ports = portsOf(rule, "tcp");
    if (rule.IsEgress || !ports) continue;
    const [port] = ports;
    const source = rule.ReferencedGroupInfo?.GroupId;
    const callers =
      source === undefined
        ? [rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? "?"]
        : holders.get(source);
    for (const to of holders.get(rule.GroupId ?? "") ?? []) {
      for (const from of callers ?? [source ?? "?"]) calls.set(`${from} ${to} ${port}`, { from, to, port });
    }
  }
  return [...calls.values()].sort(
    (a, b) => a.from.localeCompare(b.from) || a.to.localeCompare(b.to) || a.port - b.port,
  );
}
