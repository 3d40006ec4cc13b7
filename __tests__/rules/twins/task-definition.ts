import { EfsAccessPoint } from "../../../modules/core/storage/efs-access-point";
import { Efs } from "../../../modules/core/storage/efs";
import { Iam } from "../../../modules/core/iam/iam";
import { Secret } from "../../../modules/core/storage/secret";
import { taskDefinition } from "../../../modules/rules";
import type { ContainerProps, HealthCheck, PortMapping } from "../../../modules/services/task/container";
import type { EcsServiceProps } from "../../../modules/services/ecs-service/ecs-service-props";
import { TaskDefinition } from "../../../modules/services/task/task-definition";
import type { MountOptions, TaskDefinitionProps } from "../../../modules/services/task/task-definition-props";
import { service, web, type SmallStack } from "../../modules/stack-of";
import { groundIn, onInstances } from "../../modules/ec2";
import { twin, type Twin } from "./twin";

const SECRET = Secret.fromSecretsManager(
  "arn:aws:secretsmanager:eu-central-1:123456789012:secret:password-a1B2c3",
);
const PORTLESS = { portMappings: [] };

const props = (stack: SmallStack, more: Partial<EcsServiceProps>): unknown =>
  service(stack, "stock", { discovery: undefined, ...more });
const all = (stack: SmallStack, containers: readonly ContainerProps[]): unknown =>
  props(stack, { containers });
/** A task with a container, and a second one. */
const pair = (
  stack: SmallStack,
  first: Partial<ContainerProps>,
  second: Partial<ContainerProps> = {},
): unknown => all(stack, [web(first), web({ name: "init", ...PORTLESS, ...second })]);
const one = (stack: SmallStack, container: Partial<ContainerProps>): unknown => all(stack, [web(container)]);
const port = (stack: SmallStack, mapping: Partial<PortMapping>): unknown =>
  one(stack, { portMappings: [{ containerPort: 80, ...mapping }] });
const check = (stack: SmallStack, healthCheck: Partial<HealthCheck>): unknown =>
  one(stack, { healthCheck: { command: ["CMD", "true"], ...healthCheck } });
const task = (stack: SmallStack, more: Partial<TaskDefinitionProps>): unknown => {
  const role = new Iam(stack, "iam");
  const logs = {
    logGroupName: "/ecs/stock",
    logGroupArn: "arn:aws:logs:eu-central-1:123456789012:log-group:x",
  };
  return new TaskDefinition(stack, "task", {
    ...{ family: "stock", containers: [web()], cpu: 256, memory: 512, cpuArchitecture: "X86_64", logs },
    ...{ executionRole: role, taskRole: role, ...more },
  });
};
const mounted = (stack: SmallStack, ...mounts: readonly MountOptions[]): void => {
  const fileSystem = Efs.fromEfsAttributes(stack, { fileSystemId: "fs-0123456789abcdef0" });
  const stock = service(stack, "stock");
  mounts.forEach((options, index) =>
    stock.mount(new EfsAccessPoint(stack, `files_${index}`, { fileSystem, path: `/${index}` }), options),
  );
};

