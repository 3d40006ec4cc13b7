import { OpenPort, SecurityGroup } from "../../../../modules/core/network/security-group";
import { refusalOf, stackOf, variable, VPC } from "../../stack-of";

const props = { vpcId: VPC, purpose: "stock-service", description: "Tasks of stock-service" };

describe("a security group", () => {
  const stack = stackOf((stack) => new SecurityGroup(stack, "group", props));
  const group = stack.resource("aws_security_group.group");

  test("lets nothing through and takes no rule away that others make", () => {
    expect(stack.openPorts()).toEqual({ between: [], toAddresses: [], fromAddresses: [], oneSided: [] });
    expect(group).not.toHaveProperty("ingress");
    expect(group).not.toHaveProperty("egress");
  });

  test("has a name of its own each time, so that the new one can be there before the old one goes", () => {
    expect(group).toMatchObject({
      vpc_id: VPC,
      name_prefix: "small-stock-service-",
      tags: { Name: "small-stock-service" },
      description: "Tasks of stock-service",
      lifecycle: { create_before_destroy: true },
    });
    expect(group).not.toHaveProperty("name");
  });

  test("may lie in a VPC that only Terraform knows", () => {
    const stack = stackOf((stack) => {
      new SecurityGroup(stack, "group", { ...props, vpcId: variable(stack, "vpc_id").stringValue });
    });
    expect(stack.resource("aws_security_group.group").vpc_id).toBe("${var.vpc_id}");
  });

  test("is refused with an id that is no VPC's", () => {
    expect(refusalOf((stack) => new SecurityGroup(stack, "group", { ...props, vpcId: "vpc-x" }))).toMatch(
      /^small\/group: vpcId is "vpc-x"\n/,
    );
  });

  test.each(["letters, digits", "._-:/()#,@[]+=;{}!$*", "x".repeat(255)])(
    "may be described as %s",
    (description) => {
      expect(() =>
        stackOf((stack) => new SecurityGroup(stack, "group", { ...props, description })),
      ).not.toThrow();
    },
  );
  test.each(['the "best"', "a → b", "für Größen", "it's", "x".repeat(256)])(
    "cannot be described as %s: EC2 refuses the characters or the length",
    (description) => {
      expect(refusalOf((stack) => new SecurityGroup(stack, "group", { ...props, description }))).toContain(
        "small/group: description",
      );
    },
  );
});

describe("an open port", () => {
  const open = (port: number, description = "a calls b") =>
    stackOf((stack) => {
      const [from, to] = ["a", "b"].map((id) => new SecurityGroup(stack, id, props).securityGroupId);
      new OpenPort(stack, "a_to_b", { from: from ?? "", to: to ?? "", port, description });
    });

  test("is one TCP port, out of the one group and into the other", () => {
    const stack = open(8080);
    expect(stack.openPorts()).toEqual({
      between: ["a -> b:8080"],
      toAddresses: [],
      fromAddresses: [],
      oneSided: [],
    });
    const common = { ip_protocol: "tcp", from_port: 8080, to_port: 8080, description: "a calls b" };
    expect(stack.resource("aws_vpc_security_group_egress_rule.a_to_b")).toMatchObject({
      ...common,
      security_group_id: "${aws_security_group.a.id}",
      referenced_security_group_id: "${aws_security_group.b.id}",
    });
    expect(stack.resource("aws_vpc_security_group_ingress_rule.a_to_b")).toMatchObject({
      ...common,
      security_group_id: "${aws_security_group.b.id}",
      referenced_security_group_id: "${aws_security_group.a.id}",
    });
  });

  test("gives out both rules, for whoever must not start before them", () => {
    stackOf((stack) => {
      const { rules } = new OpenPort(stack, "x", {
        from: "sg-0123abcd",
        to: "sg-4567cdef",
        port: 1,
        description: "",
      });
      expect(rules.map(({ terraformResourceType }) => terraformResourceType)).toEqual([
        "aws_vpc_security_group_egress_rule",
        "aws_vpc_security_group_ingress_rule",
      ]);
    });
  });

  test("is refused outside 1 to 65535", () => {
    expect(() => open(0)).toThrow("port");
    expect(() => open(65536)).toThrow("port");
    expect(() => open(65535)).not.toThrow();
  });

  test("is refused with a description that EC2 does not allow", () => {
    expect(() => open(80, "a → b")).toThrow("description");
  });
});
