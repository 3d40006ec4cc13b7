import { checkCapacity, type Capacity } from "../../../modules/services/capacity";
import { SmallStack, testApp } from "../stack-of";

const stack = new SmallStack(testApp());
const give = (capacity: Capacity) => () => checkCapacity(stack, capacity);

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
