import type { IConstruct } from "constructs";
import { check, checkInteger, checkPort } from "../core/check";
import type { ContainerImage } from "../core/container-image";
import { checkEcsName } from "../core/names";
import type { Secret } from "../core/secret";

export interface PortMapping {
  /** The port that the container listens on, 1 to 65535. In awsvpc mode it is the task's port too. */
  readonly containerPort: number;
  /** @default "tcp" */
  readonly protocol?: "tcp" | "udp";
  /** Name that other settings refer to the port by. @default - none */
  readonly name?: string;
}

/** A command that ECS runs in the container; it fails when it exits with anything but 0. */
export interface HealthCheck {
  /** Begins with `CMD` or `CMD-SHELL`: `["CMD-SHELL", "curl -f http://localhost/health || exit 1"]`. */
  readonly command: readonly string[];
  /** Seconds, 5 to 300. @default 30 */
  readonly interval?: number;
  /** Seconds, 2 to 60, less than the interval. @default 5 */
  readonly timeout?: number;
  /** 1 to 10. @default 3 */
  readonly retries?: number;
  /** Seconds in which failures do not count, 0 to 300. @default 0 */
  readonly startPeriod?: number;
}

/** A container of a task. What ECS calls it is what it is called here. */
export interface ContainerProps {
  /** Unique in the task. */
  readonly name: string;
  readonly image: ContainerImage;
  /** The task stops when an essential container does. @default true */
  readonly essential?: boolean;
  readonly portMappings?: readonly PortMapping[];
  /** Values that are no secrets. `${...}` in a literal text stays as it is, for a shell to read. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Values that ECS reads when the container starts. No name of theirs may be in `environment`. */
  readonly secrets?: Readonly<Record<string, Secret>>;
  /** @default - the image's own */
  readonly command?: readonly string[];
  /** @default - the image's own */
  readonly entryPoint?: readonly string[];
  /** @default - none: a running container counts as healthy */
  readonly healthCheck?: HealthCheck;
  /** CPU units of the task's that are kept for it. @default - it shares what is there */
  readonly cpu?: number;
  /** MiB after which it is killed. @default - the task's */
  readonly memory?: number;
  /** `uid:gid` or a name that the image knows. @default - the image's own */
  readonly user?: string;
  /** @default false */
  readonly readonlyRootFilesystem?: boolean;
  /** Seconds between SIGTERM and SIGKILL, 0 to 120. @default - 30, ECS's own */
  readonly stopTimeout?: number;
  /** Containers that must have come that far before this one starts. @default - none */
  readonly dependsOn?: Readonly<Record<string, "START" | "COMPLETE" | "SUCCESS" | "HEALTHY">>;
}

const CONTAINER = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html";
const HEALTH_CHECK = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html";

/** Throws for containers that ECS would refuse, each on its own and together as the containers of one task. */
export function checkContainers(scope: IConstruct, containers: readonly ContainerProps[]): void {
  check(scope, "containers", containers.length, (count) => count >= 1, {
    allowed: "at least one container",
    mend: "add the container that does the service's work",
    source: CONTAINER,
  });
  containers.forEach((container) => checkContainer(scope, container));
  check(scope, "containers", names(containers), isUnique, {
    allowed: "a name of its own for each container",
    mend: "rename one of the two",
    source: CONTAINER,
  });
  check(
    scope,
    "containers",
    containers.map((container) => container.essential ?? true),
    (all) => all.includes(true),
    {
      allowed: "at least one essential container",
      mend: "leave `essential` out where the task is of no use without the container",
      source: CONTAINER,
    },
  );
  check(scope, "containers.portMappings", containers.flatMap(ports), isUnique, {
    allowed: "each port once in a task: in awsvpc mode all containers share one network interface",
    mend: "let one of the containers listen on another port",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking-awsvpc.html",
  });
  checkOrder(scope, containers);
}

function checkContainer(scope: IConstruct, container: ContainerProps): void {
  const at = (property: string): string => `container "${container.name}" ${property}`;
  checkEcsName(scope, at("name"), container.name);
  container.portMappings?.forEach(({ containerPort }) =>
    checkPort(scope, at("containerPort"), containerPort),
  );
  checkInteger(
    scope,
    at("stopTimeout"),
    container.stopTimeout,
    { min: 0, max: 120 },
    { mend: "give the seconds that a clean stop takes, for example 60", source: CONTAINER },
  );
  check(
    scope,
    at("secrets"),
    Object.keys(container.secrets ?? {}),
    (keys) => !keys.some((key) => key in (container.environment ?? {})),
    {
      allowed: "names that are not in `environment` too",
      mend: "take the name out of `environment`: ECS refuses a name that stands in both",
      source: CONTAINER,
    },
  );
  if (container.healthCheck) checkHealthCheck(scope, at("healthCheck"), container.healthCheck);
}

function checkHealthCheck(scope: IConstruct, property: string, healthCheck: HealthCheck): void {
  const { command, interval = 30, timeout = 5, retries, startPeriod } = healthCheck;
  check(
    scope,
    `${property}.command`,
    command,
    ([first, ...rest]) => (first === "CMD" || first === "CMD-SHELL") && rest.length > 0,
    {
      allowed: 'a list that begins with "CMD" or "CMD-SHELL", followed by the command',
      mend: 'for example ["CMD-SHELL", "curl -f http://localhost/ || exit 1"]',
      source: HEALTH_CHECK,
    },
  );
  const mend = "give a number in that range, or leave it out";
  const range = (name: string, value: number | undefined, min: number, max: number): void =>
    checkInteger(scope, `${property}.${name}`, value, { min, max }, { mend, source: HEALTH_CHECK });
  range("interval", interval, 5, 300);
  range("timeout", timeout, 2, 60);
  range("retries", retries, 1, 10);
  range("startPeriod", startPeriod, 0, 300);
}

function checkOrder(scope: IConstruct, containers: readonly ContainerProps[]): void {
  const byName = new Map(containers.map((container) => [container.name, container]));
  for (const container of containers) {
    for (const [name, condition] of Object.entries(container.dependsOn ?? {})) {
      const property = `container "${container.name}" dependsOn`;
      check(scope, property, name, (other) => byName.has(other) && other !== container.name, {
        allowed: `the name of another container of the task: ${names(containers).join(", ")}`,
        mend: "correct the name",
        source: CONTAINER,
      });
      check(
        scope,
        property,
        condition,
        (given) => given !== "HEALTHY" || byName.get(name)?.healthCheck !== undefined,
        {
          allowed: `HEALTHY only for a container that has a healthCheck, which "${name}" has not`,
          mend: `give "${name}" a healthCheck, or wait for START`,
          source: CONTAINER,
        },
      );
    }
  }
}

function names(containers: readonly ContainerProps[]): string[] {
  return containers.map(({ name }) => name);
}

function ports(container: ContainerProps): string[] {
  return (container.portMappings ?? []).map(
    ({ containerPort, protocol }) => `${containerPort}/${protocol ?? "tcp"}`,
  );
}

function isUnique(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}
