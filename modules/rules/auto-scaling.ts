import type { Rules } from "./rule";

const API = "https://docs.aws.amazon.com/autoscaling/application/APIReference";
const SCALABLE_TARGET = `${API}/API_RegisterScalableTarget.html`;
const TARGET_TRACKING = `${API}/API_TargetTrackingScalingPolicyConfiguration.html`;
const SCHEDULED_ACTION = `${API}/API_PutScheduledAction.html`;

/** Numbers of tasks that change by themselves. */
export const autoScaling = {
  capacity: {
    id: "auto-scaling-capacity",
    about: "A service has at most 5,000 tasks.",
    held: "synth",
    allowed: "a whole number from 0 to 5000",
    mend: "give the fewest and the most tasks that may run at a time",
    source: "https://docs.aws.amazon.com/general/latest/gr/ecs-service.html",
  },
  bounds: {
    id: "auto-scaling-bounds",
    about: "The lower bound is not above the upper one.",
    held: "synth",
    allowed: "minCapacity not more than maxCapacity",
    mend: "lower minCapacity or raise maxCapacity; both may be the same",
    source: SCALABLE_TARGET,
  },
  mover: {
    id: "auto-scaling-mover",
    about: "Bounds alone move nothing: a target or a schedule does.",
    held: "synth",
    allowed: "bounds with something that moves the number of tasks: `targets`, `schedules` or both",
    mend: "add `targets: { cpuPercent: 60 }`, or leave `autoScaling` out and give `desiredCount` alone",
  },
  desiredCount: {
    id: "auto-scaling-desired-count",
    about: "The number of tasks to begin with lies within the bounds.",
    held: "synth",
    allowed: "with autoscaling, a number from minCapacity to maxCapacity",
    mend: "leave it out to begin with minCapacity: the number of tasks is autoscaling's from then on",
    source: SCALABLE_TARGET,
  },
  desiredCountIgnored: {
    id: "auto-scaling-desired-count-ignored",
    about: "Without ignore_changes every apply would set the number of tasks back.",
    held: "design",
    how: "`desired_count` is ignored exactly where autoscaling is attached, and always written.",
    source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecs_service",
  },
  targets: {
    id: "auto-scaling-targets",
    about: "A target is a utilization of CPU or of memory.",
    held: "synth",
    allowed: "cpuPercent, memoryPercent or both",
    mend: "for example `targets: { cpuPercent: 60 }`",
    source: TARGET_TRACKING,
  },
  percent: {
    id: "auto-scaling-percent",
    about: "A utilization to keep is a percentage.",
    held: "synth",
    allowed: "a number from 1 to 100",
    mend: "give the utilization that the tasks should have, for example 60",
    source: TARGET_TRACKING,
  },
  cooldown: {
    id: "auto-scaling-cooldown",
    about: "A cool-down is a number of seconds.",
    held: "synth",
    allowed: "a whole number from 0 to 2147483647",
    mend: "give seconds, or leave it out",
    source: TARGET_TRACKING,
  },
  scheduleNames: {
    id: "auto-scaling-schedule-names",
    about: "Each schedule has a name of its own.",
    held: "synth",
    allowed:
      "names that differ in more than case, hyphens and underscores: Terraform addresses are made of them",
    mend: "give each schedule a name of its own",
  },
  scheduleName: {
    id: "auto-scaling-schedule-name",
    about: "The name of a schedule becomes that of a scheduled action.",
    held: "synth",
    allowed: "1 to 256 letters, digits, hyphens and underscores, a letter or digit among them",
    mend: 'choose a name such as "night"',
    source: SCHEDULED_ACTION,
  },
  schedule: {
    id: "auto-scaling-schedule",
    about: "A schedule is an expression of six fields, a rate or a time.",
    held: "synth",
    allowed:
      "cron(minutes hours day-of-month month day-of-week year) with ? for one of the two days, rate(number unit) with " +
      "minutes, hours or days, or at(yyyy-mm-ddThh:mm:ss)",
    mend: 'for example "cron(0 22 ? * MON-FRI *)" for ten in the evening of each working day',
    source:
      "https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html",
  },
  timezone: {
    id: "auto-scaling-timezone",
    about: "The time zone of a schedule is a name of the IANA database, not an offset.",
    held: "synth",
    allowed: "the name of a time zone in the IANA database",
    mend: 'give a name such as "Europe/Berlin", or leave it out for UTC',
    source: SCHEDULED_ACTION,
  },
  resourceId: {
    id: "auto-scaling-resource-id",
    about: "A scalable target is named by the names of cluster and service, not by their ARNs.",
    held: "synth",
    allowed: "the ARN of a cluster, with its name behind the slash",
    mend: "copy it from `aws ecs list-clusters`, or pass an EcsCluster",
    source: SCALABLE_TARGET,
  },
} as const satisfies Rules;
