/** Bounds of the number of tasks. */
export interface CapacityRange {
  /**
   * Fewest tasks, 0 to 5000; 1000 at most where the tasks are registered in Cloud Map. From 0 tasks no utilization is
   * measured: only a schedule, or somebody, starts the first one again.
   */
  readonly minCapacity: number;
  /** Most tasks, not fewer than `minCapacity`; 5000 at most, or 1000 where the tasks are registered in Cloud Map. */
  readonly maxCapacity: number;
}

/**
 * Utilization that Application Auto Scaling holds by starting and stopping tasks. Of two, the one that asks for more
 * tasks decides.
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
 */
export interface AutoScalingTargets {
  /** Average CPU utilization of the service, 1 to 100. @default - CPU does not matter */
  readonly cpuPercent?: number;
  /** Average memory utilization of the service, 1 to 100. @default - memory does not matter */
  readonly memoryPercent?: number;
  /** Seconds between stopping tasks and stopping more of them. @default 300, as AWS has it */
  readonly scaleInCooldown?: number;
  /** Seconds in which tasks that were just started count as enough. @default 60: a task on Fargate is up by then */
  readonly scaleOutCooldown?: number;
}

/**
 * New bounds at certain times.
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-scheduled-scaling.html
 */
export interface AutoScalingSchedule extends CapacityRange {
  /** Letters, digits, hyphens and underscores; unique in the service. */
  readonly name: string;
  /** `cron(0 22 ? * MON-FRI *)`, `rate(12 hours)` or `at(2030-12-24T18:00:00)`. */
  readonly schedule: string;
  /** The time zone that a cron or at expression is meant in: `Europe/Berlin`. @default - UTC */
  readonly timezone?: string;
}

/** How many tasks run, by how busy they are, by the time of day, or by both. One of the two must be given. */
export interface AutoScaling extends CapacityRange {
  /** Utilizations that are held. @default - not by how busy the tasks are */
  readonly targets?: AutoScalingTargets;
  /**
   * A schedule moves the bounds from then on, so Terraform leaves them alone where there are schedules: `minCapacity`
   * and `maxCapacity` hold until the first schedule is due, and another value for them later changes nothing.
   * @default - the bounds never move
   */
  readonly schedules?: readonly AutoScalingSchedule[];
}
