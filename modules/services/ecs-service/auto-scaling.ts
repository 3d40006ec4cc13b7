import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingScheduledAction } from "@cdktf/provider-aws/lib/appautoscaling-scheduled-action";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import type { EcsService as AwsEcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { Token, type TerraformResource, type TerraformResourceLifecycle } from "cdktf";
import { Construct } from "constructs";
import { clusterNameOf } from "../../core/compute/ecs-cluster";
import { addressOf, snakeCase } from "../../core/framework/address";
import { checkClusterName, checkRegisteredTasks } from "./auto-scaling-checks";
import type { AutoScaling, AutoScalingSchedule, AutoScalingTargets } from "./auto-scaling-props";

export interface ServiceAutoScalingProps {
  readonly autoScaling: AutoScaling;
  readonly service: AwsEcsService;
  /** ARN of the cluster that the service is in. */
  readonly ecsClusterId: string;
  /** Whether each task is an instance in Cloud Map. */
  readonly isRegistered: boolean;
}

/**
 * Lets Application Auto Scaling choose how many tasks of a service run. It acts as its service-linked role, which AWS
 * makes by itself.
 * Synthesis is refused for bounds that Cloud Map has no room for
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html
 */
export class ServiceAutoScaling extends Construct {
  private readonly target: AppautoscalingTarget;
  private previous: TerraformResource;

  public constructor(scope: Construct, id: string, props: ServiceAutoScalingProps) {
    super(scope, id);
    const { autoScaling, service, ecsClusterId } = props;
    const { targets, schedules = [] } = autoScaling;
    if (props.isRegistered) checkRegisteredTasks(scope, autoScaling);
    const clusterName = clusterNameOf(ecsClusterId);
    checkClusterName(scope, clusterName, ecsClusterId);

    this.target = new AppautoscalingTarget(this, "target", {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: `service/${clusterName}/${service.name}`,
      minCapacity: autoScaling.minCapacity,
      maxCapacity: autoScaling.maxCapacity,
      lifecycle: {
        // AWS forgets the target of a service that is deleted, and the new service has the same name
        replaceTriggeredBy: [`${addressOf(service)}.id`],
        ignoreChanges: schedules.length > 0 ? ["min_capacity", "max_capacity"] : undefined,
      },
    });
    this.previous = this.target;

    const policies = new Construct(this, "policy");
    this.track(policies, "cpu", "ECSServiceAverageCPUUtilization", targets?.cpuPercent, targets);
    this.track(policies, "memory", "ECSServiceAverageMemoryUtilization", targets?.memoryPercent, targets);
    const actions = new Construct(this, "scheduled_action");
    schedules.forEach((schedule) => this.addSchedule(actions, schedule));
  }

  private track(
    scope: Construct,
    name: string,
    predefinedMetricType: string,
    targetValue: number | undefined,
    { scaleInCooldown = 300, scaleOutCooldown = 60 }: AutoScalingTargets = {},
  ): void {
    if (targetValue === undefined) return;
    this.previous = new AppautoscalingPolicy(scope, name, {
      name,
      policyType: "TargetTrackingScaling",
      ...this.belonging(),
      targetTrackingScalingPolicyConfiguration: {
        targetValue,
        scaleInCooldown,
        scaleOutCooldown,
        predefinedMetricSpecification: { predefinedMetricType },
      },
    });
  }

  private addSchedule(
    scope: Construct,
    { name, schedule, timezone, minCapacity, maxCapacity }: AutoScalingSchedule,
  ): void {
    this.previous = new AppautoscalingScheduledAction(scope, snakeCase(name), {
      name,
      ...this.belonging(),
      schedule,
      timezone: timezone ?? "UTC",
      scalableTargetAction: { minCapacity: text(minCapacity), maxCapacity: text(maxCapacity) },
    });
  }

  /** What ties a policy or a scheduled action to the target. */
  private belonging() {
    const { serviceNamespace, scalableDimension, resourceId } = this.target;
    return {
      serviceNamespace,
      scalableDimension,
      resourceId,
      // AWS refuses two changes of one target at the same time (ConcurrentUpdateException): one after the other
      dependsOn: [this.previous],
      // with a target AWS deletes all that belongs to it
      lifecycle: { replaceTriggeredBy: [`${addressOf(this.target)}.id`] },
    };
  }
}

/** The number of tasks that a service is created with. */
export function initialCount(desiredCount?: number, autoScaling?: AutoScaling): number {
  return desiredCount ?? autoScaling?.minCapacity ?? 1;
}

/** What Terraform may do to the service; undefined where nothing has to be said. */
export function lifecycleOf(
  replaceTriggeredBy?: readonly string[],
  autoScaling?: AutoScaling,
): TerraformResourceLifecycle | undefined {
  if (replaceTriggeredBy === undefined && autoScaling === undefined) return undefined;
  return {
    replaceTriggeredBy: replaceTriggeredBy && [...replaceTriggeredBy],
    // else every apply would set the count back to the initial one
    ignoreChanges: autoScaling && ["desired_count"],
  };
}

/** The provider takes these numbers as text, so that a missing one is not 0. */
function text(capacity: number): string {
  return Token.isUnresolved(capacity) ? Token.asString(capacity) : String(capacity);
}
