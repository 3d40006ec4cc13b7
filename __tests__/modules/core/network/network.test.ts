import { TerraformOutput } from "cdktf";
import { Network, type NetworkProps } from "../../../../modules/core/network/network";
import type { SynthesizedStack } from "../../../../testing";
import { refusalOf, stackOf } from "../../stack-of";

const networkWith = (props: NetworkProps = {}): SynthesizedStack =>
  stackOf((stack) => new Network(stack, "network", props));
/** `network_public` for `aws_route.network_public`. */
const nameIn = (address: string): string => address.split(".")[1] ?? "";
const argument = (stack: SynthesizedStack, type: string, name: string): Record<string, unknown> =>
  Object.fromEntries<unknown>(
    stack.addresses(type).map((address) => [nameIn(address), stack.resource(address)[name]]),
  );
const cidrBlocks = (stack: SynthesizedStack): Record<string, unknown> =>
  argument(stack, "aws_subnet", "cidr_block");
/** What each route of the stack leads to everything outside the VPC through. */
const waysOut = (stack: SynthesizedStack): Record<string, unknown> =>
  Object.fromEntries<unknown>(
    stack.addresses("aws_route").map((address) => {
      const { route_table_id, destination_cidr_block, nat_gateway_id, gateway_id } = stack.resource(address);
      expect(destination_cidr_block).toBe("0.0.0.0/0");
      return [String(route_table_id), nat_gateway_id ?? gateway_id];
    }),
  );
const table = (name: string): string => `\${aws_route_table.network_${name}.id}`;
const subnetsOf = (kind: string, ...keys: string[]): string[] =>
  keys.map((key) => `\${aws_route_table_association.network_${kind}_${key}.subnet_id}`);

describe("a network", () => {
  const stack = networkWith();

  test("has both DNS attributes on: without them no name of a service resolves", () => {
    expect(stack.resource("aws_vpc.network")).toMatchObject({
      cidr_block: "10.0.0.0/16",
      enable_dns_support: true,
      enable_dns_hostnames: true,
    });
  });

  test("has a public and a private subnet in each of two zones", () => {
    expect(cidrBlocks(stack)).toEqual({
      network_public_0: "10.0.0.0/20",
      network_public_1: "10.0.16.0/20",
      network_private_0: "10.0.128.0/20",
      network_private_1: "10.0.144.0/20",
    });
    expect(argument(stack, "aws_subnet", "availability_zone")).toEqual({
      network_public_0: "${element(data.aws_availability_zones.network.names, 0)}",
      network_public_1: "${element(data.aws_availability_zones.network.names, 1)}",
      network_private_0: "${element(data.aws_availability_zones.network.names, 0)}",
      network_private_1: "${element(data.aws_availability_zones.network.names, 1)}",
    });
  });

  test("gives no subnet's inhabitants public addresses that did not ask for them", () => {
    expect(new Set(Object.values(argument(stack, "aws_subnet", "map_public_ip_on_launch")))).toEqual(
      new Set([false]),
    );
  });

  test("routes each subnet by the table of its kind", () => {
    expect(argument(stack, "aws_route_table_association", "route_table_id")).toEqual({
      network_public_0: table("public"),
      network_public_1: table("public"),
      network_private_0: table("private_0"),
      network_private_1: table("private_1"),
    });
    expect(argument(stack, "aws_route_table_association", "subnet_id")).toEqual(
      Object.fromEntries<unknown>(
        stack.addresses("aws_subnet").map((address) => [nameIn(address), `\${${address}.id}`]),
      ),
    );
  });

  test("has everything in its one VPC", () => {
    for (const type of [
      "aws_subnet",
      "aws_route_table",
      "aws_internet_gateway",
      "aws_default_security_group",
    ]) {
      expect(new Set(Object.values(argument(stack, type, "vpc_id")))).toEqual(
        new Set(["${aws_vpc.network.id}"]),
      );
    }
  });

  test("empties the default security group and opens nothing to the world", () => {
    expect(stack.resource("aws_default_security_group.network")).toMatchObject({ ingress: [], egress: [] });
    expect(stack.openPorts()).toEqual({ between: [], toAddresses: [], fromAddresses: [], oneSided: [] });
  });

  test("says in the console what each thing is", () => {
    const names = [
      ...["aws_vpc", "aws_subnet", "aws_route_table", "aws_nat_gateway", "aws_eip", "aws_internet_gateway"],
      "aws_default_security_group",
    ].flatMap((type) =>
      Object.values(argument(stack, type, "tags")).map((tags) => (tags as { Name: string }).Name),
    );
    expect(new Set(names)).toEqual(
      new Set([
        "small-network",
        "small-network-public",
        "small-network-public-0",
        "small-network-public-1",
        "small-network-private-0",
        "small-network-private-1",
        "small-network-nat-0",
        "small-network-default-unused",
      ]),
    );
  });

  test("may have other addresses, and more than one may be in a stack", () => {
    const stack = stackOf((stack) => {
      new Network(stack, "network");
      new Network(stack, "other", { cidrBlock: "192.168.0.0/24", natGateways: "none" });
    });
    expect(stack.resource("aws_subnet.other_public_1").cidr_block).toBe("192.168.0.16/28");
    expect(stack.resource("aws_subnet.other_private_1").cidr_block).toBe("192.168.0.144/28");
  });

  test.each([["10.0.0.0/8"], ["10.0.0.1/16"], ["10.0.0.0/25"]])(
    "cannot have the addresses %s",
    (cidrBlock) => {
      expect(refusalOf((stack) => new Network(stack, "network", { cidrBlock }))).toMatch(
        new RegExp(
          `^small/network: cidrBlock is "${cidrBlock}"\n.*\n.*\n    source:  https://docs.aws.amazon.com/`,
        ),
      );
    },
  );
});

