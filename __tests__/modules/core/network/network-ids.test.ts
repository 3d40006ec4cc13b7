import { Token } from "cdktf";
import {
  checkSecurityGroupId,
  checkSecurityGroups,
  checkSubnets,
  checkVpcId,
  isCidrBlock,
} from "../../../../modules/core/network/network-ids";
import { judging, SmallStack, testApp, variable } from "../../stack-of";

const stack = new SmallStack(testApp());
const hex = (n: number): string => n.toString(16).padStart(17, "0");
const subnets = (count: number): string[] => Array.from({ length: count }, (_, n) => `subnet-${hex(n)}`);
const groups = (count: number): string[] => Array.from({ length: count }, (_, n) => `sg-${hex(n)}`);
const reference = (name: string): string => Token.asString(variable(stack, name).value);

describe("the id of a VPC", () => {
  test.each(["vpc-0123abcd", "vpc-0123456789abcdef0", undefined])("may be %s", (id) => {
    expect(judging((stack) => checkVpcId(stack, "vpcId", id))).not.toThrow();
  });
  test("may be known to Terraform only", () => {
    expect(judging((stack) => checkVpcId(stack, "vpcId", reference("vpc")))).not.toThrow();
  });
  test.each(["", "vpc-", "vpc-0123abc", "vpc-0123abcde", "vpc-0123ABCD", "subnet-0123abcd", " vpc-0123abcd"])(
    "cannot be %p",
    (id) => expect(judging((stack) => checkVpcId(stack, "vpcId", id))).toThrow("8 or 17 hexadecimal digits"),
  );
});

describe("subnets", () => {
  const give = (list: readonly string[]) => judging((stack) => checkSubnets(stack, "subnets", list));

  test.each([1, 2, 16])("may be %s", (count) => expect(give(subnets(count))).not.toThrow());
  test.each([0, 17])("cannot be %s", (count) => expect(give(subnets(count))).toThrow("1 to 16 different"));
  test("cannot be one twice", () => {
    expect(give(["subnet-0123abcd", "subnet-0123abcd"])).toThrow("different subnet ids");
  });
  test("cannot be ids of something else", () => expect(give(["vpc-0123abcd"])).toThrow("subnets is"));
  test("may be references, alone or among ids, and a list that only Terraform knows", () => {
    expect(give([reference("s1"), "subnet-0123abcd"])).not.toThrow();
    expect(give(variable(stack, "subnets").listValue)).not.toThrow();
  });
  test("are still judged where some of them are references", () => {
    expect(give([reference("s2"), "nonsense"])).toThrow("subnets is");
  });
});

describe("security groups that are given", () => {
  const give = (list: readonly string[] | undefined) =>
    judging((stack) => checkSecurityGroups(stack, "securityGroups", list));

  test.each([0, 1, 4])("may be %s: the fifth is the service's own", (count) => {
    expect(give(groups(count))).not.toThrow();
  });
  test("may be left out", () => expect(give(undefined)).not.toThrow());
  test("cannot be five", () => expect(give(groups(5))).toThrow("at most 4"));
  test.each([[["sg-0123abcd", "sg-0123abcd"]], [["default"]], [["vpc-0123abcd"]]])("cannot be %j", (list) =>
    expect(give(list)).toThrow("securityGroups is"),
  );
});

describe("a security group", () => {
  test.each(["sg-0123abcd", "sg-0123456789abcdef0"])("may be %s", (id) => {
    expect(judging((stack) => checkSecurityGroupId(stack, "securityGroupId", id))).not.toThrow();
  });
  test("may be known to Terraform only", () => {
    expect(
      judging((stack) => checkSecurityGroupId(stack, "securityGroupId", reference("group"))),
    ).not.toThrow();
  });
  test.each(["", "default", "sg-0123abc", "vpc-0123abcd"])("cannot be %p", (id) => {
    expect(judging((stack) => checkSecurityGroupId(stack, "securityGroupId", id))).toThrow(
      "small: securityGroupId is",
    );
  });
});

describe("a network", () => {
  test.each(["0.0.0.0/0", "10.0.0.0/8", "10.1.2.0/24", "10.1.2.3/32", "128.0.0.0/1", "255.255.255.255/32"])(
    "may be %s",
    (block) => expect(isCidrBlock(block)).toBe(true),
  );
  test.each([
    "",
    "10.0.0.0",
    "10.0.0.0/33",
    "256.0.0.0/8",
    "10.0.0.1/8",
    "10.1.2.3/31",
    "10.0.0/8",
    "::/0",
    "10.0.0.0/8 ",
  ])("cannot be %p", (block) => expect(isCidrBlock(block)).toBe(false));
});
