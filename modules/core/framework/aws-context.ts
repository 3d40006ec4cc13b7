import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";

/** Where a stack is deployed: known to Terraform, never to synth, so that one artifact fits every account and region. */
export interface AwsContext {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  /** For example `eu-central-1`. */
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
}

class CurrentAws extends Construct implements AwsContext {
  public readonly partition: string;
  public readonly region: string;
  public readonly accountId: string;

  public constructor(stack: TerraformStack) {
    super(stack, "current");
    this.partition = new DataAwsPartition(this, "partition").partition;
    // `.id`, not `.name`: the provider deprecates the latter from version 6 on
    this.region = new DataAwsRegion(this, "region").id;
    this.accountId = new DataAwsCallerIdentity(this, "caller_identity").accountId;
  }
}

const contexts = new WeakMap<TerraformStack, AwsContext>();

/** The account, region and partition of the stack that `scope` is in: three data sources, once per stack. */
export function awsContext(scope: Construct): AwsContext {
  const stack = TerraformStack.of(scope);
  let context = contexts.get(stack);
  if (context === undefined) {
    context = new CurrentAws(stack);
    contexts.set(stack, context);
  }
  return context;
}

/** An ARN in the account and region of the stack: `arn:<partition>:<service>:<region>:<account>:<resource>`. */
export function arn(scope: Construct, service: string, resource: string): string {
  const { partition, region, accountId } = awsContext(scope);
  return `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}
