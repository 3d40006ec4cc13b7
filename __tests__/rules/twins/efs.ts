import { App } from "cdktf";
import { Efs, type EfsProps } from "../../../modules/core/storage/efs";
import { EfsAccessPoint, type EfsAccessPointProps } from "../../../modules/core/storage/efs-access-point";
import { EcsTasksRole } from "../../../modules/core/iam/ecs-tasks-role";
import { efs } from "../../../modules/rules";
import type { EcsServiceProps } from "../../../modules/services/ecs-service/ecs-service-props";
import type { MountOptions } from "../../../modules/services/task/task-definition-props";
import { service, SmallStack, SUBNETS, VPC } from "../../modules/stack-of";
import { twin, type Twin } from "./twin";

const KEY = "arn:aws:kms:eu-central-1:123456789012";
const fileSystem = (stack: SmallStack, props: Partial<EfsProps> = {}): Efs =>
  new Efs(stack, "efs", { vpcId: VPC, subnets: SUBNETS, ...props });
const accessPoint = (stack: SmallStack, props: Partial<EfsAccessPointProps>): unknown =>
  new EfsAccessPoint(stack, "access_point", { fileSystem: fileSystem(stack), path: "/stock", ...props });
const shown = (stack: SmallStack, path: string): unknown => accessPoint(stack, { path });
const permitted = (stack: SmallStack, permissions: unknown): unknown =>
  accessPoint(stack, { permissions: permissions as string });

/** Mounts a file system of the stack, or of one beside it, from a role of the stack. */
const mounted = (stack: SmallStack, home: SmallStack): void => {
  const role = new EcsTasksRole(stack, "role", { purpose: "stock", description: "stock" });
  new EfsAccessPoint(home, "access_point", { fileSystem: fileSystem(home), path: "/stock" }).grantMount(
    role,
    "read",
  );
};

/** A service mounts the file system to write. */
const writing = (
  stack: SmallStack,
  props: Partial<EcsServiceProps>,
  options: Partial<MountOptions> = {},
): void => {
  const files = new EfsAccessPoint(stack, "access_point", { fileSystem: fileSystem(stack), path: "/stock" });
  service(stack, "stock", props).mount(files, { containerPath: "/data", ...options });
};

export const EFS_TWINS: readonly Twin[] = [
  twin(efs.oneWriter, (stack, desiredCount) => writing(stack, { desiredCount }), { bad: 2, good: 1 }),
  twin(efs.oneWriter, (stack, readOnly) => writing(stack, { desiredCount: 2 }, { readOnly }), {
    bad: false,
    good: true,
  }),
  twin(
    efs.oneWriter,
    (stack, maxCapacity) =>
      writing(stack, { autoScaling: { minCapacity: 1, maxCapacity, targets: { cpuPercent: 60 } } }),
    { bad: 2, good: 1 },
  ),
  twin(efs.path, shown, { bad: "stock", good: "/stock" }),
  twin(efs.path, shown, { bad: "/a/b/c/d/e", good: "/a/b/c/d" }),
  twin(efs.path, shown, { bad: "/a$b", good: "/a,b" }),
  twin(efs.path, shown, { bad: `/${"a".repeat(100)}`, good: `/${"a".repeat(99)}` }),
  twin<unknown>(efs.permissions, permitted, { bad: 0o755, good: "0755" }),
  // in decimal 676, which reads like permissions too
  twin<unknown>(efs.permissions, permitted, { bad: 0o1244, good: "1244" }),
  twin<unknown>(efs.permissions, permitted, { bad: "0855", good: "0755" }),
  twin(efs.userId, (stack, uid) => accessPoint(stack, { uid }), { bad: 4294967296, good: 4294967295 }),
  twin(efs.userId, (stack, gid) => accessPoint(stack, { gid }), { bad: 1.5, good: 1 }),
  twin(efs.rootUser, (stack, uid) => accessPoint(stack, { uid }), { bad: 0, good: 1 }),
  twin(efs.rootUser, (stack, gid) => accessPoint(stack, { gid }), { bad: 0, good: 1 }),
  twin(
    efs.throughputMode,
    (stack, mode) => fileSystem(stack, { throughputMode: mode as EfsProps["throughputMode"] }),
    { bad: "provisioned", good: "bursting" },
  ),
  twin(efs.keyArn, (stack, kmsKeyArn) => fileSystem(stack, { kmsKeyArn }), {
    bad: `${KEY}:alias/efs`,
    good: `${KEY}:key/efs`,
  }),
  {
    rule: efs.otherStack,
    bad: (stack) => mounted(stack, new SmallStack(App.of(stack), "other")),
    good: (stack) => mounted(stack, stack),
  },
];
