import { Network } from "../../../../modules/core/network/network";
import { dataOf, refusalOf, stackOf, SUBNETS, valuesOf, variable, VPC } from "../../stack-of";

describe("a network that exists already", () => {
  const attributes = { vpcId: VPC, privateSubnetIds: SUBNETS };

  test("is looked up, and its plan is refused where one of the DNS attributes is off", () => {
    const stack = stackOf((stack) => Network.fromNetworkAttributes(stack, "network", attributes));
    expect(stack.addresses()).toEqual([]);
    expect(dataOf(stack, "aws_vpc.network")).toMatchObject({
      id: VPC,
      lifecycle: {
        postcondition: [
          { condition: "${self.enable_dns_support}" },
          { condition: "${self.enable_dns_hostnames}" },
        ],
      },
    });
  });

  test("has what is given and, where they are not given, the addresses of its VPC and nothing else", () => {
    stackOf((stack) => {
      const network = Network.fromNetworkAttributes(stack, "network", attributes);
      expect(network).toMatchObject({
        ...attributes,
        publicSubnetIds: [],
        privateRouteTableIds: [],
        availabilityZones: [],
      });
      const all = {
        ...attributes,
        cidrBlock: "10.1.0.0/16",
        publicSubnetIds: ["subnet-0123abcd"],
        privateRouteTableIds: ["rtb-0123abcd"],
        availabilityZones: ["eu-central-1a"],
      };
      expect(Network.fromNetworkAttributes(stack, "other", all)).toMatchObject(all);
    });
    const values = valuesOf((stack) => ({
      cidrBlock: Network.fromNetworkAttributes(stack, "network", attributes).cidrBlock,
    }));
    expect(values).toEqual({ cidrBlock: "${data.aws_vpc.network.cidr_block}" });
  });

  test("may be known to Terraform only", () => {
    const stack = stackOf((stack) => {
      Network.fromNetworkAttributes(stack, "network", {
        vpcId: variable(stack, "vpc_id").stringValue,
        privateSubnetIds: variable(stack, "subnets", "list(string)").listValue,
        publicSubnetIds: variable(stack, "public_subnets", "list(string)").listValue,
        cidrBlock: variable(stack, "cidr_block").stringValue,
      });
    });
    expect(dataOf(stack, "aws_vpc.network")).toMatchObject({ id: "${var.vpc_id}" });
  });

  test.each([
    [{ vpcId: "vpc-x" }, 'vpcId is "vpc-x"'],
    [{ privateSubnetIds: [] }, "privateSubnetIds is []"],
    [{ publicSubnetIds: ["x"] }, 'publicSubnetIds is ["x"]'],
    [{ cidrBlock: "10.0.0.1/16" }, 'cidrBlock is "10.0.0.1/16"'],
  ])("cannot be %j", (wrong, message) => {
    expect(
      refusalOf((stack) => Network.fromNetworkAttributes(stack, "network", { ...attributes, ...wrong })),
    ).toContain(`small/network: ${message}`);
  });
});