export const TASK_DEFINITION_TWINS: readonly Twin[] = [
  twin(
    taskDefinition.familyTaken,
    (stack, family) => {
      props(stack, { family: "worker" });
      service(stack, "other", { discovery: undefined, family });
    },
    { bad: "worker", good: "other-worker" },
  ),
  twin(taskDefinition.fargateCpu, (stack, cpu) => props(stack, { cpu }), { bad: 300, good: 256 }),
  twin(taskDefinition.fargateMemory, (stack, memory) => props(stack, { memory }), { bad: 4096, good: 2048 }),
  twin<TaskDefinitionProps["compatibility"]>(
    taskDefinition.fargateMode,
    (stack, compatibility) => task(stack, { networkMode: "bridge", compatibility }),
    { bad: "FARGATE", good: "EC2" },
  ),
  twin(
    taskDefinition.ephemeralStorage,
    (stack, ephemeralStorageGib) => props(stack, { ephemeralStorageGib }),
    {
      bad: 20,
      good: 21,
    },
  ),
  twin(
    taskDefinition.ephemeralStorage,
    (stack, ephemeralStorageGib) => props(stack, { ephemeralStorageGib }),
    {
      bad: 201,
      good: 200,
    },
  ),
  twin(
    taskDefinition.ephemeralStorage,
    (stack, ephemeralStorageGib) =>
      onInstances(stack, groundIn(stack), "stock", { discovery: undefined, ephemeralStorageGib }),
    { bad: 21, good: undefined },
  ),
  twin(taskDefinition.containers, all, { bad: [], good: [web()] }),
  twin(
    taskDefinition.containerCount,
    (stack, count) =>
      all(
        stack,
        Array.from({ length: count }, (_, n) => web({ name: `c${n}`, ...PORTLESS })),
      ),
    { bad: 11, good: 10 },
  ),
  twin(taskDefinition.containerNames, (stack, name) => pair(stack, {}, { name }), {
    bad: "web",
    good: "init",
  }),
  twin(taskDefinition.essential, (stack, essential) => one(stack, { essential }), { bad: false, good: true }),
  twin(
    taskDefinition.ports,
    (stack, containerPort) => pair(stack, {}, { portMappings: [{ containerPort }] }),
    { bad: 80, good: 81 },
  ),
  twin(taskDefinition.port, (stack, containerPort) => port(stack, { containerPort }), { bad: 0, good: 1 }),
  twin(taskDefinition.port, (stack, containerPort) => port(stack, { containerPort }), {
    bad: 65536,
    good: 65535,
  }),
  twin(
    taskDefinition.portNames,
    (stack, name) =>
      pair(
        stack,
        { portMappings: [{ containerPort: 80, name: "http" }] },
        { portMappings: [{ containerPort: 81, name }] },
      ),
    { bad: "http", good: "admin" },
  ),
  twin(taskDefinition.portName, (stack, name) => port(stack, { name }), { bad: "HTTP", good: "http" }),
  twin(taskDefinition.appProtocol, (stack, name) => port(stack, { name, appProtocol: "http" }), {
    bad: undefined,
    good: "http",
  }),
  twin<string>(taskDefinition.protocol, (stack, protocol) => port(stack, { protocol: protocol as "tcp" }), {
    bad: "http",
    good: "udp",
  }),
  twin(
    taskDefinition.portProtocols,
    (stack, containerPort) =>
      one(stack, { portMappings: [{ containerPort: 53 }, { containerPort, protocol: "udp" }] }),
    { bad: 53, good: 5353 },
  ),
  twin(taskDefinition.containerShare, (stack, memory) => one(stack, { memory }), { bad: 5, good: 6 }),
  twin(taskDefinition.containerShare, (stack, cpu) => one(stack, { cpu }), { bad: 0.5, good: 0 }),
  twin(taskDefinition.shares, (stack, memory) => pair(stack, { memory: 256 }, { memory }), {
    bad: 257,
    good: 256,
  }),
  twin(taskDefinition.shares, (stack, cpu) => one(stack, { cpu }), { bad: 257, good: 256 }),
  twin(taskDefinition.environmentName, (stack, name) => one(stack, { environment: { [name]: "x" } }), {
    bad: "1ST",
    good: "FIRST",
  }),
  twin(
    taskDefinition.volumeNames,
    (stack, volumeName) => {
      const fileSystem = Efs.fromEfsAttributes(stack, { fileSystemId: "fs-0123456789abcdef0" });
      const stock = service(stack, "stock");
      for (const [id, name] of Object.entries({ a: "quotes", b: volumeName })) {
        const attributes = { fileSystem, accessPointId: `fsap-0123456789abcdef${id}`, volumeName: name };
        const accessPoint = EfsAccessPoint.fromEfsAccessPointAttributes(stack, attributes);
        stock.mount(accessPoint, { containerPath: `/${id}` });
      }
    },
    { bad: "quotes", good: "orders" },
  ),
  twin(
    taskDefinition.environmentTaken,
    (stack, environment) => {
      const signal = service(stack, "signal", { containers: [web({ environment: { URL: "x" } })] });
      signal.connectTo(service(stack, "stock"), { environment });
    },
    { bad: "URL", good: "STOCK_URL" },
  ),
  twin(
    taskDefinition.secretNames,
    (stack, name) => one(stack, { environment: { A: "x" }, secrets: { [name]: SECRET } }),
    {
      bad: "A",
      good: "B",
    },
  ),
  twin(taskDefinition.stopTimeout, (stack, stopTimeout) => one(stack, { stopTimeout }), {
    bad: 121,
    good: 120,
  }),
  twin(taskDefinition.stopTimeout, (stack, stopTimeout) => one(stack, { stopTimeout }), {
    bad: 1.5,
    good: 1,
  }),
  twin(taskDefinition.healthCommand, (stack, command) => check(stack, { command }), {
    bad: ["curl", "localhost"],
    good: ["CMD", "curl", "localhost"],
  }),
  twin(taskDefinition.healthNumber, (stack, interval) => check(stack, { interval, timeout: 2 }), {
    bad: 4,
    good: 5,
  }),
  twin(taskDefinition.healthNumber, (stack, timeout) => check(stack, { timeout, interval: 300 }), {
    bad: 61,
    good: 60,
  }),
  twin(taskDefinition.healthNumber, (stack, retries) => check(stack, { retries }), { bad: 11, good: 10 }),
  twin(taskDefinition.healthNumber, (stack, startPeriod) => check(stack, { startPeriod }), {
    bad: 301,
    good: 300,
  }),
  twin(taskDefinition.healthTimeout, (stack, timeout) => check(stack, { timeout }), { bad: 30, good: 29 }),
  twin(taskDefinition.healthTimeout, (stack, interval) => check(stack, { interval }), { bad: 5, good: 6 }),
  twin(taskDefinition.dependsOn, (stack, name) => pair(stack, { dependsOn: { [name]: "START" } }), {
    bad: "proxy",
    good: "init",
  }),
  twin(
    taskDefinition.dependsOnHealthy,
    (stack, healthCheck) => pair(stack, { dependsOn: { init: "HEALTHY" } }, { healthCheck }),
    { bad: undefined, good: { command: ["CMD", "true"] } },
  ),
  twin(
    taskDefinition.dependsOnEnd,
    (stack, essential) => pair(stack, { dependsOn: { init: "SUCCESS" } }, { essential }),
    { bad: true, good: false },
  ),
  twin<ContainerProps["dependsOn"]>(
    taskDefinition.dependsOnCycle,
    (stack, dependsOn) => pair(stack, { dependsOn: { init: "START" } }, { dependsOn }),
    { bad: { web: "START" }, good: {} },
  ),
  twin(taskDefinition.mountPath, (stack, containerPath) => mounted(stack, { containerPath }), {
    bad: "data",
    good: "/data",
  }),
  twin(
    taskDefinition.mountContainers,
    (stack, name) => mounted(stack, { containerPath: "/data", containers: [name] }),
    { bad: "proxy", good: "web" },
  ),
  twin(
    taskDefinition.mountTwice,
    (stack, containerPath) => mounted(stack, { containerPath: "/data" }, { containerPath }),
    { bad: "/data", good: "/other" },
  ),
  twin(
    taskDefinition.readOnlySessions,
    (stack, readonlyRootFilesystem) =>
      props(stack, { enableExecuteCommand: true, containers: [web({ readonlyRootFilesystem })] }),
    { bad: true, good: false },
  ),
];
