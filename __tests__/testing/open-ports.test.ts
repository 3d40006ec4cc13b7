import { openPorts } from "../../testing/open-ports";

const group = (name: string): string => `\${aws_security_group.${name}.id}`;
const tcp = (port: number) => ({ ip_protocol: "tcp", from_port: port, to_port: port });
const rule = (of: string, peer: string, more: object = tcp(80)) => ({
  security_group_id: group(of),
  referenced_security_group_id: group(peer),
  ...more,
});

describe("what is open between two groups", () => {
  test("is what both sides let through", () => {
    const ports = openPorts({
      aws_vpc_security_group_egress_rule: { e: rule("a", "b") },
      aws_vpc_security_group_ingress_rule: { i: rule("b", "a") },
    });
    expect(ports).toEqual({ between: ["a -> b:80"], toAddresses: [], fromAddresses: [], oneSided: [] });
  });

  test("is nothing where only one side agrees, on either side", () => {
    expect(openPorts({ aws_vpc_security_group_egress_rule: { e: rule("a", "b") } })).toMatchObject({
      between: [],
      oneSided: ["a -> b:80"],
    });
    expect(openPorts({ aws_vpc_security_group_ingress_rule: { i: rule("b", "a") } })).toMatchObject({
      between: [],
      oneSided: ["a -> b:80"],
    });
  });

  test("is nothing where the sides mean different ports, protocols or directions", () => {
    for (const ingress of [
      rule("b", "a", tcp(81)),
      rule("b", "a", { ...tcp(80), ip_protocol: "udp" }),
      rule("a", "b"),
    ]) {
      const ports = openPorts({
        aws_vpc_security_group_egress_rule: { e: rule("a", "b") },
        aws_vpc_security_group_ingress_rule: { i: ingress },
      });
      expect(ports.between).toEqual([]);
      expect(ports.oneSided).toHaveLength(2);
    }
  });

  test("may be a range of ports, another protocol or everything", () => {
    const lines = (more: object): readonly string[] =>
      openPorts({ aws_vpc_security_group_egress_rule: { e: rule("a", "b", more) } }).oneSided;
    expect(lines({ ip_protocol: "tcp", from_port: 80, to_port: 90 })).toEqual(["a -> b:80-90"]);
    expect(lines({ ...tcp(53), ip_protocol: "udp" })).toEqual(["a -> b:53/udp"]);
    expect(lines({ ip_protocol: "-1" })).toEqual(["a -> b:all/-1"]);
  });

  test("is sorted, and names a group that is not of the stack as it is", () => {
    const ports = openPorts({
      aws_vpc_security_group_egress_rule: {
        one: rule("z", "b"),
        two: { ...rule("a", "b"), referenced_security_group_id: "sg-0123abcd" },
      },
    });
    expect(ports.oneSided).toEqual(["a -> sg-0123abcd:80", "z -> b:80"]);
  });
});

describe("what is open to addresses", () => {
  const toAddress = (peer: object) => ({ security_group_id: group("a"), ...tcp(443), ...peer });

  test.each([
    [{ cidr_ipv4: "0.0.0.0/0" }, "0.0.0.0/0"],
    [{ cidr_ipv6: "::/0" }, "::/0"],
    [{ prefix_list_id: "pl-1" }, "pl-1"],
  ])("%j is told apart by its direction", (peer, name) => {
    expect(
      openPorts({
        aws_vpc_security_group_egress_rule: { e: toAddress(peer) },
        aws_vpc_security_group_ingress_rule: { i: toAddress(peer) },
      }),
    ).toEqual({
      between: [],
      oneSided: [],
      toAddresses: [`a -> ${name}:443`],
      fromAddresses: [`${name} -> a:443`],
    });
  });
});

describe("what could hide a rule is refused", () => {
  test.each(["ingress", "egress"])("%s inside a security group", (key) => {
    expect(() => openPorts({ aws_security_group: { a: { [key]: [] } } })).toThrow(
      "aws_security_group.a has rules inside",
    );
  });

  test("rules of the older resource, which stand beside the group", () => {
    expect(() => openPorts({ aws_security_group_rule: { old: { type: "ingress" } } })).toThrow(
      "aws_security_group_rule.old",
    );
  });

  test("a group without rules is not refused", () => {
    expect(openPorts({ aws_security_group: { a: {} } }).between).toEqual([]);
  });
});
