import { checkCapacity, type Capacity } from "../../../../modules/services/ecs-service/capacity";
import { judging, service, stackOf, variable } from "../../stack-of";

const give = (capacity: Capacity) => judging((stack) => checkCapacity(stack, capacity));

test.each<[string, Capacity]>([
  ["Fargate", "FARGATE"],
  ["one provider", [{ capacityProvider: "FARGATE_SPOT" }]],
  ["both in equal shares", [{ capacityProvider: "FARGATE" }, { capacityProvider: "FARGATE_SPOT" }]],
  [
    "one with a base",
    [
      { capacityProvider: "FARGATE", base: 1 },
      { capacityProvider: "FARGATE_SPOT", weight: 3 },
    ],
  ],
  ["the limits", [{ capacityProvider: "FARGATE", base: 100000, weight: 1000 }]],
  [
    "a base of 0 beside another",
    [
      { capacityProvider: "FARGATE", base: 0 },
      { capacityProvider: "FARGATE_SPOT", base: 2 },
    ],
  ],
  [
    "a weight of 0 beside another",
    [{ capacityProvider: "FARGATE", weight: 0 }, { capacityProvider: "FARGATE_SPOT" }],
  ],
])("tasks may run on %s", (_, capacity) => expect(give(capacity)).not.toThrow());

test.each<[string, Capacity]>([
  ["nothing", []],
  ["one provider twice", [{ capacityProvider: "FARGATE" }, { capacityProvider: "FARGATE" }]],
  [
    "weights that are all 0",
    [
      { capacityProvider: "FARGATE", weight: 0 },
      { capacityProvider: "FARGATE_SPOT", weight: 0 },
    ],
  ],
  [
    "two bases",
    [
      { capacityProvider: "FARGATE", base: 1 },
      { capacityProvider: "FARGATE_SPOT", base: 1 },
    ],
  ],
])("tasks cannot run on %s", (_, capacity) => {
  expect(give(capacity)).toThrow(/^small: capacity is [^]*one weight above 0 and at most one base/);
});

test.each([-1, 1.5, 1001])("a weight cannot be %d", (weight) => {
  expect(give([{ capacityProvider: "FARGATE", weight }])).toThrow("capacity.weight");
});
test.each([-1, 1.5, 100001])("a base cannot be %d", (base) => {
  expect(give([{ capacityProvider: "FARGATE", base }])).toThrow("capacity.base");
});

test.each([{ weight: true }, { base: true }])("%j that only Terraform knows is not judged", (known) => {
  const stack = stackOf((stack) => {
    const { numberValue } = variable(stack, "share", "number");
    const given = "weight" in known ? { weight: numberValue } : { base: numberValue };
    const capacity: Capacity = [
      { capacityProvider: "FARGATE", ...given },
      { capacityProvider: "FARGATE_SPOT", weight: 0 },
    ];
    service(stack, "stock", { capacity, desiredCount: 2 });
  });
  expect(stack.warnings).toEqual([]);
});

test("how many tasks Spot may take away is not judged where only Terraform knows their number", () => {
  const spot: Capacity = [{ capacityProvider: "FARGATE_SPOT" }];
  const stack = stackOf((stack) => {
    const desiredCount = variable(stack, "tasks", "number").numberValue;
    service(stack, "stock", { capacity: spot, desiredCount });
  });
  expect(stack.warnings).toEqual([]);
});
