/** What a service's scheduler looks at when it looks at a task that is not being stopped. */
export interface ScheduledTask {
  /** Of the deployment that the service is to have. */
  readonly current: boolean;
  readonly ready: boolean;
  readonly unhealthy: boolean;
  readonly startedAt: Date;
}

export interface ScheduleLimits {
  readonly desiredCount: number;
  /** Percent of the desired count that is never gone below for a deployment. */
  readonly minimumHealthyPercent: number;
  /** Percent of the desired count that is never gone above. */
  readonly maximumPercent: number;
}

/**
 * How many tasks a service is to start now, and which it is to stop.
 *
 * New tasks come first where `maximumPercent` has room for them; an old or an unhealthy one goes when another is ready
 * in its place. Where there is no room, old ones go down to `minimumHealthyPercent`, unhealthy ones one at a time.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_definition_parameters.html (deploymentConfiguration)
 */
export function schedule<T extends ScheduledTask>(
  tasks: readonly T[],
  limits: ScheduleLimits,
): { readonly start: number; readonly stop: readonly T[] } {
  const { desiredCount } = limits;
  if (desiredCount === 0) return { start: 0, stop: tasks };
  const lower = Math.ceil((desiredCount * limits.minimumHealthyPercent) / 100);
  const upper = Math.max(1, Math.floor((desiredCount * limits.maximumPercent) / 100));

  const unhealthy = tasks.filter((task) => task.unhealthy);
  const current = tasks.filter((task) => task.current && !task.unhealthy).sort(leastUsefulFirst);
  const old = tasks.filter((task) => !task.current && !task.unhealthy).sort(leastUsefulFirst);
  const ready = tasks.filter((task) => task.ready).length;
  const currentReady = current.filter((task) => task.ready).length;

  const missing = Math.max(0, desiredCount - current.length);
  const room = Math.max(0, upper - tasks.length);
  const start = Math.min(missing, room);
  const waiting = missing - start;

  const surplus = current.slice(0, Math.max(0, current.length - desiredCount));
  const readyWithoutSurplus = ready - surplus.filter((task) => task.ready).length;
  const replaced = readyWithoutSurplus - Math.max(desiredCount, lower);
  const forRoom = Math.min(readyWithoutSurplus - lower, waiting);
  const mayGo = currentReady >= desiredCount ? old.length : Math.max(0, replaced, forRoom);
  const notReady = old.filter((task) => !task.ready);
  const goingOld = [
    // an old task that is not ready yet will not be: it only takes room
    ...notReady,
    ...old.filter((task) => task.ready).slice(0, mayGo),
  ];
  const goingUnhealthy =
    currentReady >= desiredCount
      ? unhealthy
      : waiting > 0 && goingOld.length === 0
        ? unhealthy.slice(0, 1)
        : [];
  return { start, stop: [...surplus, ...goingOld, ...goingUnhealthy] };
}

/** Those that are not ready, and then the youngest. */
function leastUsefulFirst(a: ScheduledTask, b: ScheduledTask): number {
  return Number(a.ready) - Number(b.ready) || b.startedAt.getTime() - a.startedAt.getTime();
}
