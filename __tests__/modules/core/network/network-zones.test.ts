import { Network } from "../../../../modules/core/network/network";
import type { SynthesizedStack } from "../../../../testing";
import { dataOf, refusalOf, stackOf, textOf, variable, type SmallStack } from "../../stack-of";

type Zones = number | readonly string[];

const networkIn = (availabilityZones: Zones): SynthesizedStack =>
  stackOf((stack) => new Network(stack, "network", { availabilityZones, natGateways: "one-per-zone" }));
const refusal = (zones: (stack: SmallStack) => Zones): string =>
  refusalOf((stack) => new Network(stack, "network", { availabilityZones: zones(stack) }));
const isAccepted = (availabilityZones: Zones): boolean =>
  textOf((stack) => new Network(stack, "network", { availabilityZones })) !== "";
/** Every resource of the smaller network is in the larger one, and with the same arguments. */
const expectToHold = (larger: SynthesizedStack, smaller: SynthesizedStack): void => {
  const all = larger.addresses();
  expect(all.length).toBeGreaterThan(smaller.addresses().length);
  for (const address of smaller.addresses())
    expect(larger.resource(address)).toEqual(smaller.resource(address));
};

describe("the zones of a network, by their number,", () => {
  test("are the first that AWS lists, without those that one opts in to", () => {
    expect(dataOf(networkIn(3), "aws_availability_zones.network")).toMatchObject({
      state: "available",
      filter: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
    });
  });

  test("are refused in a plan for a region that has fewer", () => {
    expect(dataOf(networkIn(3), "aws_availability_zones.network")).toMatchObject({
      lifecycle: { postcondition: [{ condition: "${length(self.names) >= 3}" }] },
    });
  });

  test("do not move subnets that are there when AWS lists other zones", () => {
    const { lifecycle } = networkIn(2).resource("aws_subnet.network_private_0");
    expect(lifecycle).toEqual({ ignore_changes: ["availability_zone"] });
  });

  test.each([2, 3, 4, 5, 6, 7])("may become one more than %s, and nothing that is there changes", (count) => {
    expectToHold(networkIn(count + 1), networkIn(count));
  });

  test.each([2, 8])("may be %s", (count) => {
    expect(networkIn(count).addresses("aws_subnet")).toHaveLength(2 * count);
  });
  test.each([0, 1, 9, -2, 2.5, NaN])("cannot be %s", (count) => {
    expect(isAccepted(count)).toBe(false);
    expect(refusal(() => count)).toMatch(/^small\/network: availabilityZones is .*\n.*from 2 to 8\n/);
  });
  test("cannot be known to Terraform only: subnets are made for each", () => {
    expect(refusal((stack) => variable(stack, "zones", "number").numberValue)).toContain(
      'availabilityZones is "a reference that only Terraform can resolve"',
    );
  });
});

describe("the zones of a network, by their names,", () => {
  test("are these and no others, and nothing is looked up", () => {
    const stack = networkIn(["eu-central-1b", "eu-central-1a"]);
    expect(stack.resource("aws_subnet.network_private_a").availability_zone).toBe("eu-central-1a");
    expect(stack.resource("aws_subnet.network_public_b").availability_zone).toBe("eu-central-1b");
    expect(stack.toJson()).not.toContain("aws_availability_zones");
    expect(stack.resource("aws_subnet.network_private_a")).not.toHaveProperty("lifecycle");
  });

  test("have the same addresses wherever they stand in the list, so that one can be put in between", () => {
    const two = networkIn(["eu-central-1a", "eu-central-1c"]);
    expectToHold(networkIn(["eu-central-1a", "eu-central-1b", "eu-central-1c"]), two);
    expectToHold(networkIn(["eu-central-1c", "eu-central-1a", "eu-central-1f"]), two);
    expect(two.resource("aws_subnet.network_public_c").cidr_block).toBe("10.0.32.0/20");
    expect(two.resource("aws_subnet.network_private_c").cidr_block).toBe("10.0.160.0/20");
  });

  test.each([
    [["us-gov-west-1a", "us-gov-west-1b"]],
    [["cn-north-1a", "cn-north-1h"]],
    [["ap-southeast-2a", "ap-southeast-2b", "ap-southeast-2c"]],
  ])("may be %j", (zones) => expect(isAccepted(zones)).toBe(true));

  test.each([
    ["one", ["us-east-1a"]],
    ["none", []],
    ["one twice", ["us-east-1a", "us-east-1a"]],
    ["of two regions", ["us-east-1a", "us-west-2b"]],
    ["a region", ["us-east-1a", "us-east-1"]],
    ["a Local Zone", ["us-west-2a", "us-west-2-lax-1a"]],
    ["ids of zones", ["use1-az1", "use1-az2"]],
    ["in upper case", ["US-EAST-1A", "US-EAST-1B"]],
  ])("cannot be %s", (_, zones) => {
    expect(refusal(() => zones)).toContain("small/network: availabilityZones is");
    expect(refusal(() => zones)).toContain("different availability zones of one region");
  });

  test("cannot be known to Terraform only, neither the list nor one of them", () => {
    const message = "a reference that only Terraform can resolve";
    expect(refusal((stack) => variable(stack, "zones", "list(string)").listValue)).toContain(message);
    expect(refusal((stack) => ["us-east-1a", variable(stack, "zone").stringValue])).toContain(message);
  });
});
