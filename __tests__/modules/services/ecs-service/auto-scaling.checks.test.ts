import { HttpNamespace } from "../../../../modules/core/cloud-map/http-namespace";
import { ServiceConnect } from "../../../../modules/services/discovery/service-connect";
import type { AutoScaling } from "../../../../modules/services/ecs-service/auto-scaling-props";
import { refusalOf, service, stackOf, variable, type SmallStack } from "../../stack-of";
import {
  NIGHT,
  type Props,
  made,
  refused,
  scaled,
  scheduled,
  target,
  number,
  UNREGISTERED,
} from "./scaled-service";

describe("bounds", () => {
  test.each<[Partial<AutoScaling>, string]>([
    [{ minCapacity: 11 }, "autoScaling.minCapacity is 11 allowed: not more than maxCapacity, which is 10"],
    [{ minCapacity: -1 }, "autoScaling.minCapacity is -1 allowed: a whole number from 0 to 5000"],
    [{ minCapacity: 1.5 }, "autoScaling.minCapacity is 1.5"],
    [{ maxCapacity: 5001 }, "autoScaling.maxCapacity is 5001"],
  ])("%j are refused", (more, text) => {
    const refusal = refused({ ...scaled(more), ...UNREGISTERED });
    expect(refusal).toContain(`small/stock-service: ${text}`);
    expect(refusal).toMatch(/mend: .* source: https:\/\/docs\.aws/);
  });

  test("may be the same, 0 and 5000", () => {
    for (const count of [0, 7, 5000]) {
      const bounds = scaled({ minCapacity: count, maxCapacity: count });
      expect(target(made({ ...bounds, ...UNREGISTERED })).max_capacity).toBe(count);
    }
  });

  test("end at 1000 where the tasks are in Cloud Map", () => {
    expect(target(made(scaled({ maxCapacity: 1000 }))).max_capacity).toBe(1000);
    expect(refused(scaled({ maxCapacity: 1001 }))).toContain(
      "autoScaling.maxCapacity is 1001 allowed: a desired count and a maximum of autoscaling of at most 1000",
    );
    expect(refused(scheduled({ minCapacity: 1, maxCapacity: 1001 }))).toContain(
      "autoScaling.schedules[0].maxCapacity is 1001",
    );
    expect(() => made({ ...scaled({ maxCapacity: 1001 }), ...UNREGISTERED })).not.toThrow();
  });

  test("end at 1000 with Service Connect, which registers the tasks in Cloud Map, too", () => {
    const connected = (maxCapacity: number) => (stack: SmallStack) => {
      const namespace = new HttpNamespace(stack, "namespace", { namespaceName: "platform" });
      service(stack, "stock-service", {
        ...scaled({ maxCapacity }),
        discovery: new ServiceConnect({ namespace }),
      });
    };
    expect(() => stackOf(connected(1000))).not.toThrow();
    expect(refusalOf(connected(1001))).toContain("autoScaling.maxCapacity is 1001");
  });
});

describe("what moves the number of tasks", () => {
  test("must be there", () => {
    const bounds = { minCapacity: 1, maxCapacity: 2 };
    expect(refused({ autoScaling: bounds })).toContain("`targets`, `schedules` or both");
    expect(refused({ autoScaling: { ...bounds, schedules: [] } })).toContain(
      "`targets`, `schedules` or both",
    );
    expect(refused(scaled({ targets: {} }))).toContain("autoScaling.targets is {} allowed: cpuPercent");
    expect(refused(scaled({ targets: { scaleInCooldown: 1 }, schedules: [NIGHT] }))).toContain(
      "autoScaling.targets is",
    );
  });

  test.each([0, 0.5, 100.1, -1, NaN])("cannot be a utilization of %d percent", (percent) => {
    expect(refused(scaled({ targets: { cpuPercent: percent } }))).toMatch(
      /autoScaling\.targets\.cpuPercent is \S+ allowed: a number from 1 to 100 mend: .* source: https/,
    );
    expect(refused(scaled({ targets: { memoryPercent: percent } }))).toContain("targets.memoryPercent is");
  });

  test.each([1, 100])("can be a utilization of %d percent", (percent) => {
    expect(() => made(scaled({ targets: { cpuPercent: percent, memoryPercent: percent } }))).not.toThrow();
  });

  test.each([-1, 0.5])("waits no %d seconds", (seconds) => {
    const waiting = (more: object) => refused(scaled({ targets: { cpuPercent: 60, ...more } }));
    expect(waiting({ scaleInCooldown: seconds })).toContain(`targets.scaleInCooldown is ${seconds}`);
    expect(waiting({ scaleOutCooldown: seconds })).toContain(`targets.scaleOutCooldown is ${seconds}`);
  });
});

