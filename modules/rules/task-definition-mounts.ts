import type { Rules } from "./rule";

const MOUNT_POINT = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_MountPoint.html";
const EFS_VOLUME = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/efs-volumes.html";

/** File systems in containers; a part of the rules for task definitions. */
export const taskMounts = {
  mountPath: {
    id: "task-definition-mount-path",
    about: "A file system is mounted at an absolute path.",
    held: "synth",
    allowed: "an absolute path",
    mend: 'give a path such as "/data"',
    source: MOUNT_POINT,
  },
  mountContainers: {
    id: "task-definition-mount-containers",
    about: "A mount names containers of the task.",
    held: "synth",
    allowed: "the names of containers of the task",
    mend: "name containers of this task, or leave the list out for all of them",
    source: MOUNT_POINT,
  },
  mountTwice: {
    id: "task-definition-mount-twice",
    about: "One path in a container has one file system.",
    held: "synth",
    allowed: "a path where nothing else is mounted in the same container",
    mend: "mount it somewhere else",
    source: MOUNT_POINT,
  },
  volumeNames: {
    id: "task-definition-volume-names",
    about: "Volumes of a task have different names: a mount point finds its volume by that alone.",
    held: "synth",
    allowed: "a volume name that no other access point of the task has",
    mend: "give one of two imported access points another `volumeName`, one of two others another construct id; mount one that is there twice by the same object",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Volume.html",
  },
  mountVolume: {
    id: "task-definition-mount-volume",
    about: "A mount point refers to a volume of the task.",
    held: "design",
    how: "`mount` makes both.",
    source: MOUNT_POINT,
  },
  efsTransit: {
    id: "task-definition-efs-transit",
    about: "A volume with an access point or IAM needs transit encryption, and no root directory of its own.",
    held: "design",
    how: "Transit encryption and IAM are always on; the directory is the access point's.",
    source: EFS_VOLUME,
  },
  efsPlatform: {
    id: "task-definition-efs-platform",
    about: "EFS volumes need Linux and platform version 1.4.0.",
    held: "design",
    how: "Tasks are Linux tasks on LATEST.",
    source: EFS_VOLUME,
  },
  efsPermission: {
    id: "task-definition-efs-permission",
    about: "With IAM on, the task role needs ClientMount, and ClientWrite to write.",
    held: "design",
    how: "`mount` grants what the mount needs, for that access point alone.",
    source: "https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html",
  },
} as const satisfies Rules;
