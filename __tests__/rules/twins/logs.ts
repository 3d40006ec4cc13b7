import { EcsCluster } from "../../../modules/core/compute/ecs-cluster";
import type { LogRetentionDays } from "../../../modules/core/cloudwatch/log-retention";
import { logs } from "../../../modules/rules";
import { service, type SmallStack } from "../../modules/stack-of";
import { twin, type Twin } from "./twin";

const kept = (stack: SmallStack, days: number): unknown =>
  service(stack, "stock", { logRetentionInDays: days as LogRetentionDays });

const withSessions = (stack: SmallStack, serviceName: string): void => {
  const executeCommandLogging = { retentionInDays: 30 } as const;
  new EcsCluster(stack, "cluster", { clusterName: "small", executeCommandLogging });
  service(stack, "stock", { serviceName });
};
/** A service of one name in each of two clusters. */
const inTwoClusters = (stack: SmallStack, logGroupName?: string): void => {
  service(stack, "worker", { discovery: undefined });
  const ecsCluster = new EcsCluster(stack, "batch", { clusterName: "batch" });
  const family = "batch-worker";
  const props = { serviceName: "worker", discovery: undefined, family, logGroupName };
  service(stack, "batch_worker", { ...props, ecsCluster });
};

export const LOGS_TWINS: readonly Twin[] = [
  twin(logs.groupTaken, inTwoClusters, { bad: undefined, good: "/ecs/small/batch/worker" }),
  {
    rule: logs.groupTaken,
    title: "sessions",
    bad: (stack) => withSessions(stack, "execute-command"),
    good: (stack) => withSessions(stack, "command"),
  },
  twin(logs.groupGiven, (stack, logGroupName) => service(stack, "stock", { logGroupName }), {
    bad: "aws/stock",
    good: "/aws/stock",
  }),
  twin(logs.groupGiven, (stack, logGroupName) => service(stack, "stock", { logGroupName }), {
    bad: "stock service",
    good: "stock#service",
  }),
  twin(logs.retention, kept, { bad: 31, good: 30 }),
  twin(logs.retention, kept, { bad: 0, good: 1 }),
];
