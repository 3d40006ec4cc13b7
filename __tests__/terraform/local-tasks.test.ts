import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreatePrivateDnsNamespaceCommand,
  CreateServiceCommand,
  GetInstanceCommand,
  GetInstancesHealthStatusCommand,
  GetOperationCommand,
  ListInstancesCommand,
  ServiceDiscoveryClient,
} from "@aws-sdk/client-servicediscovery";
import { clientConfig } from "../../local/aws-client";
import { Emulator } from "../../local/emulator-process";
import { createNetwork } from "../../local/network";
import { TaskRunner, type TaskEvent, type TaskSnapshot } from "../../local/tasks";
import { EcsClient } from "../../local/tasks/ecs-client";
import { callEmulator } from "../../local/tasks/emulator-call";
import { IMAGES } from "../local/tasks/images";
import { BROKEN, kill, ask, HEALTH_CHECK, processesWith, until } from "../local/tasks/runner-bench";

const PORT = 8080;
const SERVICE = { cluster: "c", service: "web" };

/** Everything through AWS's own API: what is made, and what is looked at. */
describe("the task runner on emulated AWS", () => {
  const scratch = mkdtempSync(join(tmpdir(), "local-tasks-"));
  const events: TaskEvent[] = [];
  let emulator: Emulator;
  let ecs: EcsClient;
  let cloudMap: ServiceDiscoveryClient;
  let runner: TaskRunner;
  let subnets: readonly string[];
  let registryId: string;
  let accessPointId: string;

  const efs = async (path: string, body: object): Promise<Record<string, string>> =>
    (await callEmulator(emulator.endpoint, {
      service: "elasticfilesystem",
      method: "POST",
      path: `/2015-02-01/${path}`,
      body: JSON.stringify(body),
    })) as Record<string, string>;

  const tasks = (): TaskSnapshot[] =>
    runner
      .snapshot()
      .services.flatMap((service) => service.tasks)
      .filter(({ status }) => status === "PENDING" || status === "RUNNING");
  const happened = (type: TaskEvent["type"]): TaskEvent[] => events.filter((event) => event.type === type);
  const eventually = (what: string, condition: () => boolean | Promise<boolean>): Promise<void> =>
    until(what, condition, () => events.map(({ type, message }) => `${type} ${message}`));

  async function addresses(): Promise<string[]> {
    const { Instances = [] } = await cloudMap.send(new ListInstancesCommand({ ServiceId: registryId }));
    return Instances.map(({ Attributes }) => Attributes?.AWS_INSTANCE_IPV4 ?? "").sort();
  }

  /** So many tasks, and their addresses in Cloud Map. */
  async function ready(count: number): Promise<TaskSnapshot[]> {
    await eventually(`${count} tasks are in Cloud Map`, async () => {
      const wanted = tasks().map(({ address }) => address ?? "");
      return wanted.length === count && (await addresses()).join() === wanted.sort().join();
    });
    return tasks();
  }

  async function register(environment: Record<string, string>, more: object = {}): Promise<string> {
    const { taskDefinition } = await ecs.call<{ taskDefinition: { taskDefinitionArn: string } }>(
      "RegisterTaskDefinition",
      {
        family: "web",
        networkMode: "awsvpc",
        requiresCompatibilities: ["FARGATE"],
        cpu: "256",
        memory: "512",
        volumes: [
          {
            name: "data",
            efsVolumeConfiguration: {
              fileSystemId,
              transitEncryption: "ENABLED",
              authorizationConfig: { accessPointId },
            },
          },
        ],
        containerDefinitions: [
          {
            name: "web",
            image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1",
            portMappings: [{ containerPort: PORT }],
            environment: Object.entries(environment).map(([name, value]) => ({ name, value })),
            mountPoints: [{ sourceVolume: "data", containerPath: "/data/of/web" }],
            healthCheck: HEALTH_CHECK,
            stopTimeout: 10,
            ...more,
          },
        ],
      },
    );
    return taskDefinition.taskDefinitionArn;
  }

  let fileSystemId: string;
  let good: string;

  beforeAll(async () => {
    emulator = await Emulator.start();
    ecs = new EcsClient(emulator);
    cloudMap = new ServiceDiscoveryClient(clientConfig(emulator));
    const network = await createNetwork(emulator);
    subnets = network.subnetIds;
    const { OperationId } = await cloudMap.send(
      new CreatePrivateDnsNamespaceCommand({ Name: "tasks.internal", Vpc: network.vpcId }),
    );
    const { Operation } = await cloudMap.send(new GetOperationCommand({ OperationId }));
    const { Service } = await cloudMap.send(
      new CreateServiceCommand({
        Name: "web",
        NamespaceId: Operation?.Targets?.NAMESPACE,
        DnsConfig: { DnsRecords: ["A" as const, "SRV" as const].map((Type) => ({ Type, TTL: 10 })) },
        HealthCheckCustomConfig: { FailureThreshold: 1 },
      }),
    );
    registryId = Service?.Id ?? "";
    fileSystemId = (await efs("file-systems", { CreationToken: "web" })).FileSystemId ?? "";
    const RootDirectory = {
      Path: "/web",
      CreationInfo: { OwnerUid: 1000, OwnerGid: 1000, Permissions: "0755" },
    };
    const accessPoint = { ClientToken: "web", FileSystemId: fileSystemId, RootDirectory };
    accessPointId = (await efs("access-points", accessPoint)).AccessPointId ?? "";
    await ecs.call("CreateCluster", { clusterName: "c" });

    runner = await TaskRunner.start({
      emulator,
      scratch,
      images: { web: { command: [process.execPath, "web.mjs"], cwd: IMAGES } },
      timeScale: 0.05,
      pollMs: 200,
      onEvent: (event) => events.push(event),
    });
    expect(runner.snapshot().services).toEqual([]);
    good = await register({ DATA: "/data/of/web/text" });
    await ecs.call("CreateService", {
      cluster: "c",
      serviceName: "web",
      taskDefinition: good,
      desiredCount: 1,
      launchType: "FARGATE",
      networkConfiguration: { awsvpcConfiguration: { subnets } },
      serviceRegistries: [{ registryArn: Service?.Arn, port: PORT }],
      deploymentConfiguration: {
        minimumHealthyPercent: 100,
        maximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
    });
  });

  afterAll(async () => {
    await runner.stop({ fast: true });
    cloudMap.destroy();
    await emulator.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  test("a service that is created runs, and Cloud Map finds it", async () => {
    const [task] = await ready(1);
    const { Status } = await cloudMap.send(new GetInstancesHealthStatusCommand({ ServiceId: registryId }));
    expect(Status).toEqual({ [task?.taskId ?? ""]: "HEALTHY" });
    const { Instance } = await cloudMap.send(
      new GetInstanceCommand({ ServiceId: registryId, InstanceId: task?.taskId }),
    );
    expect(Instance?.Attributes).toMatchObject({ AWS_INSTANCE_PORT: `${PORT}`, ECS_SERVICE_NAME: "web" });
    await ask(task, "/write?kept");
    const folder = join(scratch, "efs", fileSystemId, "web");
    expect(readFileSync(join(folder, "text"), "utf8")).toBe("kept");
    if (process.getuid?.() === 0) expect(statSync(folder)).toMatchObject({ uid: 1000, gid: 1000 });
  });

  test("a killed task is deregistered and replaced, and its data are there", async () => {
    const [killed] = await ready(1);
    kill(killed);
    await eventually("it is gone", async () => !(await addresses()).includes(killed?.address ?? ""));
    const [other] = await ready(1);
    expect(other?.taskId).not.toBe(killed?.taskId);
    expect(await ask(other, "/read")).toBe("kept");
  });

  test("an unhealthy task is replaced", async () => {
    const [sick] = await ready(1);
    await ask(sick, "/sick");
    await eventually("it is seen", () => happened("task-unhealthy").length === 1);
    await eventually("it is gone", () =>
      happened("task-stopped").some(({ taskId }) => taskId === sick?.taskId),
    );
    await ready(1);
  });

  test("the desired count is followed", async () => {
    await ecs.call("UpdateService", { ...SERVICE, desiredCount: 3 });
    expect(new Set((await ready(3)).map(({ address }) => address)).size).toBe(3);
    await ecs.call("UpdateService", { ...SERVICE, desiredCount: 1 });
    await ready(1);
  });

  test("a new task definition and a forced deployment replace the tasks, with one in Cloud Map all the time", async () => {
    const fewest: number[] = [];
    const watch = setInterval(() => void addresses().then(({ length }) => fewest.push(length)), 50);
    good = await register({ DATA: "/data/of/web/text", VERSION: "2" });
    for (const change of [{ taskDefinition: good }, { forceNewDeployment: true }]) {
      const before = (await ready(1)).map(({ taskId }) => taskId);
      await ecs.call("UpdateService", { ...SERVICE, ...change });
      await eventually("others run", () =>
        tasks().every(({ taskId, registered }) => registered && !before.includes(taskId)),
      );
      await ready(1);
    }
    clearInterval(watch);
    expect(tasks().map(({ revision }) => revision)).toEqual([2]);
    expect(Math.min(...fewest)).toBe(1);
  });

  test("a task definition that does not start is rolled back, as ECS shows", async () => {
    const before = tasks();
    await ecs.call("UpdateService", { ...SERVICE, taskDefinition: await register({}, BROKEN) });
    await eventually("it is rolled back", () => happened("deployment-rolled-back").length === 1);
    const [service] = await ecs.describeServices("c", ["web"]);
    expect(service?.taskDefinition).toBe(good);
    expect((await ready(1)).map(({ taskId }) => taskId)).toEqual(before.map(({ taskId }) => taskId));
  });

  test("a deleted service leaves no process, and its data", async () => {
    await ecs.call("DeleteService", { ...SERVICE, force: true });
    await eventually("its tasks are gone", () => runner.snapshot().services.length === 0);
    expect(await addresses()).toEqual([]);
    expect(processesWith(scratch)).toEqual([]);
    expect(readFileSync(join(scratch, "efs", fileSystemId, "web", "text"), "utf8")).toBe("kept");
  });
});
