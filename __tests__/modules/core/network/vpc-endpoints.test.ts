import { Network } from "../../../../modules/core/network/network";
import {
  VpcEndpoints,
  type VpcEndpointService,
  type VpcEndpointsProps,
} from "../../../../modules/core/network/vpc-endpoints";
import type { SynthesizedStack } from "../../../../testing";
import { refusalOf, stackOf, SUBNETS, VPC, type SmallStack } from "../../stack-of";

const network = {
  vpcId: VPC,
  cidrBlock: "10.1.0.0/16",
  privateSubnetIds: SUBNETS,
  privateRouteTableIds: ["rtb-0123abcd", "rtb-4567cdef"],
};
const make = (stack: SmallStack, props: Partial<VpcEndpointsProps> = {}): VpcEndpoints =>
  new VpcEndpoints(stack, "vpc_endpoint", { network, ...props });
const endpointsFor = (services?: readonly VpcEndpointService[]): SynthesizedStack =>
  stackOf((stack) => make(stack, { services }));
const names = (stack: SynthesizedStack): Record<string, unknown> =>
  Object.fromEntries<unknown>(
    stack
      .addresses("aws_vpc_endpoint")
      .map((address) => [address.split(".")[1] ?? "", stack.resource(address).service_name]),
  );
const IN_REGION = "com.amazonaws.${data.aws_region.current.id}";
const IN_PARTITION = "${data.aws_partition.vpc_endpoint.reverse_dns_prefix}.${data.aws_region.current.id}";

describe("endpoints of a VPC", () => {
  const stack = endpointsFor();

  test("are by default what a Fargate task needs to pull from ECR and to log", () => {
    expect(names(stack)).toEqual({
      s3: `${IN_REGION}.s3`,
      ecr_api: `${IN_PARTITION}.ecr.api`,
      ecr_dkr: `${IN_PARTITION}.ecr.dkr`,
      logs: `${IN_REGION}.logs`,
    });
  });

  test("lead to S3 by the route tables of the private subnets", () => {
    expect(stack.resource("aws_vpc_endpoint.s3")).toMatchObject({
      vpc_id: VPC,
      vpc_endpoint_type: "Gateway",
      route_table_ids: network.privateRouteTableIds,
    });
    expect(stack.resource("aws_vpc_endpoint.s3")).not.toHaveProperty("private_dns_enabled");
  });

  test("lead to all else by an address in each private subnet, under the ordinary name of the API", () => {
    for (const name of ["ecr_api", "ecr_dkr", "logs"]) {
      expect(stack.resource(`aws_vpc_endpoint.${name}`)).toMatchObject({
        vpc_id: VPC,
        vpc_endpoint_type: "Interface",
        subnet_ids: SUBNETS,
        security_group_ids: ["${aws_security_group.vpc_endpoint.id}"],
        private_dns_enabled: true,
      });
    }
  });

  test("let in HTTPS from the VPC's own addresses and nothing else", () => {
    expect(stack.openPorts()).toEqual({
      between: [],
      toAddresses: [],
      fromAddresses: ["10.1.0.0/16 -> vpc_endpoint:443"],
      oneSided: [],
    });
    expect(stack.resource("aws_security_group.vpc_endpoint")).toMatchObject({
      vpc_id: VPC,
      name_prefix: "small-vpc-endpoint-",
    });
  });

  test("may be for secrets, parameters, execute-command, keys, Service Connect and container instances", () => {
    const services = [
      "secretsmanager",
      "ssm",
      "ssmmessages",
      "kms",
      "ecs",
      "ecs-agent",
      "ecs-telemetry",
    ] as const;
    expect(names(endpointsFor(services))).toEqual(
      Object.fromEntries<unknown>(
        services.map((service) => [service.replace("-", "_"), `${IN_REGION}.${service}`]),
      ),
    );
  });

  test("say in the console what they lead to", () => {
    expect(stack.resource("aws_vpc_endpoint.ecr_dkr").tags).toEqual({ Name: "small-vpc-endpoint-ecr.dkr" });
  });

  test("need no security group where only S3 is called", () => {
    const stack = stackOf((stack) => {
      expect(make(stack, { services: ["s3"] }).securityGroupId).toBeUndefined();
    });
    expect(stack.addresses()).toEqual(["aws_vpc_endpoint.s3"]);
  });

  test("give out their group and all that a task waits for", () => {
    stackOf((stack) => {
      const { securityGroupId, resources } = make(stack, { services: ["s3", "logs", "ssm"] });
      expect(securityGroupId).toBeDefined();
      expect(resources.map(({ terraformResourceType }) => terraformResourceType)).toEqual([
        "aws_vpc_endpoint",
        "aws_vpc_security_group_ingress_rule",
        "aws_vpc_endpoint",
        "aws_vpc_endpoint",
      ]);
    });
  });

  test("can be added to a network that exists already, whose addresses are looked up", () => {
    const stack = stackOf((stack) => {
      const { vpcId, privateSubnetIds, privateRouteTableIds } = network;
      const attributes = { vpcId, privateSubnetIds, privateRouteTableIds };
      make(stack, { network: Network.fromNetworkAttributes(stack, "network", attributes) });
    });
    expect(stack.openPorts().fromAddresses).toEqual([
      "${data.aws_vpc.network.cidr_block} -> vpc_endpoint:443",
    ]);
  });

  test.each([
    ["none", []],
    ["one twice", ["logs", "logs"]],
    ["unknown ones", ["ecr"]],
    ["full names", ["com.amazonaws.eu-central-1.logs"]],
  ])("cannot be for %s", (_, services) => {
    const message = refusalOf((stack) => make(stack, { services: services as VpcEndpointService[] }));
    expect(message).toContain(`small/vpc_endpoint: services is ${JSON.stringify(services)}\n`);
    expect(message).toContain("s3, ecr.api, ecr.dkr, logs, secretsmanager, ssm, ssmmessages");
  });

  test("cannot lead to S3 where no route table is known, and can lead elsewhere there", () => {
    const without = { ...network, privateRouteTableIds: [] };
    expect(refusalOf((stack) => make(stack, { network: without }))).toContain(
      "small/vpc_endpoint: network.privateRouteTableIds is []",
    );
    expect(
      stackOf((stack) => make(stack, { network: without, services: ["logs"] })).addresses("aws_vpc_endpoint"),
    ).toEqual(["aws_vpc_endpoint.logs"]);
  });
});
