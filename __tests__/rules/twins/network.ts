import { ImportedNetwork, type NetworkAttributes } from "../../../modules/core/network/network-attributes";
import { Network, type NetworkProps } from "../../../modules/core/network/network";
import { VpcEndpoints, type VpcEndpointsProps } from "../../../modules/core/network/vpc-endpoints";
import { network } from "../../../modules/rules";
import { SUBNETS, VPC, type SmallStack } from "../../modules/stack-of";
import { twin, type Twin } from "./twin";

const make = (stack: SmallStack, props: NetworkProps): unknown => new Network(stack, "network", props);
const given = (stack: SmallStack, attributes: Partial<NetworkAttributes>): unknown =>
  new ImportedNetwork(stack, "network", { vpcId: VPC, privateSubnetIds: SUBNETS, ...attributes });
const PLACE: VpcEndpointsProps["network"] = {
  vpcId: VPC,
  cidrBlock: "10.0.0.0/16",
  privateSubnetIds: SUBNETS,
  privateRouteTableIds: ["rtb-0123abcd"],
};
const endpoints = (stack: SmallStack, services: readonly string[], place = PLACE, id = "endpoint"): unknown =>
  new VpcEndpoints(stack, id, { network: place, services: services as VpcEndpointsProps["services"] });
const hex = (digits: number): string => digits.toString(16).padStart(17, "0");
const subnets = (count: number): string[] => Array.from({ length: count }, (_, n) => `subnet-${hex(n)}`);
/** Endpoints in one place, and then in another one. */
const endpointsTwice =
  (services: readonly string[]) =>
  (stack: SmallStack, more: Partial<VpcEndpointsProps["network"]>): void => {
    endpoints(stack, services);
    endpoints(stack, services, { ...PLACE, ...more }, "second");
  };

export const NETWORK_TWINS: readonly Twin[] = [
  twin(network.vpcId, (stack, vpcId) => given(stack, { vpcId }), {
    bad: "vpc-0123ABCD",
    good: "vpc-0123abcd",
  }),
  twin(network.vpcId, (stack, vpcId) => given(stack, { vpcId }), {
    bad: "vpc-0123456789abcdef01",
    good: "vpc-0123456789abcdef0",
  }),
  ...[
    { bad: [], good: subnets(1) },
    { bad: subnets(17), good: subnets(16) },
    { bad: ["subnet-0123abcd", "subnet-0123abcd"], good: ["subnet-0123abcd", "subnet-0123abce"] },
    { bad: ["vpc-0123abcd"], good: ["subnet-0123abcd"] },
  ].map((values) =>
    twin(network.subnets, (stack, privateSubnetIds) => given(stack, { privateSubnetIds }), values),
  ),
  twin(network.cidrBlock, (stack, cidrBlock) => given(stack, { cidrBlock }), {
    bad: "10.0.0.1/16",
    good: "10.0.0.0/16",
  }),
  twin(network.cidrBlock, (stack, cidrBlock) => given(stack, { cidrBlock }), {
    bad: "10.256.0.0/16",
    good: "10.255.0.0/16",
  }),
  ...[
    { bad: "10.0.0.0/15", good: "10.0.0.0/16" },
    { bad: "10.0.0.0/25", good: "10.0.0.0/24" },
    { bad: "10.0.0.1/16", good: "10.0.0.0/16" },
  ].map((values) => twin(network.size, (stack, cidrBlock) => make(stack, { cidrBlock }), values)),
  twin(network.small, (stack, cidrBlock) => make(stack, { cidrBlock }), {
    bad: "10.0.0.0/24",
    good: "10.0.0.0/23",
  }),
  ...[
    { bad: 1, good: 2 },
    { bad: 9, good: 8 },
    { bad: 2.5, good: 2 },
    { bad: ["us-east-1a"], good: ["us-east-1a", "us-east-1b"] },
    { bad: ["us-east-1a", "us-east-1a"], good: ["us-east-1a", "us-east-1b"] },
    { bad: ["us-east-1a", "us-west-1b"], good: ["us-east-1a", "us-east-1b"] },
    { bad: ["us-west-2a", "us-west-2-lax-1a"], good: ["us-west-2a", "us-west-2b"] },
  ].map((values) =>
    twin<NonNullable<NetworkProps["availabilityZones"]>>(
      network.availabilityZones,
      (stack, availabilityZones) => make(stack, { availabilityZones }),
      values,
    ),
  ),
  twin<string>(
    network.natGateways,
    (stack, natGateways) => make(stack, { natGateways: natGateways as NetworkProps["natGateways"] }),
    { bad: "two", good: "single" },
  ),
  twin<NetworkProps>(network.wayOut, make, {
    bad: { natGateways: "none" },
    good: { natGateways: "single" },
  }),
  twin<NonNullable<NetworkProps["vpcEndpoints"]>>(
    network.wayOut,
    (stack, vpcEndpoints) => make(stack, { natGateways: "none", vpcEndpoints }),
    { bad: ["s3", "ecr.api", "logs"], good: ["s3", "ecr.api", "ecr.dkr", "logs"] },
  ),
  ...[
    { bad: [], good: ["logs"] },
    { bad: ["logs", "logs"], good: ["logs"] },
    { bad: ["ecr"], good: ["ecr.api"] },
  ].map((values) => twin<string[]>(network.endpointServices, endpoints, values)),
  twin<string[]>(
    network.endpointRouteTables,
    (stack, privateRouteTableIds) => endpoints(stack, ["s3"], { ...PLACE, privateRouteTableIds }),
    { bad: [], good: ["rtb-0123abcd"] },
  ),
  twin(
    network.endpointRouteTables,
    (stack, service) => endpoints(stack, [service], { ...PLACE, privateRouteTableIds: [] }),
    { bad: "s3", good: "logs" },
  ),
  twin(network.endpointTaken, endpointsTwice(["logs"]), { bad: {}, good: { vpcId: "vpc-0123abcd" } }),
  twin(network.endpointTaken, endpointsTwice(["s3"]), {
    bad: {},
    good: { privateRouteTableIds: ["rtb-4567cdef"] },
  }),
];
