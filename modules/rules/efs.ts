import type { Rules } from "./rule";

const CREATE_FILE_SYSTEM = "https://docs.aws.amazon.com/efs/latest/ug/API_CreateFileSystem.html";
const CREATE_MOUNT_TARGET = "https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html";
const IDENTITY = "https://docs.aws.amazon.com/efs/latest/ug/enforce-identity-access-points.html";
const ROOT_DIRECTORY = "https://docs.aws.amazon.com/efs/latest/ug/API_RootDirectory.html";
const CREATION_INFO = "https://docs.aws.amazon.com/efs/latest/ug/API_CreationInfo.html";
const IAM_ACCESS = "https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html";

/** File systems, their mount targets and access points. */
export const efs = {
  mountTargetZones: {
    id: "efs-mount-target-zones",
    about:
      "A file system has one mount target in an availability zone: a second subnet of the zone fails with MountTargetConflict.",
    held: "plan",
    allowed: "subnets in different availability zones",
    mend: "keep one subnet of each zone; tasks in other subnets of the zone use its mount target too",
    source: CREATE_MOUNT_TARGET,
  },
  nfsPort: {
    id: "efs-nfs-port",
    about: "Without a way to port 2049 of the mount targets tasks stay in PENDING.",
    held: "design",
    how: "`mount` opens the port from the service's group to that of the mount targets. The group of an imported file system must be given for that; else only the way out is opened, and its owner opens the way in.",
    source: "https://docs.aws.amazon.com/efs/latest/ug/network-access.html",
  },
  mountPrerequisites: {
    id: "efs-mount-prerequisites",
    about: "Tasks that start before there are mount targets fail: the file system's name does not resolve.",
    held: "design",
    how: "A service that mounts an access point depends on the mount targets and the policy of its file system. ECS tries again while the new names spread.",
    source: "https://docs.aws.amazon.com/efs/latest/ug/troubleshooting-efs-mounting.html",
  },
  path: {
    id: "efs-path",
    about:
      "The root of an access point is an absolute path of at most four directories. The provider takes any text.",
    held: "synth",
    allowed:
      "an absolute path of at most four directories and 100 characters, without $ # < > ; ` | & ? { } ^ *",
    mend: 'give a path such as "/stock-service"',
    source: ROOT_DIRECTORY,
  },
  creationInfo: {
    id: "efs-creation-info",
    about:
      "A directory that does not exist cannot be mounted unless EFS is told who owns it and how to make it.",
    held: "design",
    how: "Owner and permissions are always written, the owner being the user that the access point acts as.",
    source: CREATION_INFO,
  },
  permissions: {
    id: "efs-permissions",
    about:
      "Permissions are an octal text: of the number 0o755 the decimal 493 would be left. The provider takes any text.",
    held: "synth",
    allowed: "three or four octal digits, as text",
    mend: 'give a text such as "0755" (a number such as 0o755 would be written in decimal)',
    source: CREATION_INFO,
  },
  userId: {
    id: "efs-user-id",
    about: "Ids of users and groups are whole numbers of 32 bits.",
    held: "synth",
    allowed: "a whole number from 0 to 4294967295",
    mend: "give the id that the container's user has, for example 1000",
    source: "https://docs.aws.amazon.com/efs/latest/ug/API_PosixUser.html",
  },
  rootUser: {
    id: "efs-root-user",
    about:
      "An access point that acts as root (0) needs ClientRootAccess, which is never granted here: without it nothing can be written.",
    held: "warning",
    allowed: "a user and a group other than 0",
    mend: "take the default 1000, or acknowledge it where the policy of the file system grants ClientRootAccess",
    source: IDENTITY,
  },
  throughputMode: {
    id: "efs-throughput-mode",
    about:
      'The throughput mode is "elastic" or "bursting" here; "provisioned" would want a rate, and another mode refuses one.',
    held: "synth",
    allowed: '"elastic" or "bursting"',
    mend: "leave it out for elastic",
    source: CREATE_FILE_SYSTEM,
  },
  performanceMode: {
    id: "efs-performance-mode",
    about: "maxIO goes neither with elastic throughput nor with One Zone.",
    held: "absent",
    how: "The mode is always generalPurpose.",
    source: CREATE_FILE_SYSTEM,
  },
  lifecycle: {
    id: "efs-lifecycle",
    about: "Transitions to other storage classes stand one in a block, with values from a list.",
    held: "absent",
    how: "Not offered: all files stay in the standard class.",
    source: "https://docs.aws.amazon.com/efs/latest/ug/API_LifecyclePolicy.html",
  },
  encrypted: {
    id: "efs-encrypted",
    about:
      "A file system is not encrypted unless asked to, cannot be encrypted later, and takes no key unless it is encrypted.",
    held: "design",
    how: "It is always encrypted.",
    source: "https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html",
  },
  keyArn: {
    id: "efs-key-arn",
    about:
      "EFS gives back the ARN of a key: an alias in its place would replace the file system in every plan.",
    held: "warning",
    allowed: "the ARN of a KMS key: arn:<partition>:kms:<region>:<account>:key/...",
    mend: "give the key's own ARN, from `aws kms describe-key`",
    source: CREATE_FILE_SYSTEM,
  },
  oneZone: {
    id: "efs-one-zone",
    about: "A One Zone file system has one mount target, in its zone.",
    held: "absent",
    how: "Not offered: all file systems are regional.",
    source: CREATE_MOUNT_TARGET,
  },
  creationToken: {
    id: "efs-creation-token",
    about: "The creation token has at most 64 characters and is there once in an account.",
    held: "design",
    how: "The provider makes it.",
    source: CREATE_FILE_SYSTEM,
  },
  oneWriter: {
    id: "efs-one-writer",
    about:
      "SQLite on a network file system is safe with one writer at a time: its locks are not reliable there, and WAL wants all of them on one host. A deployment starts the new task beside the old one unless its percentages say otherwise.",
    held: "warning",
    allowed: "one task at most that writes: a desired count of 1 and no autoscaling beyond it",
    mend: "run one task, with `deployment: { minimumHealthyPercent: 0, maximumPercent: 100 }` to stop it before the new one starts, or acknowledge it where tasks never write the same files",
    source: "https://sqlite.org/wal.html",
  },
  policyAllows: {
    id: "efs-policy-allows",
    about:
      "With IAM authorization a policy that does not name the role locks its tasks out, and without a policy anybody may mount.",
    held: "design",
    how: "The policy refuses connections without TLS and names each role that was granted a mount, for its access point alone. That of an imported file system is its owner's.",
    source: IAM_ACCESS,
  },
  otherStack: {
    id: "efs-other-stack",
    about:
      "A file system has one policy, in its own stack, and what another stack refers to cannot refer back: roles of other stacks cannot stand in it.",
    held: "synth",
    allowed: "a file system of the same stack: its policy names the roles that may mount it",
    mend: "make the file system in the stack of the services that mount it, or use `Efs.fromEfsAttributes` and name the roles in its policy yourself",
    source: IAM_ACCESS,
  },
} as const satisfies Rules;
