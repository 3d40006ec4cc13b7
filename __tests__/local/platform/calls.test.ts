import type { SecurityGroupRule } from "@aws-sdk/client-ec2";
import { callsOf } from "../../../local/platform/calls";

const SERVICES = [
  { service: "stock", securityGroups: ["sg-stock", "sg-shared"] },
  { service: "signal", securityGroups: ["sg-signal", "sg-shared"] },
];

const ingress = (more: SecurityGroupRule): SecurityGroupRule => ({
  IsEgress: false,
  IpProtocol: "tcp",
  FromPort: 80,
  ToPort: 80,
  ...more,
});
const from = (group: string): Pick<SecurityGroupRule, "ReferencedGroupInfo"> => ({
  ReferencedGroupInfo: { GroupId: group },
});

test("an ingress rule from the group of one service to that of another is a call", () => {
  const rule = ingress({ GroupId: "sg-stock", ...from("sg-signal") });
  expect(callsOf(SERVICES, [rule])).toEqual([{ from: "signal", to: "stock", port: 80 }]);
});

test("egress rules, other protocols and groups of nobody are none", () => {
  const rule = { GroupId: "sg-stock", ...from("sg-signal") };
  expect(
    callsOf(SERVICES, [
      { ...ingress(rule), IsEgress: true },
      { ...ingress(rule), IpProtocol: "udp" },
      { ...ingress(rule), GroupId: "sg-efs" },
    ]),
  ).toEqual([]);
});

test("who is no service is named by what the rule says", () => {
  const calls = callsOf(SERVICES, [
    ingress({ GroupId: "sg-stock", CidrIpv4: "10.0.0.0/16" }),
    ingress({ GroupId: "sg-stock", CidrIpv6: "fd00::/8" }),
    ingress({ GroupId: "sg-stock", PrefixListId: "pl-1" }),
    ingress({ GroupId: "sg-stock", ...from("sg-load-balancer") }),
  ]);
  expect(calls.map((call) => call.from)).toEqual(["10.0.0.0/16", "fd00::/8", "pl-1", "sg-load-balancer"]);
});

test("a group that all have lets everybody call everybody, each once", () => {
  const rule = ingress({ GroupId: "sg-shared", ...from("sg-shared"), IpProtocol: "-1", FromPort: -1 });
  expect(callsOf(SERVICES, [rule, rule]).map(({ from, to, port }) => `${from} ${to} ${port}`)).toEqual([
    "signal signal 0",
    "signal stock 0",
    "stock signal 0",
    "stock stock 0",
  ]);
});
