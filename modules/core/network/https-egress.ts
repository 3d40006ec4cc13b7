import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { Token, type TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { securityGroup } from "../../rules/security-group";
import { snakeCase } from "../framework/address";
import { check, checkEntries } from "../framework/check";
import { isCidrBlock } from "./network-ids";

/** All of IPv4. */
export const ANYWHERE = "0.0.0.0/0";
const HTTPS_PORT = 443;

/**
 * Lets a security group connect to networks by HTTPS, where the image, log and secret APIs of AWS are: one rule for each.
 * Synthesis is refused for something that is no CIDR block
 */
export function allowHttps(
  scope: Construct,
  securityGroupId: string,
  cidrBlocks: readonly string[] = [ANYWHERE],
): TerraformResource[] {
  check(scope, "httpsEgressCidrBlocks", cidrBlocks, areCidrBlocks, securityGroup.cidrBlocks);
  return checkEntries(scope, "httpsEgressCidrBlocks", cidrBlocks).map((block, index) => {
    const id = block === ANYWHERE ? "https" : `https_${Token.isUnresolved(block) ? index : snakeCase(block)}`;
    return new VpcSecurityGroupEgressRule(scope, id, {
      securityGroupId,
      cidrIpv4: block,
      ipProtocol: "tcp",
      fromPort: HTTPS_PORT,
      toPort: HTTPS_PORT,
      description: "Image, log and secret APIs of AWS",
    });
  });
}

function areCidrBlocks(blocks: readonly string[]): boolean {
  return (
    new Set(blocks).size === blocks.length &&
    blocks.every((block) => Token.isUnresolved(block) || isCidrBlock(block))
  );
}
