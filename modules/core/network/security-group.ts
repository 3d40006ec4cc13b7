import { SecurityGroup as AwsSecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Fn, Token, type TerraformResource } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { securityGroup } from "../../rules/security-group";
import { check, checkGiven, checkInteger, refuse } from "../framework/check";
import { claim } from "../framework/claims";
import { Module } from "../framework/module";
import { namePrefix } from "../framework/names";
import { identityOf } from "../framework/resolved";
import { argumentText } from "../framework/text";
import { checkVpcId } from "./network-ids";

export interface SecurityGroupProps {
  /** The VPC that the group is in. */
  readonly vpcId: string;
  /** Whose group it is, in its name: the name is `<prefix>-<environment>-<stack>-<purpose>-<random>`. */
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
  /** For example `sg-0123456789abcdef0`. */
  public readonly securityGroupId: string;

  public constructor(scope: Construct, id: string, props: SecurityGroupProps) {
    super(scope, id);
    checkGiven(this, props, ["vpcId", "purpose", "description"]);
    checkVpcId(this, "vpcId", props.vpcId);
    checkDescription(this, props.description);
    // EC2 keeps names that begin so for the ids of groups
    const prefix = namePrefix(this, props.purpose, 100).replace(/^sg-/, "group-");
    const group = new AwsSecurityGroup(this, "security_group", {
      namePrefix: prefix,
      description: argumentText(props.description),
      vpcId: props.vpcId,
      tags: { Name: prefix.slice(0, -1) },
      // a group in use cannot be deleted: the new one must be there before the old one goes
      lifecycle: { createBeforeDestroy: true },
    });
    this.securityGroupId = group.id;
  }
}

/** One way from one security group to another: an egress rule on the one, an ingress rule on the other. */
export interface PortOpening {
  /** Security group of the side that opens the connection. */
  readonly from: string;
  /** Security group of the side that listens. */
  readonly to: string;
  /** The port, or the first one of a range. */
  readonly port: number;
  /** The last port of a range. @default - `port`, which is the only one then */
  readonly toPort?: number;
  /** For both rules; the characters of a security group's description. */
  readonly description: string;
}

/**
 * One TCP port, or a range of them, open from one security group to another: an egress rule on the one and an ingress
 * rule on the other.
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc_security_group_ingress_rule
 */
export class OpenPort extends Construct {
  /** Both rules. */
  public readonly rules: readonly TerraformResource[];

  public constructor(scope: Construct, id: string, opening: PortOpening) {
    super(scope, id);
    checkGiven(this, opening, ["from", "to", "port", "description"]);
    const { port, toPort = port } = opening;
    const range = { min: 1, max: 65535 };
    checkInteger(this, "port", port, range, securityGroup.port);
    checkInteger(this, "toPort", toPort, range, securityGroup.port);
    checkDescription(this, opening.description);
    if (!Token.isUnresolved(port) && !Token.isUnresolved(toPort)) {
      check(this, "toPort", toPort, (last) => last >= port, securityGroup.portRange);
      this.checkIsFree(opening.from, opening.to, `${port}-${toPort}`);
    }
    const common = {
      ipProtocol: "tcp",
      fromPort: port,
      toPort,
      description: argumentText(opening.description),
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

  /** EC2 refuses a rule that is there already, in the middle of an apply. */
  private checkIsFree(from: string, to: string, ports: string): void {
    const groups = [from, to].map((id) => identityOf(this, id)).join(" ");
    const other = claim(this, [`open ports of ${groups}`], ports);
    if (other === undefined) return;
    const rule = securityGroup.ruleTaken;
    const allowed = `${rule.allowed}; ${other.node.path} has this one`;
    refuse({ scope: this, property: "port", value: ports }, { ...rule, allowed });
  }
}

/** The groups that were given, which may be a list that only Terraform knows, and one more. */
export function withGroup(given: readonly string[] = [], securityGroupId: string): string[] {
  return Token.isUnresolved(given)
    ? Token.asList(Fn.concat([given, [securityGroupId]]))
    : [...given, securityGroupId];
}

/** EC2 takes 255 characters of a small set; descriptions of rules that name a group may not have `&` either. */
function checkDescription(scope: IConstruct, description: string): void {
  check(
    scope,
    "description",
    description,
    (text) => /^[a-zA-Z0-9 ._\-:/()#,@[\]+=;{}!$*]{0,255}$/.test(text),
    securityGroup.description,
  );
}