describe("the way out of a network", () => {
  const PUBLIC = { [table("public")]: "${aws_internet_gateway.network.id}" };

  test("leads private subnets through one NAT gateway, in the first public subnet", () => {
    const stack = networkWith({ availabilityZones: 3 });
    expect(waysOut(stack)).toEqual({
      ...PUBLIC,
      [table("private_0")]: "${aws_nat_gateway.network_0.id}",
      [table("private_1")]: "${aws_nat_gateway.network_0.id}",
      [table("private_2")]: "${aws_nat_gateway.network_0.id}",
    });
    expect(stack.resource("aws_nat_gateway.network_0")).toMatchObject({
      allocation_id: "${aws_eip.network_nat_0.id}",
      subnet_id: subnetsOf("public", "0")[0],
    });
    expect(stack.resource("aws_eip.network_nat_0")).toMatchObject({
      domain: "vpc",
      depends_on: ["aws_internet_gateway.network"],
    });
    expect(stack.addresses("aws_eip")).toHaveLength(1);
  });

  test("leads each zone's private subnet through that zone's own NAT gateway where there is one per zone", () => {
    const stack = networkWith({
      availabilityZones: ["us-east-1b", "us-east-1d"],
      natGateways: "one-per-zone",
    });
    expect(waysOut(stack)).toEqual({
      ...PUBLIC,
      [table("private_b")]: "${aws_nat_gateway.network_b.id}",
      [table("private_d")]: "${aws_nat_gateway.network_d.id}",
    });
    expect(argument(stack, "aws_nat_gateway", "subnet_id")).toEqual({
      network_b: subnetsOf("public", "b")[0],
      network_d: subnetsOf("public", "d")[0],
    });
    expect(argument(stack, "aws_nat_gateway", "allocation_id")).toEqual({
      network_b: "${aws_eip.network_nat_b.id}",
      network_d: "${aws_eip.network_nat_d.id}",
    });
    expect(argument(stack, "aws_subnet", "availability_zone")).toMatchObject({
      network_public_b: "us-east-1b",
      network_private_b: "us-east-1b",
    });
  });

  test("is none for private subnets without NAT gateways, and public ones keep theirs", () => {
    const stack = networkWith({ natGateways: "none" });
    expect(waysOut(stack)).toEqual(PUBLIC);
    expect(stack.addresses("aws_nat_gateway")).toEqual([]);
    expect(stack.addresses("aws_eip")).toEqual([]);
    expect(stack.addresses("aws_route_table_association")).toHaveLength(4);
  });

  test("is there before anything that uses the subnets", () => {
    const dependsOn = argument(networkWith(), "aws_route_table_association", "depends_on");
    expect(dependsOn).toEqual({
      network_public_0: ["aws_route.network_public"],
      network_public_1: ["aws_route.network_public"],
      network_private_0: ["aws_route.network_private_0"],
      network_private_1: ["aws_route.network_private_1"],
    });
  });

  test("changes from one NAT gateway to one per zone by adding to what is there", () => {
    const single = networkWith().addresses();
    expect(networkWith({ natGateways: "one-per-zone" }).addresses()).toEqual(expect.arrayContaining(single));
  });

  test("cannot be something else", () => {
    expect(refusalOf((stack) => new Network(stack, "network", { natGateways: "two" as "single" }))).toMatch(
      /^small\/network: natGateways is "two"\n.*"single", "one-per-zone" or "none"/,
    );
  });
});

