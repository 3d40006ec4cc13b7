import type { LogRetentionDays } from "../../../modules/core/cloudwatch/log-retention";
import { logs } from "../../../modules/rules";
import { service, type SmallStack } from "../../modules/stack-of";
import { twin, type Twin } from "./twin";

const kept = (stack: SmallStack, days: number): unknown =>
  service(stack, "stock", { logRetentionInDays: days as LogRetentionDays });

export const LOGS_TWINS: readonly Twin[] = [
  twin(logs.retention, kept, { bad: 31, good: 30 }),
  twin(logs.retention, kept, { bad: 0, good: 1 }),
];
