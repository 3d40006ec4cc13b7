import { SecurityGroup as AwsSecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { TerraformResource } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { check, checkPort } from "./check";
import { checkVpcId } from "./network-ids";
import { Module } from "./module";
import { namePrefix } from "./names";

export interface SecurityGroupProps {
  readonly vpcId: string;
  /** Whose group it is, in its name: the name is `<stack>-<purpose>-<random>`. */
  readonly purpose: string;
  /** Letters, digits and `._-:/()#,@[]+=;{}!$*` only. Changing it replaces the group, so it says what never changes. */
  readonly description: string;
}

/**
 * A security group without any rule: what it lets through is opened by rules of their own, so that two groups can
 * name each other and so that nobody's rules are removed.
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group
 */
export class SecurityGroup extends Module {
  public readonly securityGroupId: string;

  public constructor(scope: Construct, id: string, props: SecurityGroupProps) {
    super(scope, id);
    checkVpcId(this, "vpcId", props.vpcId);
    checkDescription(this, props.description);
    const prefix = namePrefix(this, props.purpose, 100);
    const group = new AwsSecurityGroup(this, "security_group", {
      namePrefix: prefix,
      description: props.description,
      vpcId: props.vpcId,
      tags: { Name: prefix.slice(0, -1) },
      // a group in use cannot be deleted: the new one must be there before the old one goes
      lifecycle: { createBeforeDestroy: true },
    });
    this.securityGroupId = group.id;
  }
}

export interface PortOpening {
  /** Security group of the side that opens the connection. */
  readonly from: string;
  /** Security group of the side that listens. */
  readonly to: string;
  readonly port: number;
  /** For both rules; the characters of a security group's description. */
  readonly description: string;
}

/**
 * One TCP port open from one security group to another: an egress rule on the one and an ingress rule on the other.
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc_security_group_ingress_rule
 */
export class OpenPort extends Construct {
  /** Both rules. */
  public readonly rules: readonly TerraformResource[];

  public constructor(scope: Construct, id: string, opening: PortOpening) {
    super(scope, id);
    checkPort(this, "port", opening.port);
    checkDescription(this, opening.description);
    const common = {
      ipProtocol: "tcp",
      fromPort: opening.port,
      toPort: opening.port,
      description: opening.description,
    };
    const egress = new VpcSecurityGroupEgressRule(this, "egress_rule", {
      ...common,
      securityGroupId: opening.from,
      referencedSecurityGroupId: opening.to,
    });
    const ingress = new VpcSecurityGroupIngressRule(this, "ingress_rule", {
      ...common,
      securityGroupId: opening.to,
      referencedSecurityGroupId: opening.from,
    });
    this.rules = [egress, ingress];
  }
}

/** EC2 takes 255 characters of a small set; descriptions of rules that name a group may not have `&` either. */
function checkDescription(scope: IConstruct, description: string): void {
  check(
    scope,
    "description",
    description,
    (text) => /^[a-zA-Z0-9 ._\-:/()#,@[\]+=;{}!$*]{0,255}$/.test(text),
    {
      allowed: "at most 255 letters from a to z, digits, spaces and . _ - : / ( ) # , @ [ ] + = ; { } ! $ *",
      mend: "write it without quotes, arrows and accents",
      source: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html",
    },
  );
}
