import { BlockList } from "node:net";
import type { SecurityGroupRule } from "@aws-sdk/client-ec2";

export type Protocol = "tcp" | "udp";

/** The first and the last. */
export type PortRange = readonly [first: number, last: number];

/** Who calls or is called, as security groups see it. */
export interface Peer {
  /** Ids. */
  readonly securityGroups: readonly string[];
  /** Ranges of all subnets that it may be in. */
  readonly cidrs: readonly string[];
}

const ALL_PORTS: PortRange = [0, 65_535];
const ALL = "-1";
/** A protocol may also be given by its number. */
const NUMBERS: Readonly<Record<Protocol, string>> = { tcp: "6", udp: "17" };

/**
 * The ports of a protocol that a rule opens, if any. A rule for all protocols opens all ports, whatever range it has.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html
 */
export function portsOf(rule: SecurityGroupRule, protocol: Protocol): PortRange | undefined {
  const { IpProtocol: given = "", FromPort: first = -1, ToPort: last = first } = rule;
  if (given === ALL) return ALL_PORTS;
  if (given !== protocol && given !== NUMBERS[protocol]) return undefined;
  return first === -1 ? ALL_PORTS : [first, last];
}

/**
 * The ports of a task that another one may call: an ingress rule of one of its groups lets the caller in, and an egress
 * rule of one of the caller's groups lets it out. A rule for a range of addresses counts where it has all subnets
 * of the peer in it; a prefix list is never known to.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
 */
export function openPorts(
  rules: readonly SecurityGroupRule[],
  caller: Peer,
  callee: Peer,
  protocol: Protocol,
): PortRange[] {
  const out = portsBetween(rules, { of: caller, peer: callee, egress: true, protocol });
  const into = portsBetween(rules, { of: callee, peer: caller, egress: false, protocol });
  const both = into.flatMap(([first, last]) =>
    out.map(([from, to]): PortRange => [Math.max(first, from), Math.min(last, to)]),
  );
  return both.filter(([first, last]) => first <= last);
}

/**
 * Whether one of its groups lets it connect to a TCP port of anybody: an address, a range, a group or a prefix list.
 */
export function letsOut(rules: readonly SecurityGroupRule[], caller: Peer, port: number): boolean {
  const out = portsBetween(rules, { of: caller, egress: true, protocol: "tcp" });
  return out.some(([first, last]) => first <= port && port <= last);
}

interface Direction {
  /** Whose groups have the rules. */
  readonly of: Peer;
  /** @default - anybody */
  readonly peer?: Peer;
  readonly egress: boolean;
  readonly protocol: Protocol;
}

function portsBetween(
  rules: readonly SecurityGroupRule[],
  { of, peer, egress, protocol }: Direction,
): PortRange[] {
  return rules
    .filter(({ GroupId, IsEgress }) => of.securityGroups.includes(GroupId ?? "") && IsEgress === egress)
    .filter((rule) => peer === undefined || isAbout(rule, peer))
    .flatMap((rule) => {
      const ports = portsOf(rule, protocol);
      return ports ? [ports] : [];
    });
}

function isAbout({ ReferencedGroupInfo, CidrIpv4 }: SecurityGroupRule, peer: Peer): boolean {
  const group = ReferencedGroupInfo?.GroupId;
  if (group !== undefined) return peer.securityGroups.includes(group);
  return (
    CidrIpv4 !== undefined && peer.cidrs.length > 0 && peer.cidrs.every((cidr) => covers(CidrIpv4, cidr))
  );
}

function covers(range: string, other: string): boolean {
  const [[address, length], [otherAddress, otherLength]] = [parts(range), parts(other)];
  if (length > otherLength) return false;
  const list = new BlockList();
  list.addSubnet(address, length, "ipv4");
  return list.check(otherAddress);
}

function parts(cidr: string): [address: string, length: number] {
  const [address = "", length] = cidr.split("/");
  return [address, Number(length ?? 32)];
}
