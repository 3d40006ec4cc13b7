import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { check, checkGiven, checkInteger, checkPort, checkText, refuse } from "../../core/framework/check";
import { checkEcsName } from "../../core/framework/names";
import { warnUnless } from "../../core/framework/warnings";
import { general } from "../../rules/general";
import { taskDefinition as rules } from "../../rules/task-definition";
import type { NetworkMode } from "../networking/task-network";
import { isTcp, type ContainerProps, type HealthCheck, type PortMapping } from "./container";

const MAX_CONTAINERS = 10;
const PROTOCOLS = ["tcp", "udp"];

/** What a task has for its containers. */
export interface TaskSize {
  /** CPU units. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
}

/** Refuses containers that ECS would refuse, each on its own and together as the containers of one task. */
export function checkContainers(
  scope: IConstruct,
  containers: readonly ContainerProps[],
  size: TaskSize,
  networkMode: NetworkMode = "awsvpc",
): void {
  containers.forEach((container, index) => {
    checkGiven(scope, container, ["name", "image"], `containers[${index}].`);
  });
  check(scope, "containers", containers.length, (count) => count >= 1, rules.containers);
  warnUnless(
    scope,
    "containers",
    containers.length,
    (count) => count <= MAX_CONTAINERS,
    rules.containerCount,
  );
  containers.forEach((container) => checkContainer(scope, container));
  check(scope, "containers", names(containers), isUnique, rules.containerNames);
  const essential = containers.map(isEssential);
  // a task without containers is refused for that already
  check(
    scope,
    "containers essential",
    essential,
    (all) => all.length === 0 || all.includes(true),
    rules.essential,
  );
  if (networkMode === "awsvpc") {
    check(scope, "containers portMappings", containers.flatMap(ports), isUnique, rules.ports);
  }
  check(scope, "containers portMappings.name", containers.flatMap(portNames), isUnique, rules.portNames);
  checkShares(scope, containers, size);
  checkOrder(scope, containers);
}

/** Refuses a name under which a process could not read a variable from its environment. */
export function checkEnvironmentName(scope: IConstruct, property: string, name: string): void {
  // the only key of a map that Terraform knows is a placeholder
  if (name.includes("{TfToken[")) {
    checkText(scope, property, name);
    return;
  }
  check(scope, property, name, (given) => /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(given), rules.environmentName);
}

function checkContainer(scope: IConstruct, container: ContainerProps): void {
  const at = (property: string): string => `container "${container.name}" ${property}`;
  const { environment = {}, secrets = {} } = container;
  checkEcsName(scope, at("name"), container.name);
  container.portMappings?.forEach((mapping) => checkPortMapping(scope, at, mapping));
  warnUnless(scope, at("portMappings"), ports(container), haveOneProtocol, rules.portProtocols);
  checkInteger(scope, at("stopTimeout"), container.stopTimeout, { min: 0, max: 120 }, rules.stopTimeout);
  const { MAX_SAFE_INTEGER: max } = Number;
  checkInteger(scope, at("cpu"), container.cpu, { min: 0, max }, rules.containerShare);
  checkInteger(scope, at("memory"), container.memory, { min: 6, max }, rules.containerShare);
  Object.keys(environment).forEach((name) => checkEnvironmentName(scope, at("environment"), name));
  Object.entries(environment).forEach(([name, value]) => {
    if (!name.includes("{TfToken[")) checkText(scope, at(`environment.${name}`), value);
  });
  if (container.user !== undefined) checkText(scope, at("user"), container.user);
  checkWords(scope, at("command"), container.command);
  checkWords(scope, at("entryPoint"), container.entryPoint);
  Object.keys(secrets).forEach((name) => checkEnvironmentName(scope, at("secrets"), name));
  const shared = Object.keys(secrets).filter((name) => Object.hasOwn(environment, name));
  check(scope, at("secrets"), shared, (both) => both.length === 0, rules.secretNames);
  if (container.healthCheck) checkHealthCheck(scope, at("healthCheck"), container.healthCheck);
}

function checkWords(scope: IConstruct, property: string, words: readonly unknown[] | undefined): void {
  if (words !== undefined && !Array.isArray(words)) {
    refuse({ scope, property, value: words }, general.words);
    return;
  }
  words?.forEach((word, index) =>
    checkText(scope, words.length === 1 ? property : `${property}[${index}]`, word),
  );
}

function checkPortMapping(scope: IConstruct, at: (property: string) => string, mapping: PortMapping): void {
  const { name, protocol, appProtocol } = mapping;
  checkGiven(scope, mapping, ["containerPort"], at("portMappings."));
  checkPort(scope, at("containerPort"), mapping.containerPort);
  check(scope, at("portMappings.protocol"), protocol, (given) => PROTOCOLS.includes(given), rules.protocol);
  check(
    scope,
    at("portMappings.name"),
    name,
    (given) => /^[a-z0-9_][a-z0-9_-]{0,63}$/.test(given),
    rules.portName,
  );
  const isPossible = (): boolean => name !== undefined && isTcp(mapping);
  check(scope, at("portMappings.appProtocol"), appProtocol, isPossible, rules.appProtocol);
}

function checkHealthCheck(scope: IConstruct, property: string, healthCheck: HealthCheck): void {
  checkGiven(scope, healthCheck, ["command"], `${property}.`);
  const { command, interval = 30, timeout = 5, retries, startPeriod } = healthCheck;
  const isCommand = ([first, ...rest]: readonly string[]): boolean =>
    (first === "CMD" || first === "CMD-SHELL") && rest.length > 0;
  checkWords(scope, `${property}.command`, command);
  check(scope, `${property}.command`, command, isCommand, rules.healthCommand);
  const range = (name: string, value: number | undefined, min: number, max: number): void =>
    checkInteger(scope, `${property}.${name}`, value, { min, max }, rules.healthNumber);
  range("interval", interval, 5, 300);
  range("timeout", timeout, 2, 60);
  range("retries", retries, 1, 10);
  range("startPeriod", startPeriod, 0, 300);
  if (Token.isUnresolved(interval)) return;
  warnUnless(scope, `${property}.timeout`, timeout, (seconds) => seconds < interval, rules.healthTimeout);
}

function checkShares(scope: IConstruct, containers: readonly ContainerProps[], size: TaskSize): void {
  for (const resource of ["cpu", "memory"] as const) {
    const shares = containers.map((container) => container[resource] ?? 0);
    if ([size[resource], ...shares].some((share) => Token.isUnresolved(share))) continue;
    const total = shares.reduce((sum, share) => sum + share, 0);
    check(scope, `containers ${resource}`, total, (sum) => sum <= size[resource], {
      ...rules.shares,
      allowed: `together at most the ${size[resource]} of the task`,
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
        ...rules.dependsOn,
        allowed: `the name of another container of the task: ${names(containers).join(", ")}`,
      });
      if (other === undefined) continue;
      const waits = `${name}: ${condition}`;
      const isChecked = condition !== "HEALTHY" || other.healthCheck !== undefined;
      check(scope, property, waits, () => isChecked, {
        ...rules.dependsOnHealthy,
        allowed: `${rules.dependsOnHealthy.allowed}, which "${name}" has not`,
      });
      const isForEnd = condition === "COMPLETE" || condition === "SUCCESS";
      check(scope, property, waits, () => !isForEnd || !isEssential(other), rules.dependsOnEnd);
    }
  }
  const waiting = names(containers).filter((name) => waitsForItself(name, byName));
  check(scope, "containers dependsOn", waiting, (cycle) => cycle.length === 0, rules.dependsOnCycle);
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

/** True where no port is there for TCP and for UDP. */
function haveOneProtocol(portsAndProtocols: readonly string[]): boolean {
  const numbers = portsAndProtocols.map((text) => text.replace(/\/.*/, ""));
  return new Set(numbers).size === new Set(portsAndProtocols).size;
}

function portNames({ portMappings = [] }: ContainerProps): string[] {
  return portMappings.flatMap(({ name }) => name ?? []);
}

function isUnique(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}
