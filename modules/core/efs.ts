import { EfsBackupPolicy } from "@cdktf/provider-aws/lib/efs-backup-policy";
import { EfsFileSystem } from "@cdktf/provider-aws/lib/efs-file-system";
import { EfsFileSystemPolicy } from "@cdktf/provider-aws/lib/efs-file-system-policy";
import { EfsMountTarget } from "@cdktf/provider-aws/lib/efs-mount-target";
import { Lazy, TerraformIterator, TerraformStack, Token, type TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { arn } from "./aws-context";
import { InvalidInputError } from "./check";
import type { IGrantee } from "./ecs-tasks-role";
import { checkSubnets } from "./network-ids";
import { Module } from "./module";
import { PolicyStatements, type Statement } from "./policy";
import { SecurityGroup } from "./security-group";

/** A file system that tasks can mount. */
export interface IEfs {
  /** For example `fs-0123456789abcdef0`. */
  readonly fileSystemId: string;
  readonly fileSystemArn: string;
  /** The group of its mount targets; undefined where it is not known, and then nobody opens port 2049 here. */
  readonly securityGroupId?: string;
  /** What must be there before a task can mount it. */
  readonly mountPrerequisites: readonly TerraformResource[];
  /** Adds a statement to the file system's policy. On an imported file system it does nothing. */
  addToFileSystemPolicy(statement: Omit<Statement, "resources">, grantee?: IGrantee): void;
}

/** What is needed to use a file system that exists already. */
export interface EfsAttributes {
  readonly fileSystemId: string;
  /** @default - made of the id, in the account and region of the stack */
  readonly fileSystemArn?: string;
  /** @default - unknown: whoever owns it must let the tasks in on port 2049 */
  readonly securityGroupId?: string;
}

export interface EfsProps {
  readonly vpcId: string;
  /** One mount target is made in each. They must lie in different zones: EFS allows one mount target per zone. */
  readonly subnets: readonly string[];
  /** ARN of a KMS key. Cannot be changed later. @default - a key of EFS's */
  readonly kmsKeyArn?: string;
  /** @default "elastic" */
  readonly throughputMode?: "elastic" | "bursting";
  /** Daily backups by AWS Backup, which bills for them. @default false */
  readonly automaticBackups?: boolean;
}

/**
 * An encrypted EFS file system: the article's `core/efs`. Only the roles that were granted a mount can use it, and only
 * over TLS.
 * @throws InvalidInputError for a malformed list of subnets
 * @see https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
 */
export class Efs extends Module implements IEfs {
  /** A file system that exists already. Its policy and its mount targets are not changed. */
  public static fromEfsAttributes(scope: Construct, attributes: EfsAttributes): IEfs {
    return {
      ...attributes,
      fileSystemArn:
        attributes.fileSystemArn ?? arn(scope, "elasticfilesystem", `file-system/${attributes.fileSystemId}`),
      mountPrerequisites: [],
      addToFileSystemPolicy: () => undefined,
    };
  }

  public readonly fileSystemId: string;
  public readonly fileSystemArn: string;
  public readonly securityGroupId: string;
  public readonly mountPrerequisites: readonly TerraformResource[];
  private readonly statements = new PolicyStatements(this);

  public constructor(scope: Construct, id: string, props: EfsProps) {
    super(scope, id);
    checkSubnets(this, "subnets", props.subnets);

    const fileSystem = new EfsFileSystem(this, "file_system", {
      encrypted: true,
      kmsKeyId: props.kmsKeyArn,
      performanceMode: "generalPurpose",
      throughputMode: props.throughputMode ?? "elastic",
      tags: { Name: `${this.node.scope?.node.id}-${id}` },
    });
    this.fileSystemId = fileSystem.id;
    this.fileSystemArn = fileSystem.arn;
    this.securityGroupId = new SecurityGroup(this, "security_group", {
      vpcId: props.vpcId,
      purpose: id,
      description: "Mount targets of the file system",
    }).securityGroupId;

    const subnets = eachSubnet(props.subnets);
    const mountTarget = new EfsMountTarget(this, "mount_target", {
      forEach: subnets,
      fileSystemId: this.fileSystemId,
      subnetId: Token.asString(subnets.value),
      securityGroups: [this.securityGroupId],
    });
    this.addToFileSystemPolicy({
      sid: "RefusePlainText",
      effect: "Deny",
      principal: "*",
      actions: ["*"],
      conditions: { Bool: { "aws:SecureTransport": "false" } },
    });
    const policy = new EfsFileSystemPolicy(this, "file_system_policy", {
      fileSystemId: this.fileSystemId,
      policy: Lazy.stringValue({ produce: () => this.statements.toJson() }),
    });
    if (props.automaticBackups) {
      new EfsBackupPolicy(this, "backup_policy", {
        fileSystemId: this.fileSystemId,
        backupPolicy: { status: "ENABLED" },
      });
    }
    this.mountPrerequisites = [mountTarget, policy];
  }

  /** @throws InvalidInputError for a role of another stack: a file system has one policy, and it is in this stack */
  public addToFileSystemPolicy(statement: Omit<Statement, "resources">, grantee?: IGrantee): void {
    if (grantee instanceof Construct && TerraformStack.of(grantee) !== TerraformStack.of(this)) {
      throw new InvalidInputError(
        { scope: grantee, property: "file system", value: this.node.path },
        {
          allowed: "a file system of the same stack: its policy names the roles that may mount it",
          mend: "make the file system in the stack of the services that mount it, or use `Efs.fromEfsAttributes` and name the roles in its policy yourself",
          source: "https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html",
        },
      );
    }
    this.statements.add({ ...statement, resources: [this.fileSystemArn] });
  }
}

/**
 * One resource per subnet. The keys must be known when Terraform plans: ids that are given are their own keys, and
 * references to subnets of the same run are keyed by their place in the list.
 */
function eachSubnet(subnets: readonly string[]): TerraformIterator & { readonly value: unknown } {
  if (Token.isUnresolved(subnets) || !subnets.some((subnet) => Token.isUnresolved(subnet))) {
    return TerraformIterator.fromList([...subnets]);
  }
  return TerraformIterator.fromMap(Object.fromEntries(subnets.map((subnet, index) => [`${index}`, subnet])));
}
