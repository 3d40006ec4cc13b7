import type { SecurityGroupRule } from "@aws-sdk/client-ec2";
import { letsOut, openPorts, portsOf, type Peer } from "../../../local/tasks/network/security-groups";

const CALLER: Peer = { securityGroups: ["sg-web", "sg-shared"], cidrs: ["10.0.1.0/24", "10.0.2.0/24"] };
const CALLEE: Peer = { securityGroups: ["sg-stock"], cidrs: ["10.0.3.0/24"] };
const OUT: SecurityGroupRule = {
  GroupId: "sg-web",
  IsEgress: true,
  IpProtocol: "-1",
  FromPort: -1,
  ToPort: -1,
  CidrIpv4: "0.0.0.0/0",
};

const into = (more: SecurityGroupRule): SecurityGroupRule => ({
  GroupId: "sg-stock",
  IsEgress: false,
  IpProtocol: "tcp",
  FromPort: 80,
  ToPort: 80,
  ...more,
});
const group = (GroupId: string): SecurityGroupRule => ({ ReferencedGroupInfo: { GroupId } });
const open = (rules: SecurityGroupRule[], protocol: "tcp" | "udp" = "tcp"): (readonly number[])[] =>
  openPorts(rules, CALLER, CALLEE, protocol);

describe("the ports of a rule", () => {
  test.each<[SecurityGroupRule, unknown]>([
    [{ IpProtocol: "tcp", FromPort: 80, ToPort: 90 }, [80, 90]],
    [{ IpProtocol: "6", FromPort: 80, ToPort: 80 }, [80, 80]],
    [{ IpProtocol: "tcp", FromPort: 0, ToPort: 65535 }, [0, 65535]],
    [{ IpProtocol: "tcp", FromPort: -1, ToPort: -1 }, [0, 65535]],
    [{ IpProtocol: "tcp" }, [0, 65535]],
    // whatever range it has
    [{ IpProtocol: "-1", FromPort: 80, ToPort: 80 }, [0, 65535]],
    [{ IpProtocol: "udp", FromPort: 80, ToPort: 80 }, undefined],
    [{ IpProtocol: "icmp", FromPort: -1, ToPort: -1 }, undefined],
  ])("%j opens %j for TCP", (rule, ports) => expect(portsOf(rule, "tcp")).toEqual(ports));
});

describe("a port of anybody", () => {
  const https: SecurityGroupRule = { ...OUT, IpProtocol: "tcp", FromPort: 443, ToPort: 443 };

  test.each<[string, SecurityGroupRule]>([
    ["all", OUT],
    ["the port", https],
    ["a range with it", { ...https, FromPort: 1, ToPort: 1024 }],
    ["another of its groups", { ...https, GroupId: "sg-shared" }],
    ["a prefix list", { ...https, CidrIpv4: undefined, PrefixListId: "pl-1" }],
    ["a group, for example of VPC endpoints", { ...https, CidrIpv4: undefined, ...group("sg-endpoints") }],
  ])("may be connected to by a rule for %s", (_, rule) => expect(letsOut([rule], CALLER, 443)).toBe(true));

  test.each<[string, SecurityGroupRule]>([
    ["ingress", { ...https, IsEgress: false }],
    ["another port", { ...https, FromPort: 444, ToPort: 444 }],
    ["ports below", { ...https, FromPort: 1, ToPort: 442 }],
    ["another protocol", { ...https, IpProtocol: "udp" }],
    ["another group", { ...https, GroupId: "sg-stock" }],
  ])("may not by a rule for %s", (_, rule) => expect(letsOut([rule], CALLER, 443)).toBe(false));
});

