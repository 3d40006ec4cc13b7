import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Lazy, TerraformStack, type TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { iam } from "../../rules/iam";
import { snakeCase } from "../framework/address";
import { arn, awsContext } from "../framework/aws-context";
import { check, checkGiven, describe } from "../framework/check";
import { Module } from "../framework/module";
import { namePrefix } from "../framework/names";
import { argumentText } from "../framework/text";
import { policyDocument, PolicyStatements, shortestLength, type Statement } from "./policy";

/** A role that permissions can be given to. */
export interface IGrantee {
  /** ARN of the role. */
  readonly roleArn: string;
  /**
   * Adds a statement to the role's policy. On an imported role it does nothing: its permissions are its owner's.
   * @param user the construct that needs the permission; in another stack than the role's, the policy is there
   */
  grant(statement: Statement, user?: Construct): void;
  /** The policies, for whoever must not start before the permissions are there. */
  readonly policies: readonly TerraformResource[];
}

export interface EcsTasksRoleProps {
  /** What the role is for, in its name: the name is `<prefix>-<environment>-<stack>-<purpose>-<random>`. */
  readonly purpose: string;
  /** Shown in the IAM console; Latin letters only, 1000 at most. */
  readonly description: string;
}

/** IAM allows 64 characters in a role name, the provider keeps 26 of them for itself. */
const ROLE_PREFIX_LIMIT = 38;
/** Of all inline policies of a role together. */
const POLICIES_LIMIT = 10_240;
const LATIN = /^[\t\n\r\u0020-\u007E\u00A1-\u00FF]{0,1000}$/;

/**
 * A role that only ECS tasks of this account and region can assume, with one policy made of what it was granted.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 */
export class EcsTasksRole extends Module implements IGrantee {
  public readonly roleArn: string;
  private readonly role: IamRole;
  private readonly policiesByStack = new Map<TerraformStack, GrantedPolicy>();

  public constructor(scope: Construct, id: string, props: EcsTasksRoleProps) {
    super(scope, id);
    checkGiven(this, props, ["purpose", "description"]);
    check(this, "description", props.description, (text) => LATIN.test(text), iam.description);
    this.role = new IamRole(this, "role", {
      namePrefix: namePrefix(this, props.purpose, ROLE_PREFIX_LIMIT),
      description: argumentText(props.description),
      assumeRolePolicy: policyDocument([
        {
          sid: "EcsTasks",
          principal: { Service: "ecs-tasks.amazonaws.com" },
          actions: ["sts:AssumeRole"],
          // a cluster's ARN is not supported here and would make the role unusable
          conditions: {
            StringEquals: { "aws:SourceAccount": awsContext(this).accountId },
            ArnLike: { "aws:SourceArn": arn(this, "ecs", "*") },
          },
        },
      ]),
      lifecycle: { createBeforeDestroy: true },
    });
    this.roleArn = this.role.arn;
    this.node.addValidation({ validate: () => this.oversize() });
  }

  public grant(statement: Statement, user: Construct = this): void {
    const { actions, resources = [], principal } = statement;
    const property = `grant of ${statement.sid}`;
    check(user, `${property}: actions`, actions, ({ length }) => length > 0, iam.statement);
    check(user, `${property}: resources`, resources, ({ length }) => length > 0, iam.statement);
    check(user, `${property}: principal`, principal, () => false, iam.principal);
    const stack = TerraformStack.of(user);
    let policy = this.policiesByStack.get(stack);
    // made at the first grant: IAM refuses a policy without statements
    if (policy === undefined) {
      policy = this.newPolicy(stack);
      this.policiesByStack.set(stack, policy);
    }
    policy.statements.add(statement);
  }

  public get policies(): readonly TerraformResource[] {
    return [...this.policiesByStack.values()].map(({ resource }) => resource);
  }

  private oversize(): string[] {
    const texts = [...this.policiesByStack.values()].map(({ statements }) => statements.toJson());
    const length = texts.reduce((sum, text) => sum + shortestLength(text), 0);
    if (length <= POLICIES_LIMIT) return [];
    return [describe({ scope: this, property: "length of all policies", value: length }, iam.policySize)];
  }

  private newPolicy(stack: TerraformStack): GrantedPolicy {
    // what another stack refers to cannot refer back: the policy is where the permission is needed
    const isOwnStack = stack === TerraformStack.of(this);
    const scope = isOwnStack ? this : stack;
    const statements = new PolicyStatements(scope);
    const resource = new IamRolePolicy(scope, isOwnStack ? "policy" : snakeCase(this.node.path), {
      namePrefix: "granted-",
      role: this.role.id,
      policy: Lazy.stringValue({ produce: () => statements.toJson() }),
    });
    return { statements, resource };
  }
}

interface GrantedPolicy {
  readonly statements: PolicyStatements;
  readonly resource: IamRolePolicy;
}

/** A role by its ARN alone: it can be used and is never changed. */
export class ImportedRole implements IGrantee {
  public readonly policies: readonly TerraformResource[] = [];

  public constructor(public readonly roleArn: string) {}

  public grant(): void {
    // the owner of the role decides what it may do
  }
}
