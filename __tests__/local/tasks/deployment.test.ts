import { Deployment, failureThreshold, percentages } from "../../../local/tasks/deployment";

describe("a deployment", () => {
  test.each([
    [0, 3],
    [1, 3],
    [6, 3],
    [7, 4],
    [25, 13],
    [400, 200],
    [500, 200],
  ])("of %i tasks has failed after %i failures", (desired, failures) =>
    expect(failureThreshold(desired)).toBe(failures),
  );

  test("waits twice as long after each failure to start, up to 15 minutes", () => {
    const deployment = new Deployment("d", "t", 1);
    const waits = Array.from({ length: 12 }, () => deployment.failed(1000) / 1000);
    expect(waits).toEqual([0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900]);
    // one that has served for a while is replaced at once
    expect(deployment.failed(61_000)).toBe(0);
    expect(deployment.failed(1000)).toBe(0);
  });

  test("is complete once: later failures are not its own", () => {
    const deployment = new Deployment("d", "t", 1);
    deployment.failed(0);
    deployment.state = "COMPLETED";
    deployment.failed(0);
    expect(deployment.failedTasks).toBe(1);
  });

  test("has the percentages of a service on Fargate", () => {
    expect(percentages()).toEqual({ minimumHealthyPercent: 100, maximumPercent: 200 });
    expect(percentages({ minimumHealthyPercent: 0 })).toEqual({
      minimumHealthyPercent: 0,
      maximumPercent: 200,
    });
  });
});
