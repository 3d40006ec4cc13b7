import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { network } from "../../rules/network";
import type { CheckedRule } from "../../rules/rule";
import { securityGroup } from "../../rules/security-group";
import { check } from "../framework/check";

/** Regular expressions that both synth and Terraform's variable validation use: eight or seventeen hex digits. */
export const VPC_ID = "^vpc-([0-9a-f]{8}|[0-9a-f]{17})$";
export const SUBNET_ID = "^subnet-([0-9a-f]{8}|[0-9a-f]{17})$";
export const SECURITY_GROUP_ID = "^sg-([0-9a-f]{8}|[0-9a-f]{17})$";

/** An ECS service takes 16 subnets at most. */
export const MAX_SUBNETS = 16;
/** A network interface carries five security groups at most by default; one of them is the service's own. */
export const MAX_GIVEN_SECURITY_GROUPS = 4;

/** Refuses what cannot be the id of a VPC. */
export function checkVpcId(scope: IConstruct, property: string, vpcId: string | undefined): void {
  check(scope, property, vpcId, (id) => new RegExp(VPC_ID).test(id), network.vpcId);
}

/** Refuses an empty list, a doubled or malformed id and more than an ECS service takes. */
export function checkSubnets(scope: IConstruct, property: string, subnets: readonly string[]): void {
  checkIds(scope, property, subnets, SUBNET_ID, { min: 1, max: MAX_SUBNETS }, network.subnets);
}

/** Refuses what cannot be the id of a security group. */
export function checkSecurityGroupId(scope: IConstruct, property: string, securityGroupId: string): void {
  check(scope, property, securityGroupId, (id) => new RegExp(SECURITY_GROUP_ID).test(id), securityGroup.id);
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

/** Refuses a doubled or malformed id and more groups than fit beside the service's own. */
export function checkSecurityGroups(
  scope: IConstruct,
  property: string,
  securityGroups: readonly string[] = [],
): void {
  const count = { min: 0, max: MAX_GIVEN_SECURITY_GROUPS };
  checkIds(scope, property, securityGroups, SECURITY_GROUP_ID, count, securityGroup.given);
}

function checkIds(
  scope: IConstruct,
  property: string,
  ids: readonly string[],
  pattern: string,
  count: { readonly min: number; readonly max: number },
  rule: CheckedRule,
): void {
  const isId = (id: string): boolean => Token.isUnresolved(id) || new RegExp(pattern).test(id);
  const areDifferentIds = (list: readonly string[]): boolean =>
    list.length >= count.min &&
    list.length <= count.max &&
    new Set(list).size === list.length &&
    list.every(isId);
  check(scope, property, ids, areDifferentIds, rule);
}
