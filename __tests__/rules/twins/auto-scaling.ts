import { autoScaling, cloudMap } from "../../../modules/rules";
import { EcsCluster } from "../../../modules/core/compute/ecs-cluster";
import type {
  AutoScaling,
  AutoScalingSchedule,
  AutoScalingTargets,
} from "../../../modules/services/ecs-service/auto-scaling-props";
import { CLUSTER, service, type SmallStack } from "../../modules/stack-of";
import { twin, type Twin } from "./twin";

const BOUNDS = { minCapacity: 1, maxCapacity: 4 };
const NIGHT: AutoScalingSchedule = { name: "night", schedule: "cron(0 22 * * ? *)", ...BOUNDS };

const scaled = (stack: SmallStack, props: Partial<AutoScaling>, more = {}): unknown =>
  service(stack, "stock", { autoScaling: { ...BOUNDS, targets: { cpuPercent: 60 }, ...props }, ...more });
const targets = (stack: SmallStack, props: AutoScalingTargets): unknown => scaled(stack, { targets: props });
const schedules = (stack: SmallStack, ...all: readonly Partial<AutoScalingSchedule>[]): unknown =>
  scaled(stack, { schedules: all.map((props) => ({ ...NIGHT, ...props })) });

export const AUTO_SCALING_TWINS: readonly Twin[] = [
  twin(
    autoScaling.capacity,
    (stack, maxCapacity) => scaled(stack, { maxCapacity }, { discovery: undefined }),
    { bad: 5001, good: 5000 },
  ),
  twin(cloudMap.instances, (stack, maxCapacity) => scaled(stack, { maxCapacity }), { bad: 1001, good: 1000 }),
  twin(autoScaling.bounds, (stack, minCapacity) => scaled(stack, { minCapacity }), { bad: 5, good: 4 }),
  twin<AutoScaling["targets"]>(autoScaling.mover, (stack, given) => scaled(stack, { targets: given }), {
    bad: undefined,
    good: { memoryPercent: 60 },
  }),
  twin(autoScaling.desiredCount, (stack, desiredCount) => scaled(stack, {}, { desiredCount }), {
    bad: 5,
    good: 4,
  }),
  twin<AutoScalingTargets>(autoScaling.targets, targets, {
    bad: { scaleInCooldown: 60 },
    good: { scaleInCooldown: 60, cpuPercent: 60 },
  }),
  twin(autoScaling.percent, (stack, cpuPercent) => targets(stack, { cpuPercent }), { bad: 0, good: 1 }),
  twin(
    autoScaling.cooldown,
    (stack, scaleOutCooldown) => targets(stack, { cpuPercent: 60, scaleOutCooldown }),
    { bad: 1.5, good: 1 },
  ),
  twin(autoScaling.scheduleNames, (stack, name) => schedules(stack, {}, { name }), {
    bad: "Night",
    good: "day",
  }),
  twin(autoScaling.scheduleName, (stack, name) => schedules(stack, { name }), {
    bad: "at night",
    good: "at-night",
  }),
  twin(autoScaling.schedule, (stack, schedule) => schedules(stack, { schedule }), {
    bad: "cron(0 22 * * *)",
    good: "cron(0 22 * * ? *)",
  }),
  twin(autoScaling.schedule, (stack, schedule) => schedules(stack, { schedule }), {
    bad: "at(2027-02-29T00:00:00)",
    good: "at(2028-02-29T00:00:00)",
  }),
  twin(autoScaling.timezone, (stack, timezone) => schedules(stack, { timezone }), {
    bad: "+01:00",
    good: "Europe/Berlin",
  }),
  twin(
    autoScaling.resourceId,
    (stack, ecsClusterId) =>
      scaled(stack, {}, { ecsCluster: EcsCluster.fromEcsClusterAttributes({ ecsClusterId }) }),
    { bad: "arn:aws:ecs:eu-central-1:123456789012:cluster/", good: CLUSTER },
  ),
];
