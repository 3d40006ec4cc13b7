import { checkDeployment, type Deployment } from "../../../../modules/services/ecs-service/deployment";
import { judging, SmallStack, testApp, variable } from "../../stack-of";

const stack = new SmallStack(testApp());
const give = (deployment: Deployment | undefined, desiredCount?: number) =>
  judging((stack) => checkDeployment(stack, deployment, desiredCount));
const percent = (minimumHealthyPercent: number, maximumPercent: number): Deployment => ({
  minimumHealthyPercent,
  maximumPercent,
});

test("a deployment moves where nothing is said", () => {
  expect(give(undefined)).not.toThrow();
  expect(give({}, 3)).not.toThrow();
});

test.each([
  [0, 100, 1],
  [100, 200, 1],
  [50, 100, 2],
  [100, 150, 2],
  [66, 100, 4],
  [99, 100, 200],
])("it moves with %i and %i percent of %i tasks", (minimum, maximum, desired) => {
  expect(give(percent(minimum, maximum), desired)).not.toThrow();
});

test.each([
  [100, 100, 1],
  [100, 150, 1],
  [50, 100, 1],
  [1, 199, 1],
  [67, 100, 3],
  [75, 100, 3],
  [100, 133, 3],
  [100, 100, 1000],
])("it can never move with %i and %i percent of %i tasks, and is refused", (minimum, maximum, desired) => {
  expect(give(percent(minimum, maximum), desired)).toThrow(/small: deployment is \{[^]*no new one may start/);
});

test("a count that is not given is 1", () => {
  expect(give(percent(50, 100))).toThrow("a desired count of 1");
});

test("a service without tasks has nothing to move", () => {
  expect(give(percent(100, 100), 0)).not.toThrow();
});

test("a count that only Terraform knows is not judged", () => {
  expect(give(percent(100, 100), variable(stack, "count", "number").numberValue)).not.toThrow();
});

test.each([-1, 101, 0.5])("at least %d percent cannot be kept healthy", (minimum) => {
  expect(give(percent(minimum, 200), 0)).toThrow("deployment.minimumHealthyPercent");
});
test.each([99, 150.5])("at most %d percent cannot run", (maximum) => {
  expect(give(percent(0, maximum), 0)).toThrow("deployment.maximumPercent");
});
