import type { IConstruct } from "constructs";
import { Token } from "cdktf";
import { check, checkInteger } from "../../core/framework/check";
import { ecsService } from "../../rules/ecs-service";

/** How ECS replaces old tasks by new ones. */
export interface Deployment {
  /** Healthy tasks to keep, in percent of the desired count, 0 to 100. @default 100 */
  readonly minimumHealthyPercent?: number;
  /** Tasks to run at most, in percent of the desired count, 100 or more. @default 200 */
  readonly maximumPercent?: number;
}

/** Refuses percentages with which a deployment could never begin. */
export function checkDeployment(
  scope: IConstruct,
  deployment: Deployment | undefined,
  desiredCount = 1,
): void {
  const { minimumHealthyPercent: minimum = 100, maximumPercent: maximum = 200 } = deployment ?? {};
  const { minimumHealthyPercent, maximumPercent, deploymentRoom } = ecsService;
  checkInteger(
    scope,
    "deployment.minimumHealthyPercent",
    minimum,
    { min: 0, max: 100 },
    minimumHealthyPercent,
  );
  checkInteger(scope, "deployment.maximumPercent", maximum, { min: 100, max: 2147483647 }, maximumPercent);
  if (Token.isUnresolved(desiredCount) || desiredCount === 0) return;
  check(
    scope,
    "deployment",
    { minimumHealthyPercent: minimum, maximumPercent: maximum },
    () => Math.floor((desiredCount * maximum) / 100) > Math.ceil((desiredCount * minimum) / 100),
    {
      ...deploymentRoom,
      allowed: `${deploymentRoom.allowed}, with a desired count of ${desiredCount}`,
    },
  );
}
