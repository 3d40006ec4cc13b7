import { Ec2Capacity } from "../../../../modules/core/compute/ec2-capacity";
import { EcsService } from "../../../../modules/services/ecs-service/ecs-service";
import { SynthesizedStack } from "../../../../testing";
import { bridged, groundIn, type Ground } from "../../ec2";
import { refusalOf, service, SmallStack, stackOf, SUBNETS, testApp, VPC } from "../../stack-of";

const rulesOf = (stack: SynthesizedStack): string[] => stack.addresses("aws_vpc_security_group_ingress_rule");

describe("services of several stacks on the same instances", () => {
  const stacks = (): { home: SmallStack; away: SmallStack; far: SmallStack; ground: Ground } => {
    const app = testApp();
    const [home, away, far] = ["home", "away", "far"].map(
      (id) => new SmallStack(app, id, { backend: { type: "local" } }),
    );
    if (home === undefined || away === undefined || far === undefined) throw new Error("three were made");
    return { home, away, far, ground: groundIn(home) };
  };

  test("have their rules in their own stacks", () => {
    const { home, away, ground } = stacks();
    bridged(away, ground, "orders").connectTo(service(away, "stock"));
    expect(rulesOf(SynthesizedStack.from(home))).toEqual([]);
    expect(rulesOf(SynthesizedStack.from(away))).toEqual([
      "aws_vpc_security_group_ingress_rule.instances_to_stock",
    ]);
  });

  test("do not make a rule twice; the stack that has it goes first", () => {
    const { home, away, far, ground } = stacks();
    const stock = service(home, "stock");
    bridged(away, ground, "orders").connectTo(stock);
    bridged(far, ground, "site").connectTo(stock);
    expect(rulesOf(SynthesizedStack.from(away))).toHaveLength(1);
    expect(rulesOf(SynthesizedStack.from(far))).toEqual([]);
    expect(far.dependsOn(away)).toBe(true);
  });
});

describe("a bridge service that exists already", () => {
  const imported = (stack: SmallStack, entranceToPort?: number): void => {
    const orders = EcsService.fromServiceAttributes(stack, {
      serviceName: "orders",
      host: "orders.platform.internal",
      port: 8080,
      securityGroupId: "sg-0123abcd",
      entrancePort: 32768,
      entranceToPort,
    });
    service(stack, "site").connectTo(orders);
  };

  test("lets callers in on a range of ports", () => {
    expect(stackOf((stack) => imported(stack, 65535)).openPorts().between).toEqual([
      "site -> sg-0123abcd:32768-65535",
    ]);
    expect(stackOf((stack) => imported(stack)).openPorts().between).toEqual(["site -> sg-0123abcd:32768"]);
  });

  test.each([32767, 65536])("does not on one that ends with %d", (last) => {
    expect(refusalOf((stack) => imported(stack, last))).toContain(`entranceToPort is ${last}`);
  });
});

test("services on instances that exist already share rules too, however often these are imported", () => {
  const stack = stackOf((stack) => {
    const { ecsCluster } = groundIn(stack);
    const stock = service(stack, "stock");
    for (const name of ["orders", "site"]) {
      const instances = Ec2Capacity.fromEc2CapacityAttributes(stack, {
        capacityProviderName: "old",
        vpcId: VPC,
        subnets: SUBNETS,
        securityGroupId: "sg-0123abcd",
      });
      bridged(stack, { ecsCluster, instances }, name).connectTo(stock);
    }
  });
  expect(rulesOf(stack)).toEqual(["aws_vpc_security_group_ingress_rule.old_to_stock"]);
  expect(stack.openPorts().between).toEqual(["sg-0123abcd -> stock:80"]);
});
