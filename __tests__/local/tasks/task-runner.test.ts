import { existsSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { probeMachine } from "../../../local/tasks/machine";
import { kill, HEALTH_CHECK, IMAGES, isAlive, processesWith, RunnerBench } from "./runner-bench";

const isIsolating = probeMachine(tmpdir()).enforcesSecurityGroups;

describe("the task runner", () => {
  let bench: RunnerBench;
  beforeEach(() => (bench = new RunnerBench()));
  afterEach(() => bench.dispose());

  test("runs a task on an address of its own, with its environment, and registers it as ECS does", async () => {
    const environment = [{ name: "GREETING", value: ' "quoted" $HOME\n' }];
    bench.ecs.put({ taskDefinition: bench.ecs.register({ environment, command: ["web.mjs", "--flag"] }) });
    await bench.start({
      environment: { GREETING: "of all", MODE: "of all", DNS: "127.0.0.1:5353" },
      images: {
        web: { entryPoint: [process.execPath], command: ["none.js"], cwd: IMAGES, env: { MODE: "image" } },
      },
    });
    const [task] = await bench.ready(1);
    const { argv, cwd, env } = await bench.about(task);
    expect(argv).toEqual(["--flag"]);
    expect(cwd).toBe(IMAGES);
    expect(env).toMatchObject({
      GREETING: ' "quoted" $HOME\n',
      DNS: "127.0.0.1:5353",
      MODE: "image",
      HOST: task?.address,
      PORT: "8080",
    });
    // what this process has is no part of a container
    expect(env.JEST_WORKER_ID).toBeUndefined();
    expect(task?.address).toMatch(/^127\.64\.\d+\.\d+$/);
    expect([...bench.cloudMap.instances]).toEqual([
      [
        task?.taskId,
        {
          AWS_INSTANCE_IPV4: task?.address,
          AWS_INSTANCE_PORT: "8080",
          AVAILABILITY_ZONE: "us-east-1a",
          REGION: "us-east-1",
          ECS_CLUSTER_NAME: "c",
          ECS_SERVICE_NAME: "web",
          ECS_TASK_DEFINITION_FAMILY: "web",
        },
      ],
    ]);
    expect(bench.cloudMap.health.get(task?.taskId ?? "")).toBe("HEALTHY");
    expect(bench.runner.snapshot()).toMatchObject({
      enforcesSecurityGroups: isIsolating,
      services: [
        {
          cluster: "c",
          service: "web",
          desiredCount: 1,
          readyCount: 1,
          taskDefinition: "web:1",
          deployment: { state: "COMPLETED", failedTasks: 0 },
        },
      ],
    });
    await bench.until("its log is read", () => bench.logs.length > 0);
    expect(bench.logs[0]).toMatchObject({
      cluster: "c",
      service: "web",
      taskId: task?.taskId,
      container: "web",
      stream: "stdout",
      line: `listens on ${task?.address}:8080`,
    });
  });

  test("registers a task when its health check has succeeded, and not before", async () => {
    const command = ["CMD-SHELL", 'test -e "$TMPDIR/sick"'];
    bench.ecs.put({
      taskDefinition: bench.ecs.register({ healthCheck: { ...HEALTH_CHECK, command, startPeriod: 300 } }),
    });
    await bench.start();
    await bench.until("the task runs", () => bench.messages("task-running").length === 1);
    expect(bench.cloudMap.calls).toEqual([]);
    expect(bench.tasks()[0]).toMatchObject({ status: "RUNNING", health: "UNKNOWN", registered: false });
    await bench.until("it answers", () =>
      bench.ask(bench.tasks()[0], "/sick").then(
        () => true,
        () => false,
      ),
    );
    const [task] = await bench.ready(1);
    expect(task?.health).toBe("HEALTHY");
  });

  test("takes a killed task out of Cloud Map and starts another on another address", async () => {
    bench.ecs.put({ taskDefinition: bench.ecs.register() });
    await bench.start();
    const [first] = await bench.ready(1);
    kill(first);
    await bench.until("it is gone", () => !bench.cloudMap.instances.has(first?.taskId ?? ""));
    const [second] = await bench.ready(1);
    expect(second?.taskId).not.toBe(first?.taskId);
    expect(second?.address).not.toBe(first?.address);
    expect(bench.messages("task-stopping")).toEqual([
      'the essential container "web" has ended: ended by SIGKILL',
    ]);
  });

  test("replaces an unhealthy task: another is ready before it is stopped", async () => {
    bench.ecs.put({ taskDefinition: bench.ecs.register({ healthCheck: HEALTH_CHECK }) });
    await bench.start();
    const [sick] = await bench.ready(1);
    await bench.ask(sick, "/sick");
    await bench.until("it is replaced", () => bench.messages("task-stopped").length === 1);
    const [other] = await bench.ready(1);
    expect(bench.cloudMap.health.get(sick?.taskId ?? "")).toBe("UNHEALTHY");
    expect(bench.messages("task-unhealthy")).toEqual([
      'the container "web" is UNHEALTHY: the health check failed 2 times: exit code 1',
    ]);
    expect(bench.cloudMap.calls).toEqual([
      `register srv-web ${sick?.address}`,
      `register srv-web ${other?.address}`,
      `deregister srv-web ${sick?.address}`,
    ]);
  });

  test("a frozen task is unhealthy: its check has no end in time", async () => {
    const command = [
      "CMD-SHELL",
      `test ! -e "$TMPDIR/sick" || exec ${process.execPath} -e 'setInterval(() => {}, 1e6)'`,
    ];
    bench.ecs.put({
      taskDefinition: bench.ecs.register({ healthCheck: { ...HEALTH_CHECK, command, timeout: 0.3 } }),
    });
    await bench.start();
    const [frozen] = await bench.ready(1);
    await bench.ask(frozen, "/sick");
    await bench.until("that is seen", () => bench.messages("task-unhealthy").length === 1);
    expect(bench.messages("task-unhealthy")[0]).toContain("no end within 0.3 s");
  });

  test("stops in ECS's order: out of Cloud Map, SIGTERM, and SIGKILL after the stop timeout", async () => {
    const environment = [{ name: "IGNORE_SIGTERM", value: "true" }];
    bench.ecs.put({ taskDefinition: bench.ecs.register({ environment, stopTimeout: 1 }) });
    await bench.start();
    const [task] = await bench.ready(1);
    await bench.ask(task);
    const order: string[] = [];
    const deregister = bench.cloudMap.deregisterInstance.bind(bench.cloudMap);
    bench.cloudMap.deregisterInstance = async (service, id) => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      order.push(...bench.logs.map(({ line }) => line), "deregistered");
      await deregister(service, id);
    };
    bench.ecs.put({ desiredCount: 0 });
    await bench.until("it is asked to end", () => bench.logs.some(({ line }) => line === "SIGTERM"));
    expect(order).toEqual([`listens on ${task?.address}:8080`, "deregistered"]);
    expect(bench.all()).toMatchObject([{ status: "STOPPING", stoppedReason: "the service is scaled in" }]);
    await bench.until("it is killed", () => bench.all().length === 0);
    expect(isAlive(task?.containers[0]?.pid ?? 0)).toBe(false);
  });

  test("scales out and in", async () => {
    bench.ecs.put({ taskDefinition: bench.ecs.register() });
    await bench.start();
    const [first] = await bench.ready(1);
    bench.ecs.put({ desiredCount: 3 });
    const three = await bench.ready(3);
    expect(new Set(three.map(({ address }) => address)).size).toBe(3);
    bench.ecs.put({ desiredCount: 1 });
    // the one that has served longest
    expect((await bench.ready(1)).map(({ taskId }) => taskId)).toEqual([first?.taskId]);
    await bench.until("the others are gone", () => bench.all().length === 1);
  });

  test("a deleted service has no tasks, and its addresses are free again", async () => {
    bench.ecs.put({ taskDefinition: bench.ecs.register() });
    await bench.start();
    const [task] = await bench.ready(1);
    bench.ecs.put({ status: "INACTIVE" });
    await bench.until("it is removed", () => bench.runner.snapshot().services.length === 0);
    expect(bench.cloudMap.instances.size).toBe(0);
    expect(isAlive(task?.containers[0]?.pid ?? 0)).toBe(false);
    expect(readdirSync(join(bench.scratch, "tasks"))).toEqual([]);
    // what nobody listens on can be listened on
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(8080, task?.address, resolve);
    });
    await new Promise((resolve) => server.close(resolve));
    bench.ecs.put({ status: "ACTIVE" });
    await bench.ready(1);
  });

  test("containers of a task start in the order of their dependencies and share its address", async () => {
    const image = "web";
    const once = { essential: false, command: [], entryPoint: ["/bin/sh", "-c", "echo migrated"] };
    bench.ecs.put({
      taskDefinition: bench.ecs.register(
        {},
        {
          containerDefinitions: [
            {
              name: "web",
              image,
              dependsOn: [{ containerName: "migrate", condition: "SUCCESS" }],
              portMappings: [{ containerPort: 8080 }],
            },
            { name: "migrate", image, ...once },
          ],
        },
      ),
    });
    await bench.start();
    await bench.ready(1);
    await bench.until("both have printed", () => bench.logs.length >= 2);
    expect(bench.logs.map(({ container }) => container)).toEqual(["migrate", "web"]);
    expect(bench.tasks()[0]?.containers).toMatchObject([
      { name: "web" },
      { name: "migrate", pid: undefined },
    ]);
  });

  test("a secret that is given is in the environment", async () => {
    bench.ecs.put({ taskDefinition: bench.ecs.register({ secrets: [{ name: "KEY", valueFrom: "arn:s" }] }) });
    await bench.start({ secrets: { "arn:s": "hush" } });
    const [task] = await bench.ready(1);
    expect((await bench.about(task)).env.KEY).toBe("hush");
  });

  test.each([true, false])("nothing is left after stop({ fast: %s })", async (fast) => {
    const environment = [{ name: "IGNORE_SIGTERM", value: fast ? "true" : "" }];
    bench.ecs.put({
      desiredCount: 2,
      taskDefinition: bench.ecs.register({ environment, healthCheck: HEALTH_CHECK, stopTimeout: 60 }),
    });
    await bench.start();
    await bench.ready(2);
    await bench.runner.stop({ fast });
    expect(bench.runner.snapshot().services.flatMap(({ tasks }) => tasks)).toEqual([]);
    expect(processesWith(bench.scratch)).toEqual([]);
    expect(readdirSync(join(bench.scratch, "tasks"))).toEqual([]);
    expect(bench.cloudMap.instances.size).toBe(0);
    expect(bench.cloudMap.calls.at(-1)).toBe("close");
    expect(existsSync(bench.scratch)).toBe(true);
  });

  test("stop() in the middle of a start leaves nothing", async () => {
    bench.ecs.put({ desiredCount: 3, taskDefinition: bench.ecs.register() });
    await bench.start();
    await bench.runner.stop();
    expect(processesWith(bench.scratch)).toEqual([]);
    expect(readdirSync(join(bench.scratch, "tasks"))).toEqual([]);
  });
});
