import { BROKEN, HEALTH_CHECK, RunnerBench } from "./runner-bench";

const BREAKER = { deploymentCircuitBreaker: { enable: true, rollback: true } };

describe("deployments of the task runner", () => {
  let bench: RunnerBench;
  beforeEach(() => (bench = new RunnerBench()));
  afterEach(() => bench.dispose());

  /** Watches how many tasks are in Cloud Map and how many are not being stopped, whenever something happens. */
  function watch(): { registered: number[]; live: number[] } {
    const seen = { registered: [] as number[], live: [] as number[] };
    const push = bench.events.push.bind(bench.events);
    bench.events.push = (...events) => {
      seen.registered.push(bench.cloudMap.instances.size);
      seen.live.push(bench.tasks().length);
      return push(...events);
    };
    return seen;
  }

  test("a new task definition takes the old one's place, and never are fewer tasks in Cloud Map than wanted", async () => {
    bench.ecs.put({ desiredCount: 3, taskDefinition: bench.ecs.register() });
    await bench.start();
    const before = await bench.ready(3);
    const seen = watch();
    bench.ecs.put({ taskDefinition: bench.ecs.register({ environment: [{ name: "VERSION", value: "2" }] }) });
    await bench.until("it is deployed", () => bench.messages("deployment-completed").length === 2);
    const after = await bench.ready(3);
    expect(after.map(({ revision }) => revision)).toEqual([2, 2, 2]);
    expect((await bench.about(after[0])).env.VERSION).toBe("2");
    expect(after.some(({ address }) => before.some((old) => old.address === address))).toBe(false);
    expect(Math.min(...seen.registered)).toBe(3);
    expect(Math.max(...seen.live)).toBe(6);
    expect(bench.runner.snapshot().services[0]).toMatchObject({
      taskDefinition: "web:2",
      deployment: { state: "COMPLETED", failedTasks: 0 },
    });
  });

  test.each([
    [50, 100, 2],
    // some are started and some stopped in one step
    [50, 150, 3],
  ])(
    "with %i and %i percent, two tasks are replaced with one to %i at a time",
    async (minimumHealthyPercent, maximumPercent, most) => {
      const deploymentConfiguration = { minimumHealthyPercent, maximumPercent };
      bench.ecs.put({ desiredCount: 2, taskDefinition: bench.ecs.register(), deploymentConfiguration });
      await bench.start();
      await bench.ready(2);
      const seen = watch();
      bench.ecs.put({ taskDefinition: bench.ecs.register() });
      await bench.until("it is deployed", () => bench.messages("deployment-completed").length === 2);
      expect(Math.min(...seen.registered)).toBe(1);
      expect(Math.max(...seen.live)).toBe(most);
    },
  );

  test("a new task definition that does not start is rolled back, and the old tasks serve on", async () => {
    const good = bench.ecs.register();
    bench.ecs.put({ taskDefinition: good, deploymentConfiguration: BREAKER });
    await bench.start();
    const [task] = await bench.ready(1);
    bench.ecs.put({ taskDefinition: bench.ecs.register(BROKEN) });
    await bench.until("it is rolled back", () => bench.messages("deployment-rolled-back").length === 1);
    await bench.until("that is deployed", () => bench.messages("deployment-completed").length === 2);
    expect(bench.ecs.services.get("web")?.taskDefinition).toBe(good);
    expect((await bench.ready(1))[0]?.taskId).toBe(task?.taskId);
    expect(bench.messages("deployment-failed")).toEqual([
      "the deployment of web:2 has failed: 3 of its tasks did",
    ]);
    expect(bench.events.filter(({ type }) => type === "task-started")).toHaveLength(4);
  });

  test("a new task definition that is never healthy is rolled back", async () => {
    const good = bench.ecs.register({ healthCheck: HEALTH_CHECK });
    bench.ecs.put({ taskDefinition: good, deploymentConfiguration: BREAKER });
    await bench.start();
    await bench.ready(1);
    const healthCheck = { ...HEALTH_CHECK, command: ["CMD", "false"] };
    bench.ecs.put({ taskDefinition: bench.ecs.register({ healthCheck }) });
    await bench.until("it is rolled back", () => bench.messages("deployment-rolled-back").length === 1);
    await bench.until("that is deployed", () => bench.messages("deployment-completed").length === 2);
    expect(bench.ecs.services.get("web")?.taskDefinition).toBe(good);
    await bench.until("only the old task is left", () => bench.all().length === 1);
  });

  test("without a circuit breaker it goes on trying", async () => {
    bench.ecs.put({ taskDefinition: bench.ecs.register() });
    await bench.start();
    await bench.ready(1);
    bench.ecs.put({ taskDefinition: bench.ecs.register(BROKEN) });
    await bench.until("four have failed", () => bench.messages("task-stopped").length === 4);
    expect(bench.messages("deployment-failed")).toEqual([]);
    expect(bench.cloudMap.instances.size).toBe(1);
  });

  test("a first deployment that fails has nothing to go back to, and starts no more tasks", async () => {
    bench.ecs.put({ taskDefinition: bench.ecs.register(BROKEN), deploymentConfiguration: BREAKER });
    await bench.start();
    await bench.until("it has failed", () => bench.messages("deployment-failed").length === 2);
    expect(bench.messages("deployment-failed")[1]).toContain("no deployment was complete before");
    await bench.until("all are gone", () => bench.all().length === 0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(bench.events.filter(({ type }) => type === "task-started")).toHaveLength(3);
    // a better one is a new deployment
    bench.ecs.put({ taskDefinition: bench.ecs.register() });
    await bench.ready(1);
  });
});
