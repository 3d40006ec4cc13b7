import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { arn } from "../framework/aws-context";
import { Module } from "../framework/module";
import { namePrefix } from "../framework/names";
import { policyDocument, type Statement } from "../iam/policy";

export interface Ec2InstanceRoleProps {
  /** ARN of the cluster that the instances run tasks for. */
  readonly ecsClusterArn: string;
  /** Allows shells on the instances by Systems Manager. @default false */
  readonly enableSessionManager?: boolean;
}

/** IAM allows 64 characters in a role name, the provider keeps 26 of them for itself. */
const ROLE_PREFIX_LIMIT = 38;

/**
 * The role of EC2 instances that run ECS tasks: their agent may register them in one cluster and take its orders, and
 * nothing else. Images, logs and secrets are a matter of each task's execution role.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html
 */
export class Ec2InstanceRole extends Module {
  /** What a launch template names. */
  public readonly instanceProfileArn: string;
  /** For whoever must not start before the permissions are there. */
  public readonly policy: TerraformResource;

  public constructor(scope: Construct, id: string, props: Ec2InstanceRoleProps) {
    super(scope, id);
    const prefix = namePrefix(this, `${this.node.scope?.node.id ?? id}-instance`, ROLE_PREFIX_LIMIT);
    const role = new IamRole(this, "role", {
      namePrefix: prefix,
      description: "EC2 instances that run tasks of an ECS cluster",
      assumeRolePolicy: policyDocument([
        { sid: "Ec2", principal: { Service: "ec2.amazonaws.com" }, actions: ["sts:AssumeRole"] },
      ]),
      lifecycle: { createBeforeDestroy: true },
    });
    this.policy = new IamRolePolicy(this, "policy", {
      namePrefix: "granted-",
      role: role.id,
      policy: policyDocument([
        ...agentStatements(this, props.ecsClusterArn),
        ...(props.enableSessionManager ? sessionStatements(this) : []),
      ]),
    });
    const profile = new IamInstanceProfile(this, "instance_profile", {
      namePrefix: prefix,
      role: role.name,
      lifecycle: { createBeforeDestroy: true },
    });
    this.instanceProfileArn = profile.arn;
  }
}

/** What the container agent asks of ECS. */
function agentStatements(scope: Construct, ecsClusterArn: string): Statement[] {
  return [
    {
      sid: "RegisterInstance",
      actions: ["ecs:RegisterContainerInstance", "ecs:DeregisterContainerInstance", "ecs:Submit*"],
      resources: [ecsClusterArn],
    },
    {
      sid: "TakeOrders",
      actions: ["ecs:Poll", "ecs:StartTelemetrySession"],
      resources: [arn(scope, "ecs", "container-instance/*")],
      conditions: { ArnEquals: { "ecs:cluster": ecsClusterArn } },
    },
    // knows no resource: it tells the agent where to ask
    { sid: "FindEndpoint", actions: ["ecs:DiscoverPollEndpoint"], resources: ["*"] },
  ];
}

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html */
function sessionStatements(scope: Construct): Statement[] {
  return [
    {
      sid: "BeManaged",
      actions: ["ssm:UpdateInstanceInformation"],
      resources: [arn(scope, "ec2", "instance/*")],
    },
    {
      sid: "OpenSessions",
      actions: ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"].map(
        (action) => `ssmmessages:${action}`,
      ),
      resources: ["*"],
    },
  ];
}
