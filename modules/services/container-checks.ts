import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { check, checkInteger, checkPort } from "../core/check";
import { checkEcsName } from "../core/names";
import { isTcp, type ContainerProps, type HealthCheck, type PortMapping } from "./container";

const CONTAINER = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html";
const PORT_MAPPING = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html";
const HEALTH_CHECK = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html";
const DEPENDENCY = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html";

/** What a Fargate task has for its containers. */
export interface TaskSize {
  /** CPU units. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
}

/** Throws for containers that ECS would refuse, each on its own and together as the containers of one task. */
export function checkContainers(
  scope: IConstruct,
  containers: readonly ContainerProps[],
  size: TaskSize,
): void {
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
  check(scope, "containers essential", containers.map(isEssential), (all) => all.includes(true), {
    allowed: "at least one essential container",
    mend: "leave `essential` out where the task is of no use without the container",
    source: CONTAINER,
  });
  check(scope, "containers portMappings", containers.flatMap(ports), isUnique, {
    allowed: "each port once in a task: in awsvpc mode all containers share one network interface",
    mend: "let one of the containers listen on another port",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking-awsvpc.html",
  });
  check(scope, "containers portMappings.name", containers.flatMap(portNames), isUnique, {
    allowed: "a name of its own for each port of a task",
    mend: "rename one of the two",
    source: PORT_MAPPING,
  });
  checkShares(scope, containers, size);
  checkOrder(scope, containers);
}

/** Throws unless a process can read a variable of that name from its environment. */
export function checkEnvironmentName(scope: IConstruct, property: string, name: string): void {
  check(scope, property, name, (given) => /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(given), {
    allowed: "a name of letters, digits and _ . -, not starting with a digit",
    mend: 'give a name such as "STOCK_SERVICE_URL"',
    source: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KeyValuePair.html",
  });
}

function checkContainer(scope: IConstruct, container: ContainerProps): void {
  const at = (property: string): string => `container "${container.name}" ${property}`;
  const { environment = {}, secrets = {} } = container;
  checkEcsName(scope, at("name"), container.name);
  container.portMappings?.forEach((mapping) => checkPortMapping(scope, at, mapping));
  const mend = "give the seconds that a clean stop takes, for example 60";
  checkInteger(
    scope,
    at("stopTimeout"),
    container.stopTimeout,
    { min: 0, max: 120 },
    { mend, source: CONTAINER },
  );
  Object.keys(environment).forEach((name) => checkEnvironmentName(scope, at("environment"), name));
  Object.keys(secrets).forEach((name) => checkEnvironmentName(scope, at("secrets"), name));
  const shared = Object.keys(secrets).filter((name) => Object.hasOwn(environment, name));
  check(scope, at("secrets"), shared, (both) => both.length === 0, {
    allowed: "names that are not in `environment` too",
    mend: "take the name out of `environment`: ECS refuses a name that stands in both",
    source: CONTAINER,
  });
  if (container.healthCheck) checkHealthCheck(scope, at("healthCheck"), container.healthCheck);
}

function checkPortMapping(scope: IConstruct, at: (property: string) => string, mapping: PortMapping): void {
  checkPort(scope, at("containerPort"), mapping.containerPort);
  check(scope, at("portMappings.name"), mapping.name, (name) => /^[a-z0-9_][a-z0-9_-]{0,63}$/.test(name), {
    allowed: "1 to 64 letters from a to z, digits, - and _, not starting with -",
    mend: 'choose a name such as "http"',
    source: PORT_MAPPING,
  });
  const isPossible = (): boolean => mapping.name !== undefined && isTcp(mapping);
  check(scope, at("portMappings.appProtocol"), mapping.appProtocol, isPossible, {
    allowed: "an application protocol only for a TCP port that has a name: Service Connect refers to it",
    mend: 'give the port a name such as "http", or leave appProtocol out',
    source: PORT_MAPPING,
  });
}

function checkHealthCheck(scope: IConstruct, property: string, healthCheck: HealthCheck): void {
  const { command, interval, timeout, retries, startPeriod } = healthCheck;
  const isCommand = ([first, ...rest]: readonly string[]): boolean =>
    (first === "CMD" || first === "CMD-SHELL") && rest.length > 0;
  check(scope, `${property}.command`, command, isCommand, {
    allowed: 'a list that begins with "CMD" or "CMD-SHELL", followed by the command',
    mend: 'for example ["CMD-SHELL", "curl -f http://localhost/ || exit 1"]',
    source: HEALTH_CHECK,
  });
  const mend = "give a number in that range, or leave it out";
  const range = (name: string, value: number | undefined, min: number, max: number): void =>
    checkInteger(scope, `${property}.${name}`, value, { min, max }, { mend, source: HEALTH_CHECK });
  range("interval", interval, 5, 300);
  range("timeout", timeout, 2, 60);
  range("retries", retries, 1, 10);
  range("startPeriod", startPeriod, 0, 300);
}

function checkShares(scope: IConstruct, containers: readonly ContainerProps[], size: TaskSize): void {
  for (const resource of ["cpu", "memory"] as const) {
    const shares = containers.map((container) => container[resource] ?? 0);
    if ([size[resource], ...shares].some((share) => Token.isUnresolved(share))) continue;
    const total = shares.reduce((sum, share) => sum + share, 0);
    check(scope, `containers ${resource}`, total, (sum) => sum <= size[resource], {
      allowed: `together at most the ${size[resource]} of the task`,
      mend: `give the containers less ${resource}, or the task more`,
      source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html",
    });
  }
}

function checkOrder(scope: IConstruct, containers: readonly ContainerProps[]): void {
  const byName = new Map(containers.map((container) => [container.name, container]));
  for (const container of containers) {
    for (const [name, condition] of Object.entries(container.dependsOn ?? {})) {
      const property = `container "${container.name}" dependsOn`;
      const other = byName.get(name);
      check(scope, property, name, () => other !== undefined && other !== container, {
        allowed: `the name of another container of the task: ${names(containers).join(", ")}`,
        mend: "correct the name",
        source: DEPENDENCY,
      });
      check(scope, property, condition, (given) => given !== "HEALTHY" || other?.healthCheck !== undefined, {
        allowed: `HEALTHY only for a container that has a healthCheck, which "${name}" has not`,
        mend: `give "${name}" a healthCheck, or wait for START`,
        source: DEPENDENCY,
      });
      const waitsForEnd = condition === "COMPLETE" || condition === "SUCCESS";
      check(scope, property, condition, () => !waitsForEnd || other?.essential === false, {
        allowed: `${condition} only for a container that is not essential: the task stops with an essential one`,
        mend: `give "${name}" \`essential: false\`, or wait for START or HEALTHY`,
        source: DEPENDENCY,
      });
    }
  }
  const waiting = names(containers).filter((name) => waitsForItself(name, byName));
  check(scope, "containers dependsOn", waiting, (cycle) => cycle.length === 0, {
    allowed: "an order in which the containers can start",
    mend: "let one of them wait for none of the others",
    source: DEPENDENCY,
  });
}

function waitsForItself(name: string, byName: ReadonlyMap<string, ContainerProps>): boolean {
  const seen = new Set<string>();
  const pending = Object.keys(byName.get(name)?.dependsOn ?? {});
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next === name) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    pending.push(...Object.keys(byName.get(next)?.dependsOn ?? {}));
  }
  return false;
}

function isEssential(container: ContainerProps): boolean {
  return container.essential ?? true;
}

function names(containers: readonly ContainerProps[]): string[] {
  return containers.map(({ name }) => name);
}

function ports(container: ContainerProps): string[] {
  return (container.portMappings ?? []).map(
    ({ containerPort, protocol }) => `${containerPort}/${protocol ?? "tcp"}`,
  );
}

function portNames({ portMappings = [] }: ContainerProps): string[] {
  return portMappings.flatMap(({ name }) => name ?? []);
}

function isUnique(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}
