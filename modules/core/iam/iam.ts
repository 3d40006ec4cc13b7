import type { TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { Module } from "../framework/module";
import { EcsTasksRole, ImportedRole, type IGrantee } from "./ecs-tasks-role";
import type { Statement } from "./policy";

/** The role that ECS itself uses to start a task: it pulls images, opens log streams and reads secrets. */
export interface ITaskExecutionRole extends IGrantee {
  /** ARN of the role that ECS starts tasks with. */
  readonly ecsTaskExecutionRoleArn: string;
}

/** What is needed to use an execution role that exists already. */
export interface IamAttributes {
  /** ARN of the role that ECS starts tasks with. */
  readonly ecsTaskExecutionRoleArn: string;
}

class ImportedTaskExecutionRole extends ImportedRole implements ITaskExecutionRole {
  public get ecsTaskExecutionRoleArn(): string {
    return this.roleArn;
  }
}

/**
 * The task execution role: the article's `core/iam`. It may do what the services that use it need and nothing else:
 * pull from their repositories, write to their log groups, read their secrets.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
 */
export class Iam extends Module implements ITaskExecutionRole {
  /** An execution role that exists already. Its permissions are not changed. */
  public static fromIamAttributes(attributes: IamAttributes): ITaskExecutionRole {
    return new ImportedTaskExecutionRole(attributes.ecsTaskExecutionRoleArn);
  }

  public readonly ecsTaskExecutionRoleArn: string;
  public readonly roleArn: string;
  private readonly role: EcsTasksRole;

  public constructor(scope: Construct, id: string) {
    super(scope, id);
    this.role = new EcsTasksRole(this, "ecs_task_execution_role", {
      purpose: "execution",
      description: "Starts ECS tasks: pulls images, opens log streams, reads secrets",
    });
    this.roleArn = this.role.roleArn;
    this.ecsTaskExecutionRoleArn = this.role.roleArn;
  }

  public grant(statement: Statement, user?: Construct): void {
    this.role.grant(statement, user ?? this);
  }

  public get policies(): readonly TerraformResource[] {
    return this.role.policies;
  }
}
