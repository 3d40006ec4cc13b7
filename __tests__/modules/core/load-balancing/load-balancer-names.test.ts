import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { TerraformStack } from "cdktf";
import { hashedName, hashOf } from "../../../../modules/core/load-balancing/load-balancer-names";
import { SmallStack, testApp, stackOf, variable } from "../../stack-of";

const nameIn = (stackId: string, purpose: string, unchangeable: (string | number)[] = [], id = "group") =>
  hashedName(new LbTargetGroup(new SmallStack(testApp(), stackId), id), purpose, unchangeable);

describe("the name of a load balancer or a target group", () => {
  test("says whose it is, and has a hash that is the same everywhere", () => {
    expect(nameIn("shop", "payments", ["vpc-1", 80])).toMatch(/^shop-payments-[0-9a-f]{8}$/);
    expect(nameIn("shop", "payments", ["vpc-1", 80])).toBe(nameIn("shop", "payments", ["vpc-1", 80]));
  });

  test("is another one for other values that cannot be changed in place, another construct and another stack", () => {
    const names = [
      nameIn("shop", "payments", ["vpc-1", 80]),
      nameIn("shop", "payments", ["vpc-1", 81]),
      nameIn("shop", "payments", ["vpc-2", 80]),
      nameIn("shop", "payments", ["vpc-1", 80], "other"),
      nameIn("shop-two", "payments", ["vpc-1", 80]),
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  test("is another one in each of two stacks whose names differ at the end only", () => {
    const [stack, purpose] = ["a-stack-with-quite-a-long-name", "payments"];
    expect(nameIn(`${stack}-1`, purpose)).not.toBe(nameIn(`${stack}-2`, purpose));
  });

  test("is another one for each of two constructs in a stack that names elements in CDKTF's own way", () => {
    const stack = new TerraformStack(testApp(), "plain");
    const names = ["a", "b"].map((id) => hashedName(new LbTargetGroup(stack, id), "payments", []));
    expect(names[0]).not.toBe(names[1]);
  });

  test.each([
    ["a-very-long-name-of-a-stack-indeed", "payments"],
    ["internal", "payments"],
    ["_a.b_", "payments service"],
    ["shop", "p".repeat(100)],
    ["_", "_"],
    ["aaaaaaaaaaaaaaaaaaaaaa", "-b"],
  ])("is what AWS takes in the stack %s for %s", (stackId, purpose) => {
    const name = nameIn(stackId, purpose);
    expect(name).toMatch(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])$/);
    expect(name).not.toMatch(/^internal-|--/);
  });

  test("leaves room for what Terraform makes of a value that only Terraform knows", () => {
    const stack = stackOf((stack) => {
      const group = new LbTargetGroup(stack, "group");
      group.name = hashedName(group, "p".repeat(100), [variable(stack, "vpc_id").stringValue, 80]);
    });
    const { name } = stack.resource("aws_lb_target_group.group");
    expect(name).toMatch(/^small-p+-[0-9a-f]{8}-\$\{substr\(sha1\(var\.vpc_id\), 0, 4\)\}$/);
    expect(String(name).replace(/\$\{.*\}/, "0123")).toHaveLength(32);
  });

  test("is another one for each value that only Terraform knows: a port is hashed too", () => {
    const stack = stackOf((stack) => {
      const group = new LbTargetGroup(stack, "group");
      group.name = hashedName(group, "x", ["vpc-1", variable(stack, "port", "number").numberValue]);
    });
    expect(stack.resource("aws_lb_target_group.group").name).toContain("sha1(var.port)");
  });
});

test("the hash is FNV-1a, whose values are known", () => {
  expect(hashOf("")).toBe(0x811c9dc5);
  expect(hashOf("a")).toBe(0xe40c292c);
  expect(hashOf("foobar")).toBe(0xbf9cf968);
});
