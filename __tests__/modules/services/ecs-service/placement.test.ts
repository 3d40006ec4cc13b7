import type { EcsServiceProps } from "../../../../modules/services/ecs-service/ecs-service-props";
import type { Arguments } from "../../../../testing";
import { groundIn, onInstances } from "../../ec2";
import { refusalOf, service, stackOf } from "../../stack-of";

type Props = Partial<EcsServiceProps>;
const ZONE = "attribute:ecs.availability-zone";
const onEc2 = (props: Props = {}): Arguments =>
  stackOf((stack) => void onInstances(stack, groundIn(stack), "orders", props)).resource(
    "aws_ecs_service.orders",
  );
const refused = (props: Props): string =>
  refusalOf((stack) => void onInstances(stack, groundIn(stack), "orders", props));

describe("tasks on instances", () => {
  test("are spread over zones first, and then fill instances, so that empty ones can be stopped", () => {
    expect(onEc2().ordered_placement_strategy).toEqual([
      { type: "spread", field: ZONE },
      { type: "binpack", field: "memory" },
    ]);
    expect(onEc2()).not.toHaveProperty("placement_constraints");
  });

  test("may be placed otherwise", () => {
    expect(
      onEc2({
        placementStrategies: [{ type: "random" }],
        placementConstraints: [
          { type: "distinctInstance" },
          { type: "memberOf", expression: "attribute:ecs.instance-type =~ m7g.*" },
        ],
      }),
    ).toMatchObject({
      ordered_placement_strategy: [{ type: "random" }],
      placement_constraints: [
        { type: "distinctInstance" },
        { type: "memberOf", expression: "attribute:ecs.instance-type =~ m7g.*" },
      ],
    });
  });

  test.each<[string, Props]>([
    ["zones come first", {}],
    ["nothing but zones is said", { placementStrategies: [{ type: "spread", field: ZONE }] }],
    ["constraints are about something else", { placementConstraints: [{ type: "distinctInstance" }] }],
  ])("are kept balanced over zones where %s", (_, props) => {
    expect(onEc2(props).availability_zone_rebalancing).toBe("ENABLED");
  });

  test.each<[string, Props]>([
    ["something else comes first", { placementStrategies: [{ type: "binpack", field: "cpu" }] }],
    ["instances come first", { placementStrategies: [{ type: "spread", field: "instanceId" }] }],
    [
      "a constraint is about zones",
      { placementConstraints: [{ type: "memberOf", expression: `${ZONE} == a` }] },
    ],
    [
      "no task may be started beyond the desired ones",
      { deployment: { minimumHealthyPercent: 0, maximumPercent: 100 } },
    ],
  ])("are not where %s: ECS would refuse it", (_, props) => {
    expect(onEc2(props).availability_zone_rebalancing).toBe("DISABLED");
  });

  test.each<[string, Props]>([
    [
      "six strategies",
      { placementStrategies: Array.from({ length: 6 }, () => ({ type: "random" as const })) },
    ],
    ["a spread over nothing", { placementStrategies: [{ type: "spread" }] }],
    ["a binpack of disks", { placementStrategies: [{ type: "binpack", field: "disk" }] }],
    ["a random field", { placementStrategies: [{ type: "random", field: "cpu" }] }],
    [
      "an expression with distinctInstance",
      { placementConstraints: [{ type: "distinctInstance", expression: "x" }] },
    ],
    ["no expression", { placementConstraints: [{ type: "memberOf" }] }],
    ["a long expression", { placementConstraints: [{ type: "memberOf", expression: "x".repeat(2001) }] }],
    [
      "eleven constraints",
      { placementConstraints: Array.from({ length: 11 }, () => ({ type: "distinctInstance" as const })) },
    ],
  ])("cannot be placed by %s", (_, props) => {
    expect(refused(props)).toMatch(/small\/orders: placement(Strategies|Constraints) is /);
  });
});

test.each<[Props]>([
  [{ placementStrategies: [{ type: "random" }] }],
  [{ placementConstraints: [{ type: "distinctInstance" }] }],
])("tasks on Fargate cannot be placed: %j", (props) => {
  expect(refusalOf((stack) => void service(stack, "orders", props))).toContain(
    "Fargate has none to choose from",
  );
});
