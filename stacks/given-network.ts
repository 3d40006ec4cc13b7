import type { TerraformStack } from "cdktf";
import { Network } from "../modules/core/network/network";
import { securityGroupsVariable, subnetsVariable, vpcIdVariable } from "./variables";

/** A network that the deployment names, in the inputs that services take. */
export interface GivenNetwork {
  readonly vpcId: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
}

/**
 * The network of `var.vpc_id`, `var.subnets` and `var.security_groups`. Terraform refuses to plan where they do not
 * belong together, and where the VPC resolves no names.
 */
export function givenNetwork(stack: TerraformStack): GivenNetwork {
  const securityGroups = securityGroupsVariable(stack).listValue;
  const { vpcId, privateSubnetIds } = Network.fromNetworkAttributes(stack, "network", {
    vpcId: vpcIdVariable(stack).stringValue,
    privateSubnetIds: subnetsVariable(stack).listValue,
    securityGroupIds: securityGroups,
  });
  return { vpcId, subnets: privateSubnetIds, securityGroups };
}