describe("the ports that one may call of another", () => {
  test("need an ingress rule of the callee and an egress rule of the caller", () => {
    const rule = into(group("sg-web"));
    expect(open([OUT, rule])).toEqual([[80, 80]]);
    expect(open([OUT])).toEqual([]);
    expect(open([rule])).toEqual([]);
    // each in its own direction
    expect(open([{ ...OUT, IsEgress: false }, rule])).toEqual([]);
    expect(open([OUT, { ...rule, IsEgress: true }])).toEqual([]);
    // each of its own side's groups
    expect(open([{ ...OUT, GroupId: "sg-stock" }, rule])).toEqual([]);
    expect(open([OUT, { ...rule, GroupId: "sg-web" }])).toEqual([]);
  });

  test("one of several groups is enough, on either side", () => {
    expect(open([{ ...OUT, GroupId: "sg-shared" }, into(group("sg-shared"))])).toEqual([[80, 80]]);
    expect(open([OUT, into(group("sg-other"))])).toEqual([]);
  });

  test("an egress rule may name the callee's group", () => {
    const rule = into(group("sg-web"));
    const out = { ...OUT, CidrIpv4: undefined };
    expect(open([{ ...out, ...group("sg-stock") }, rule])).toEqual([[80, 80]]);
    expect(open([{ ...out, ...group("sg-web") }, rule])).toEqual([]);
  });

  test("a group that refers to itself lets its members call each other", () => {
    const peer: Peer = { securityGroups: ["sg-stock"], cidrs: [] };
    const rules = [
      into(group("sg-stock")),
      { ...OUT, GroupId: "sg-stock", CidrIpv4: undefined, ...group("sg-stock") },
    ];
    expect(openPorts(rules, peer, peer, "tcp")).toEqual([[80, 80]]);
  });

  test.each([
    ["0.0.0.0/0", true],
    ["10.0.0.0/16", true],
    ["10.0.0.0/22", true],
    // one subnet of two: it may be in the other
    ["10.0.1.0/24", false],
    ["10.0.1.0/25", false],
    ["10.0.1.7/32", false],
    ["192.168.0.0/16", false],
  ])("a rule for %s counts: %s", (CidrIpv4, counts) =>
    expect(open([OUT, into({ CidrIpv4 })])).toEqual(counts ? [[80, 80]] : []),
  );

  test("a rule for a part of a subnet does not count: it may be in the other part", () => {
    const caller = { ...CALLER, cidrs: ["10.0.1.0/24"] };
    const counts = (CidrIpv4: string): number =>
      openPorts([OUT, into({ CidrIpv4 })], caller, CALLEE, "tcp").length;
    expect(["10.0.1.0/25", "10.0.1.0/24", "10.0.0.0/23"].map(counts)).toEqual([0, 1, 1]);
  });

  test("a range of IPv6, a prefix list and a task without known subnets are never matched", () => {
    expect(open([OUT, into({ CidrIpv6: "::/0" }), into({ PrefixListId: "pl-1" })])).toEqual([]);
    const nowhere = { ...CALLER, cidrs: [] };
    expect(openPorts([OUT, into({ CidrIpv4: "0.0.0.0/0" })], nowhere, CALLEE, "tcp")).toEqual([]);
  });

  test("are those that both directions have", () => {
    const out = { ...OUT, IpProtocol: "tcp", FromPort: 85, ToPort: 443 };
    const ranges = into({ ...group("sg-web"), FromPort: 80, ToPort: 90 });
    expect(
      open([out, ranges, into(group("sg-web")), into({ ...group("sg-shared"), FromPort: 443, ToPort: 444 })]),
    ).toEqual([
      [85, 90],
      [443, 443],
    ]);
  });

  test("are of one protocol", () => {
    const rule = into({ ...group("sg-web"), IpProtocol: "udp", FromPort: 53, ToPort: 53 });
    expect(open([OUT, rule])).toEqual([]);
    expect(open([OUT, rule], "udp")).toEqual([[53, 53]]);
    expect(open([{ ...OUT, IpProtocol: "tcp", FromPort: 0, ToPort: 65535 }, rule], "udp")).toEqual([]);
  });
});
