import fc from "fast-check";
import { schedule, type ScheduledTask, type ScheduleLimits } from "../../../local/tasks/schedule";

type Kind = "ready" | "pending" | "unhealthy";

let clock = 0;
const task = (kind: Kind, current = true): ScheduledTask => ({
  current,
  ready: kind === "ready",
  unhealthy: kind === "unhealthy",
  startedAt: new Date(++clock),
});
const many = (count: number, kind: Kind, current = true): ScheduledTask[] =>
  Array.from({ length: count }, () => task(kind, current));
const limits = (desiredCount: number, minimumHealthyPercent = 100, maximumPercent = 200): ScheduleLimits => ({
  desiredCount,
  minimumHealthyPercent,
  maximumPercent,
});

describe("what a service's scheduler does next", () => {
  test("starts what is missing, and nothing else", () => {
    expect(schedule(many(1, "pending"), limits(3))).toEqual({ start: 2, stop: [] });
    expect(schedule(many(3, "ready"), limits(3))).toEqual({ start: 0, stop: [] });
  });

  test("scales in by those that are not ready, then by the youngest", () => {
    const [oldest, young, pending] = [task("ready"), task("ready"), task("pending")];
    expect(schedule([oldest, young, pending], limits(1)).stop).toEqual([pending, young]);
    expect(schedule([oldest, pending], limits(0)).stop).toEqual([oldest, pending]);
  });

  test("a deployment begins with as many as there is room for, and stops none before they are ready", () => {
    expect(schedule(many(3, "ready", false), limits(3))).toEqual({ start: 3, stop: [] });
    expect(schedule(many(3, "ready", false), limits(3, 100, 150))).toEqual({ start: 1, stop: [] });
  });

  test("an old task goes for each new one that is ready", () => {
    const { start, stop } = schedule(
      [...many(3, "ready", false), task("ready"), ...many(2, "pending")],
      limits(3),
    );
    expect(start).toBe(0);
    expect(stop).toHaveLength(1);
    expect(stop[0]?.current).toBe(false);
  });

  test("without room, old tasks go down to the minimum", () => {
    expect(schedule(many(4, "ready", false), limits(4, 50, 100)).stop).toHaveLength(2);
    expect(schedule([...many(2, "ready", false), ...many(2, "pending")], limits(4, 50, 100))).toEqual({
      start: 0,
      stop: [],
    });
    expect(schedule(many(1, "ready", false), limits(1, 0, 100)).stop).toHaveLength(1);
  });

  test("an unhealthy task goes when another is ready, and at once where there is no room for another", () => {
    const sick = task("unhealthy");
    expect(schedule([sick], limits(1))).toEqual({ start: 1, stop: [] });
    expect(schedule([sick, task("pending")], limits(1))).toEqual({ start: 0, stop: [] });
    expect(schedule([sick, task("ready")], limits(1))).toEqual({ start: 0, stop: [sick] });
    const both = many(2, "unhealthy");
    expect(schedule(both, limits(2, 100, 100))).toEqual({ start: 0, stop: [both[0]] });
    // and the old one stays while the new one is sick
    const old = task("ready", false);
    expect(schedule([old, sick], limits(1))).toEqual({ start: 0, stop: [sick] });
  });

  test("comes to the desired count from any state, within the percentages all the way", () => {
    const kinds = fc.constantFrom<Kind>("ready", "pending", "unhealthy");
    const tasks = fc.array(fc.tuple(kinds, fc.boolean()), { maxLength: 12 });
    const percent = fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 100, max: 300 }));
    fc.assert(
      fc.property(tasks, fc.integer({ min: 0, max: 6 }), percent, (given, desired, [minimum, maximum]) => {
        // no task can be replaced where neither room nor loss is allowed; ECS refuses 100 and 100 for that
        const upper = Math.floor((desired * maximum) / 100);
        const lower = Math.ceil((desired * minimum) / 100);
        fc.pre(desired === 0 || upper > lower);
        let now = given.map(([kind, current]) => task(kind, current));
        for (let step = 0; step < 100; step++) {
          const { start, stop } = schedule(now, limits(desired, minimum, maximum));
          const left = now.filter((each) => !stop.includes(each));
          expect(start === 0 || now.length + start <= Math.max(1, upper)).toBe(true);
          const ready = (of: readonly ScheduledTask[]): number => of.filter((each) => each.ready).length;
          expect(ready(left)).toBeGreaterThanOrEqual(Math.min(ready(now), lower));
          if (start === 0 && stop.length === 0 && now.every((each) => each.ready)) break;
          // what was started becomes ready
          now = [...left.map((each) => ({ ...each, ready: !each.unhealthy })), ...many(start, "pending")];
        }
        expect(now).toHaveLength(desired);
        expect(now.every((each) => each.ready && each.current)).toBe(true);
      }),
    );
  });
});
