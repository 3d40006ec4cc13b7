import { CloudwatchLogResourcePolicy } from "@cdktf/provider-aws/lib/cloudwatch-log-resource-policy";
import { Lazy, TerraformStack, type TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { Module } from "../framework/module";
import { Platform } from "../framework/platform";
import { PolicyStatements, type Statement } from "../iam/policy";

const policies = new WeakMap<TerraformStack, LogDelivery>();

/**
 * The resource policy of CloudWatch Logs by which services of AWS write into log groups of a stack: one for all of them,
 * since an account has ten in a region.
 */
export class LogDelivery extends Module {
  /** Lets a service of AWS write into a log group. Returns what must be there before it does. */
  public static allow(
    scope: Construct,
    statement: Pick<Statement, "sid" | "principal" | "conditions">,
    logGroupArn: string,
  ): TerraformResource {
    const stack = TerraformStack.of(scope);
    const delivery = policies.get(stack) ?? new LogDelivery(stack);
    policies.set(stack, delivery);
    const actions = ["logs:CreateLogStream", "logs:PutLogEvents"];
    delivery.statements.add({ ...statement, actions, resources: [`${logGroupArn}:*`] });
    return delivery.policy;
  }

  private readonly statements: PolicyStatements;
  private readonly policy: TerraformResource;

  private constructor(stack: TerraformStack) {
    super(stack, "log_delivery");
    this.statements = new PolicyStatements(this);
    this.policy = new CloudwatchLogResourcePolicy(this, "log_resource_policy", {
      policyName: `${Platform.of(this).name}-log-delivery`,
      policyDocument: Lazy.stringValue({ produce: () => this.statements.toJson() }),
    });
  }
}
