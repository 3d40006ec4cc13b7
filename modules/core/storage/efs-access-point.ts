import { EfsAccessPoint as AwsEfsAccessPoint } from "@cdktf/provider-aws/lib/efs-access-point";
import type { Construct } from "constructs";
import { efs } from "../../rules/efs";
import { pascalCase, terraformAddress } from "../framework/address";
import { arn } from "../framework/aws-context";
import { check, checkGiven, checkInteger } from "../framework/check";
import { Module } from "../framework/module";
import { checkEcsName } from "../framework/names";
import { tagValue } from "../framework/tags";
import { warnUnless } from "../framework/warnings";
import type { IGrantee } from "../iam/ecs-tasks-role";
import type { IEfs } from "./efs";

/** A way into a file system that tasks can mount. */
export interface IEfsAccessPoint {
  /** For example `fsap-0123456789abcdef0`. */
  readonly accessPointId: string;
  /** The file system that it leads into. */
  readonly fileSystem: IEfs;
  /** Name of the task definition's volume for it. */
  readonly volumeName: string;
  /** Lets a role mount this access point and no other. */
  grantMount(grantee: IGrantee, access: "read" | "write"): void;
}

/** What is needed to mount an access point that exists already. */
export interface EfsAccessPointAttributes {
  /** For example `fsap-0123456789abcdef0`. */
  readonly accessPointId: string;
  /**
   * ARN of the access point, which roles are allowed to mount by.
   * @default - made of the id, in the account and region of the stack
   */
  readonly accessPointArn?: string;
  /** The file system that it leads into. */
  readonly fileSystem: IEfs;
  /** Name of the task definition's volume for it: letters, digits, - and _. */
  readonly volumeName: string;
}

export interface EfsAccessPointProps {
  /** The file system that it leads into. */
  readonly fileSystem: IEfs;
  /** Directory that whoever mounts the access point sees as its root; made at the first mount. For example `/stock-service`. */
  readonly path: string;
  /** User id that owns all files, 0 (root) to 4294967295. @default 1000 */
  readonly uid?: number;
  /** Group id that owns all files, 0 (root) to 4294967295. @default 1000 */
  readonly gid?: number;
  /** Permissions of the directory, as an octal text. @default "0755" */
  readonly permissions?: string;
}

const PATH = /^(?=.{1,100}$)(\/|(\/(?!\.)[^$#<>;`|&?{}^*/\n]+){1,4})$/;

/**
 * A way into a file system that shows one directory and acts as one user.
 * Synthesis is refused for a path, an id or permissions that EFS does not allow
 * @see https://docs.aws.amazon.com/efs/latest/ug/efs-access-points.html
 */
export class EfsAccessPoint extends Module implements IEfsAccessPoint {
  /** An access point that exists already. */
  public static fromEfsAccessPointAttributes(
    scope: Construct,
    attributes: EfsAccessPointAttributes,
  ): IEfsAccessPoint {
    const { accessPointId, fileSystem, volumeName } = attributes;
    checkEcsName(scope, "volumeName", volumeName);
    const accessPointArn =
      attributes.accessPointArn ?? arn(scope, "elasticfilesystem", `access-point/${accessPointId}`);
    return {
      accessPointId,
      fileSystem,
      volumeName,
      grantMount: (grantee, access) =>
        allowMount({ accessPointArn, fileSystem, name: volumeName }, grantee, access),
    };
  }

  public readonly accessPointId: string;
  /** ARN of the access point. */
  public readonly accessPointArn: string;
  public readonly fileSystem: IEfs;
  /** Name of the task definition's volume for it. */
  public readonly volumeName: string;

  public constructor(scope: Construct, id: string, props: EfsAccessPointProps) {
    super(scope, id);
    checkGiven(this, props, ["fileSystem", "path"]);
    const uid = props.uid ?? 1000;
    const gid = props.gid ?? 1000;
    const permissions = props.permissions ?? "0755";
    check(this, "path", props.path, (path) => PATH.test(path), efs.path);
    for (const [property, value] of Object.entries({ uid, gid })) {
      checkInteger(this, property, value, { min: 0, max: 4294967295 }, efs.userId);
      warnUnless(this, property, value, (id) => id !== 0, efs.rootUser);
    }
    check(this, "permissions", permissions, isOctal, efs.permissions);

    const accessPoint = new AwsEfsAccessPoint(this, "access_point", {
      fileSystemId: props.fileSystem.fileSystemId,
      posixUser: { uid, gid },
      rootDirectory: {
        path: props.path,
        // without it a directory that does not exist yet cannot be mounted
        creationInfo: { ownerUid: uid, ownerGid: gid, permissions },
      },
      tags: { Name: tagValue(props.path) },
    });
    this.fileSystem = props.fileSystem;
    this.accessPointId = accessPoint.id;
    this.accessPointArn = accessPoint.arn;
    this.volumeName = terraformAddress(accessPoint);
  }

  /** Lets a role mount this access point and no other, in its own policy and in the file system's. */
  public grantMount(grantee: IGrantee, access: "read" | "write"): void {
    const { accessPointArn, fileSystem, volumeName } = this;
    allowMount({ accessPointArn, fileSystem, name: volumeName }, grantee, access);
  }
}

function isOctal(permissions: string): boolean {
  return typeof permissions === "string" && /^[0-7]{3,4}$/.test(permissions);
}

interface MountTarget {
  readonly accessPointArn: string;
  readonly fileSystem: IEfs;
  /** What its statements are called after. */
  readonly name: string;
}

function allowMount(target: MountTarget, grantee: IGrantee, access: "read" | "write"): void {
  const { accessPointArn, fileSystem, name } = target;
  const statement = {
    sid: `Mount${pascalCase(name.replaceAll("-", "_"))}${access === "write" ? "" : "ReadOnly"}`,
    actions: [
      "elasticfilesystem:ClientMount",
      ...(access === "write" ? ["elasticfilesystem:ClientWrite"] : []),
    ],
    conditions: { StringEquals: { "elasticfilesystem:AccessPointArn": accessPointArn } },
  };
  fileSystem.addToFileSystemPolicy({ ...statement, principal: { AWS: [grantee.roleArn] } }, grantee);
  grantee.grant({ ...statement, resources: [fileSystem.fileSystemArn] });
}
