import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { EfsBackupPolicy } from "@cdktf/provider-aws/lib/efs-backup-policy";
import { EfsFileSystem } from "@cdktf/provider-aws/lib/efs-file-system";
import { EfsFileSystemPolicy } from "@cdktf/provider-aws/lib/efs-file-system-policy";
import { EfsMountTarget } from "@cdktf/provider-aws/lib/efs-mount-target";
import {
  Lazy,
  TerraformIterator,
  TerraformStack,
  Token,
  type Precondition,
  type TerraformResource,
} from "cdktf";
import { Construct } from "constructs";
import { efs } from "../../rules/efs";
import { iam } from "../../rules/iam";
import { arn } from "../framework/aws-context";
import { check, checkGiven, describe, refuse } from "../framework/check";
import { Module } from "../framework/module";
import { Platform } from "../framework/platform";
import { tagValue } from "../framework/tags";
import { warnUnless } from "../framework/warnings";
import type { IGrantee } from "../iam/ecs-tasks-role";
import { PolicyStatements, type Statement } from "../iam/policy";
import { checkSubnets } from "../network/network-ids";
import { SecurityGroup } from "../network/security-group";
import { isKeyArn } from "./key-arn";

/** A file system that tasks can mount. */
export interface IEfs {
  /** For example `fs-0123456789abcdef0`. */
  readonly fileSystemId: string;
  /** ARN of the file system. */
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
  /** For example `fs-0123456789abcdef0`. */
  readonly fileSystemId: string;
  /**
   * ARN of the file system, which roles are allowed to mount.
   * @default - made of the id, in the account and region of the stack
   */
  readonly fileSystemArn?: string;
  /**
   * The group of its mount targets, in which port 2049 is opened for each task that mounts it.
   * @default - unknown: whoever owns it must let the tasks in on port 2049
   */
  readonly securityGroupId?: string;
}

export interface EfsProps {
  /** The VPC of the subnets. */
  readonly vpcId: string;
  /** One mount target is made in each. They must lie in different zones: EFS allows one mount target per zone. */
  readonly subnets: readonly string[];
  /** ARN of a KMS key. Cannot be changed later. @default - a key of EFS's */
  readonly kmsKeyArn?: string;
  /** `elastic` is billed by what is read and written, `bursting` grows with what is stored. @default "elastic" */
  readonly throughputMode?: "elastic" | "bursting";
  /** Daily backups by AWS Backup, which bills for them. @default false */
  readonly automaticBackups?: boolean;
}

const MODES: readonly string[] = ["elastic", "bursting"];

/**
 * An encrypted EFS file system: the article's `core/efs`. Only the roles that were granted a mount can use it, and only
 * over TLS.
 * Synthesis is refused for a malformed list of subnets
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
    checkGiven(this, props, ["vpcId", "subnets"]);
    const { throughputMode = "elastic", kmsKeyArn } = props;
    checkSubnets(this, "subnets", props.subnets);
    check(this, "throughputMode", throughputMode, (mode) => MODES.includes(mode), efs.throughputMode);
    warnUnless(this, "kmsKeyArn", kmsKeyArn, isKeyArn, efs.keyArn);

    const fileSystem = new EfsFileSystem(this, "file_system", {
      encrypted: true,
      kmsKeyId: kmsKeyArn,
      performanceMode: "generalPurpose",
      throughputMode,
      tags: { Name: tagValue(Platform.of(this).qualify(`${this.node.scope?.node.id}-${id}`)) },
    });
    this.fileSystemId = fileSystem.id;
    this.fileSystemArn = fileSystem.arn;
    this.securityGroupId = new SecurityGroup(this, "security_group", {
      vpcId: props.vpcId,
      purpose: id,
      description: "Mount targets of the file system",
    }).securityGroupId;

    const mountTarget = this.newMountTargets(props.subnets);
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

  /** Refuses a role of another stack: a file system has one policy, and it is in this stack. */
  public addToFileSystemPolicy(statement: Omit<Statement, "resources">, grantee?: IGrantee): void {
    if (grantee instanceof Construct && TerraformStack.of(grantee) !== TerraformStack.of(this)) {
      // not added: stacks that refer to each other end the run before anything is reported
      refuse({ scope: grantee, property: "file system", value: this.node.path }, efs.otherStack);
      return;
    }
    if (statement.principal === undefined) {
      const property = `file system policy statement ${statement.sid}: principal`;
      refuse({ scope: this, property, value: undefined }, iam.principal);
    }
    this.statements.add({ ...statement, resources: [this.fileSystemArn] });
  }

  /**
   * One resource per subnet. The keys must be known when Terraform plans: ids that are given are their own keys, and
   * references to subnets of the same run are keyed by their place in the list.
   */
  private newMountTargets(subnets: readonly string[]): EfsMountTarget {
    const areGiven = Token.isUnresolved(subnets) || !subnets.some((subnet) => Token.isUnresolved(subnet));
    const each = areGiven
      ? TerraformIterator.fromList([...subnets])
      : TerraformIterator.fromMap(Object.fromEntries(subnets.map((subnet, index) => [`${index}`, subnet])));
    const subnetId = Token.asString(each.value);
    return new EfsMountTarget(this, "mount_target", {
      forEach: each,
      fileSystemId: this.fileSystemId,
      subnetId,
      securityGroups: [this.securityGroupId],
      // subnets that are made in the same run cannot be looked up while Terraform plans
      lifecycle: areGiven ? { precondition: [inDifferentZones(this, each, subnetId)] } : undefined,
    });
  }
}

/** What Terraform checks before it makes a mount target: which zones subnets are in only AWS knows. */
function inDifferentZones(scope: Construct, each: TerraformIterator, subnetId: string): Precondition {
  const { friendlyUniqueId } = new DataAwsSubnet(scope, "subnet", { forEach: each, id: subnetId });
  const subnets = `data.aws_subnet.${friendlyUniqueId}`;
  return {
    condition: `\${length(distinct(values(${subnets})[*].availability_zone)) == length(${subnets})}`,
    errorMessage: describe({ scope, property: "subnets", value: "two in one zone" }, efs.mountTargetZones),
  };
}
