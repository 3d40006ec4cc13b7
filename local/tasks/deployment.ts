import type { DeploymentConfiguration, EcsService } from "./ecs-api";
import type { DeploymentState } from "./task-event";

/** A task that lived so long did start. Its end is no failure to start, and is not waited for. */
const STEADY_MS = 60_000;
/** ECS gives no figures but the last; the first failure is not waited for. */
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 15 * 60_000;

/** One deployment of a service: how far it is, and what failed on the way. */
export class Deployment {
  public state: DeploymentState = "IN_PROGRESS";
  /** Tasks that failed before it was complete. */
  public failedTasks = 0;
  /** No task is started before. */
  public nextStart = 0;
  private failuresInARow = 0;

  public constructor(
    public readonly id: string,
    /** ARN. */
    public readonly taskDefinition: string,
    private readonly timeScale: number,
  ) {}

  /** Takes note that a task ended by itself or became unhealthy. Returns for how long no task is started, in ms. */
  public failed(lived: number): number {
    if (this.state === "IN_PROGRESS") this.failedTasks += 1;
    this.failuresInARow = lived < STEADY_MS * this.timeScale ? this.failuresInARow + 1 : 0;
    if (this.failuresInARow < 2) return 0;
    const wait = Math.min(FIRST_WAIT_MS * 2 ** (this.failuresInARow - 2), LONGEST_WAIT_MS) * this.timeScale;
    this.nextStart = Date.now() + wait;
    return wait;
  }

  /** Whether the circuit breaker, if there is one, gives up. */
  public isHopeless(service: EcsService): boolean {
    const { deploymentCircuitBreaker: breaker } = service.deploymentConfiguration ?? {};
    return (
      this.state === "IN_PROGRESS" &&
      breaker?.enable === true &&
      this.failedTasks >= failureThreshold(service.desiredCount)
    );
  }
}

/**
 * How many failed tasks make a circuit breaker give up: half of the desired count, from 3 to 200.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export function failureThreshold(desiredCount: number): number {
  return Math.min(Math.max(Math.ceil(desiredCount / 2), 3), 200);
}

/** Id and task definition of the deployment that a service is to have. */
export function primaryDeployment(service: EcsService): {
  readonly id: string;
  readonly taskDefinition: string;
} {
  const primary = service.deployments?.find(({ status }) => status === "PRIMARY");
  return {
    id: primary?.id ?? service.taskDefinition,
    // of the service itself: an emulator may update one of the two later
    taskDefinition: service.taskDefinition,
  };
}

/** With the defaults of a service on Fargate. */
export function percentages(
  configuration: DeploymentConfiguration = {},
): Required<Pick<DeploymentConfiguration, "minimumHealthyPercent" | "maximumPercent">> {
  const { minimumHealthyPercent = 100, maximumPercent = 200 } = configuration;
  return { minimumHealthyPercent, maximumPercent };
}