describe("schedules", () => {
  test.each([
    "cron(0 22 ? * MON-FRI *)",
    "cron(0/15 8,20 1-7 JAN ? 2030)",
    "cron(0 8 L * ? *)",
    "cron(0 8 ? * 2#1 *)",
    "rate(1 minute)",
    "rate(12 hours)",
    "at(2028-02-29T23:59:59)",
  ])("%s is one", (schedule) => {
    expect(() => made(scheduled({ schedule }))).not.toThrow();
  });

  test.each([
    "0 22 ? * MON-FRI *",
    "cron(0 22 * * *)",
    "cron(0 22 * * * *)",
    "cron(0 22 ? * ? *)",
    "cron(? 22 * * * *)",
    "cron(0 22 ? * MON-FRI * *)",
    "rate(0 hours)",
    "rate(1.5 hours)",
    "rate(3 weeks)",
    "at(2030-12-24)",
    "at(2030-12-24T18:00:00Z)",
    "at(2030-02-30T18:00:00)",
    "at(2030-12-24T25:00:00)",
    "",
  ])("%j is none", (schedule) => {
    expect(refused(scheduled({ schedule }))).toContain(
      `small/stock-service: autoScaling.schedules[0].schedule is ${JSON.stringify(schedule)} allowed: cron(`,
    );
  });

  test.each(["Europe/Berlin", "UTC", "Etc/GMT+9", "America/Argentina/Buenos_Aires"])("%s", (timezone) => {
    expect(() => made(scheduled({ timezone }))).not.toThrow();
  });
  test.each(["Europe/Berln", "+01:00", "", "Berlin"])("%j is no time zone", (timezone) => {
    expect(refused(scheduled({ timezone }))).toContain("autoScaling.schedules[0].timezone is");
  });

  test.each(["", "at night", "night:2", "-_-", "n".repeat(257)])("%j is no name", (name) => {
    expect(refused(scheduled({ name }))).toContain("autoScaling.schedules[0].name is");
  });
  test("a name must be known when the app is synthesized", () => {
    const refusal = refusalOf((stack) => {
      service(stack, "stock-service", scheduled({ name: variable(stack, "name").stringValue }));
    });
    expect(refusal).toContain("autoScaling.schedules[0].name is");
  });

  test.each(["night", "Night", "NIGHT_"])("night and %s are the same name", (name) => {
    expect(refused(scaled({ schedules: [NIGHT, { ...NIGHT, name }] }))).toContain(
      `autoScaling.schedules is ["night","${name}"]`,
    );
  });

  test("have bounds in order", () => {
    expect(refused(scheduled({ minCapacity: 3, maxCapacity: 2 }))).toContain(
      "autoScaling.schedules[0].minCapacity is 3 allowed: not more than maxCapacity, which is 2",
    );
    expect(refused(scheduled({ maxCapacity: -1 }))).toContain("autoScaling.schedules[0].maxCapacity is -1");
  });
});

describe("a deployment", () => {
  const percentages = { deployment: { minimumHealthyPercent: 50, maximumPercent: 100 } };
  const stuck = (props: Props) => refused({ ...props, ...percentages });
  const moves = (props: Props) => made({ ...props, ...percentages });

  test("must be able to move the fewest tasks, whatever the first number is", () => {
    expect(stuck({ ...scaled({ minCapacity: 1 }), desiredCount: 10 })).toContain("with a desired count of 1");
    expect(() => moves({ ...scaled({ minCapacity: 2 }), desiredCount: 10 })).not.toThrow();
  });

  test("must be able to move the one task that comes after none", () => {
    expect(stuck(scaled({ minCapacity: 0 }))).toContain("with a desired count of 1");
  });

  test("must be able to move the fewest tasks of each schedule, where it has any", () => {
    expect(stuck(scheduled({ minCapacity: 1, maxCapacity: 5 }))).toContain("with a desired count of 1");
    expect(() => moves(scheduled({ minCapacity: 2, maxCapacity: 5 }))).not.toThrow();
    expect(() => moves(scheduled({ minCapacity: 0, maxCapacity: 0 }))).not.toThrow();
  });

  test("must be able to move the first tasks where the bounds are not known", () => {
    const with1 = (desiredCount: number) => (stack: SmallStack) => {
      const minCapacity = number(stack, "fewest");
      service(stack, "stock-service", { ...scaled({ minCapacity }), ...percentages, desiredCount });
    };
    expect(refusalOf(with1(1))).toContain("with a desired count of 1");
    expect(() => stackOf(with1(2))).not.toThrow();
  });
});
