import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { check } from "./check";

/** Regular expressions that both synth and Terraform's variable validation use: eight or seventeen hex digits. */
export const VPC_ID = "^vpc-([0-9a-f]{8}|[0-9a-f]{17})$";
export const SUBNET_ID = "^subnet-([0-9a-f]{8}|[0-9a-f]{17})$";
export const SECURITY_GROUP_ID = "^sg-([0-9a-f]{8}|[0-9a-f]{17})$";

/** An ECS service takes 16 subnets at most. */
export const MAX_SUBNETS = 16;
/** A network interface carries five security groups at most by default; one of them is the service's own. */
export const MAX_GIVEN_SECURITY_GROUPS = 4;

const SERVICE_NETWORK =
  "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html";

export function checkVpcId(scope: IConstruct, property: string, vpcId: string | undefined): void {
  check(scope, property, vpcId, (id) => new RegExp(VPC_ID).test(id), {
    allowed: '"vpc-" and 8 or 17 hexadecimal digits, or a reference to a VPC',
    mend: "copy the id from `aws ec2 describe-vpcs`, or pass the id of a VPC construct or a Terraform variable",
    source: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html",
  });
}

/** Throws for an empty list, a doubled or malformed id and more than an ECS service takes. */
export function checkSubnets(scope: IConstruct, property: string, subnets: readonly string[]): void {
  checkIds(scope, property, subnets, SUBNET_ID, 1, MAX_SUBNETS, {
    allowed: `a list of 1 to ${MAX_SUBNETS} different subnet ids of one VPC`,
    mend: "give at least one subnet; two in two zones keep the service up when a zone is down",
  });
}

export function checkSecurityGroupId(scope: IConstruct, property: string, securityGroupId: string): void {
  check(scope, property, securityGroupId, (id) => new RegExp(SECURITY_GROUP_ID).test(id), {
    allowed: '"sg-" and 8 or 17 hexadecimal digits, or a reference to a security group',
    mend: "copy the id from `aws ec2 describe-security-groups`, or pass the id of a construct or a Terraform variable",
  });
}

/** True for an IPv4 network in CIDR notation whose host bits are 0, as the provider demands. */
export function isCidrBlock(block: string): boolean {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(block);
  if (match === null) return false;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  if ([a, b, c, d].some((octet) => octet > 255) || prefix > 32) return false;
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  return address % 2 ** (32 - prefix) === 0;
}

export function checkSecurityGroups(
  scope: IConstruct,
  property: string,
  securityGroups: readonly string[] | undefined,
): void {
  checkIds(scope, property, securityGroups ?? [], SECURITY_GROUP_ID, 0, MAX_GIVEN_SECURITY_GROUPS, {
    allowed: `a list of at most ${MAX_GIVEN_SECURITY_GROUPS} different security group ids, beside the service's own`,
    mend: "leave the list empty: the service has a security group of its own, and connectTo opens what is needed",
  });
}

function checkIds(
  scope: IConstruct,
  property: string,
  ids: readonly string[],
  pattern: string,
  min: number,
  max: number,
  expectation: { allowed: string; mend: string },
): void {
  const isId = (id: string): boolean => Token.isUnresolved(id) || new RegExp(pattern).test(id);
  check(
    scope,
    property,
    ids,
    (list) =>
      list.length >= min && list.length <= max && new Set(list).size === list.length && list.every(isId),
    { ...expectation, source: SERVICE_NETWORK },
  );
}