describe("endpoints of a network", () => {
  const stack = networkWith({ natGateways: "none", vpcEndpoints: ["s3", "ecr.api"] });

  test("are in its private subnets and their route tables", () => {
    expect(stack.resource("aws_vpc_endpoint.network_s3").route_table_ids).toEqual([
      table("private_0"),
      table("private_1"),
    ]);
    expect(stack.resource("aws_vpc_endpoint.network_ecr_api").subnet_ids).toEqual([
      "${aws_subnet.network_private_0.id}",
      "${aws_subnet.network_private_1.id}",
    ]);
  });

  test("let in HTTPS from its own addresses and nothing else", () => {
    expect(stack.openPorts()).toEqual({
      between: [],
      toAddresses: [],
      fromAddresses: ["10.0.0.0/16 -> network_endpoint:443"],
      oneSided: [],
    });
  });

  test("are there before anything that uses the private subnets, and after nothing of it", () => {
    expect(stack.resource("aws_route_table_association.network_private_1").depends_on).toEqual([
      "aws_vpc_endpoint.network_s3",
      "aws_vpc_security_group_ingress_rule.network_endpoint",
      "aws_vpc_endpoint.network_ecr_api",
    ]);
  });

  test("may stand beside NAT gateways, and whoever uses the subnets waits for both", () => {
    const stack = networkWith({ vpcEndpoints: ["s3"] });
    expect(stack.resource("aws_route_table_association.network_private_1").depends_on).toEqual([
      "aws_route.network_private_1",
      "aws_vpc_endpoint.network_s3",
    ]);
  });

  test("are none unless asked for", () => {
    expect(networkWith().addresses("aws_vpc_endpoint")).toEqual([]);
    expect(networkWith({ vpcEndpoints: [] }).addresses("aws_vpc_endpoint")).toEqual([]);
  });

  test("are refused where they are unknown", () => {
    expect(refusalOf((stack) => new Network(stack, "network", { vpcEndpoints: ["sns" as "s3"] }))).toContain(
      'small/network/endpoint: services is ["sns"]',
    );
  });
});

describe("what a network gives out", () => {
  const outputs = (props: NetworkProps): Record<string, unknown> => {
    const stack = stackOf((stack) => {
      const network = new Network(stack, "network", props);
      const { vpcId, publicSubnetIds, privateSubnetIds, privateRouteTableIds } = network;
      const values = { vpcId, publicSubnetIds, privateSubnetIds, privateRouteTableIds };
      const more = { zones: network.availabilityZones, ips: network.natGatewayPublicIps };
      for (const [id, value] of Object.entries({ ...values, ...more }))
        new TerraformOutput(stack, id, { value });
      expect(network.cidrBlock).toBe("10.0.0.0/16");
    });
    return Object.fromEntries<unknown>(stack.outputs().map((name) => [name, stack.output(name)]));
  };

  test("are ids, whose users wait for the routes, and the zones as they are", () => {
    expect(outputs({})).toEqual({
      vpc_id: "${aws_vpc.network.id}",
      public_subnet_ids: subnetsOf("public", "0", "1"),
      private_subnet_ids: subnetsOf("private", "0", "1"),
      private_route_table_ids: [table("private_0"), table("private_1")],
      zones: [
        "${aws_subnet.network_private_0.availability_zone}",
        "${aws_subnet.network_private_1.availability_zone}",
      ],
      ips: ["${aws_eip.network_nat_0.public_ip}"],
    });
  });

  test("are in the order of the zones that are named, whose names are known at once", () => {
    const availabilityZones = ["us-east-1f", "us-east-1a"];
    expect(outputs({ availabilityZones, natGateways: "one-per-zone" })).toMatchObject({
      public_subnet_ids: subnetsOf("public", "f", "a"),
      private_subnet_ids: subnetsOf("private", "f", "a"),
      private_route_table_ids: [table("private_f"), table("private_a")],
      zones: availabilityZones,
      ips: ["${aws_eip.network_nat_f.public_ip}", "${aws_eip.network_nat_a.public_ip}"],
    });
  });
});
