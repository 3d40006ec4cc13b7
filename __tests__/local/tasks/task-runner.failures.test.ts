import { BROKEN, RunnerBench } from "./runner-bench";

describe("what goes wrong with tasks", () => {
  let bench: RunnerBench;
  beforeEach(() => (bench = new RunnerBench()));
  afterEach(() => bench.dispose());

  test("waits longer and longer where tasks end again and again", async () => {
    bench.ecs.put({ taskDefinition: bench.ecs.register(BROKEN) });
    await bench.start();
    await bench.until("it has waited three times", () => bench.messages("throttled").length === 3);
    expect(bench.messages("throttled")).toEqual(
      ["0.1", "0.2", "0.4"].map((s) => `tasks fail one after the other: the next starts in ${s} s`),
    );
    const [, second, third] = bench.events.filter(({ type }) => type === "task-started").slice(1);
    expect((third?.at.getTime() ?? 0) - (second?.at.getTime() ?? 0)).toBeGreaterThanOrEqual(200);
    expect(bench.cloudMap.calls).toEqual([]);
    expect(bench.logs[0]?.line).toBe("broken from the start");
  });

  test("keeps the tasks where the API does not answer, and goes on when it does", async () => {
    bench.ecs.put({ taskDefinition: bench.ecs.register() });
    await bench.start();
    const [task] = await bench.ready(1);
    bench.ecs.down = new Error("ECONNREFUSED");
    await bench.until("it is told", () => bench.messages("api-failed").length > 0);
    expect((await bench.about(task)).pid).toBe(task?.containers[0]?.pid);
    bench.ecs.down = undefined;
    bench.ecs.put({ desiredCount: 2 });
    await bench.ready(2);
    expect(bench.messages("api-failed")).toEqual([
      "the API cannot be asked, tasks stay as they are: ECONNREFUSED",
    ]);
    expect(bench.messages("api-answers")).toHaveLength(1);
  });

  test("registers later what Cloud Map refuses now", async () => {
    bench.cloudMap.refusal = new Error("RequestLimitExceeded");
    bench.ecs.put({ taskDefinition: bench.ecs.register() });
    await bench.start();
    await bench.until("it is told", () => bench.messages("registry-failed").length > 0);
    expect(bench.runner.snapshot().services[0]?.readyCount).toBe(0);
    bench.cloudMap.refusal = undefined;
    await bench.ready(1);
    expect(bench.messages("registry-failed")).toHaveLength(1);
  });

  test.each([
    [
      "an image that nothing stands for",
      { image: "nginx:1.27" },
      "no local command stands for the image nginx:1.27",
    ],
    [
      "a secret that is not given",
      { secrets: [{ name: "KEY", valueFrom: "arn:s" }] },
      'secrets: { "arn:s": "..." }',
    ],
    ["a health check of no kind", { healthCheck: { command: ["curl"] } }, 'ECS takes ["CMD", program'],
    [
      "a volume that is not there",
      { mountPoints: [{ sourceVolume: "v", containerPath: "/v" }] },
      'mounts the volume "v"',
    ],
    [
      "a dependency that is not there",
      { dependsOn: [{ containerName: "x", condition: "START" as const }] },
      'depends on "x"',
    ],
  ])("%s fails the task, and the message says what to do", async (_, container, message) => {
    bench.ecs.put({ taskDefinition: bench.ecs.register(container) });
    await bench.start();
    await bench.until("it has failed", () => bench.messages("task-stopping").length > 0);
    expect(bench.messages("task-stopping")[0]).toContain(message);
    await bench.until("it is gone", () => bench.messages("task-stopped").length > 0);
  });
});
