import { Ec2Capacity } from "../../../../modules/core/compute/ec2-capacity";
import type { IEc2Capacity } from "../../../../modules/core/compute/ec2-capacity";
import type { Capacity } from "../../../../modules/services/ecs-service/capacity";
import type { Arguments } from "../../../../testing";
import { groundIn, instancesIn, onInstances } from "../../ec2";
import { refusalOf, stackOf, SUBNETS, VPC, type SmallStack } from "../../stack-of";

type Make = (instances: IEc2Capacity, others: IEc2Capacity) => Capacity;
const make = (capacity: Make) => (stack: SmallStack) => {
  const ground = groundIn(stack);
  const others = instancesIn(stack, ground.ecsCluster, "others");
  onInstances(stack, ground, "orders", { capacity: capacity(ground.instances, others), subnets: SUBNETS });
};
const service = (capacity: Make): Arguments => stackOf(make(capacity)).resource("aws_ecs_service.orders");
const providerOf = (id: string): string => `\${aws_ecs_capacity_provider.${id}.name}`;

test("tasks may run on instances alone", () => {
  expect(service((instances) => instances)).toMatchObject({
    capacity_provider_strategy: [{ capacity_provider: providerOf("instances"), weight: 1 }],
    force_new_deployment: true,
  });
  expect(service((instances) => instances)).not.toHaveProperty("launch_type");
});

test("tasks may run on instances of two kinds, in shares", () => {
  const shares = service((instances, others) => [
    { capacityProvider: instances, base: 1 },
    { capacityProvider: others, weight: 3 },
  ]);
  expect(shares.capacity_provider_strategy).toEqual([
    { capacity_provider: providerOf("instances"), base: 1, weight: 1 },
    { capacity_provider: providerOf("others"), weight: 3 },
  ]);
});

test("a service comes after its capacity provider is one of the cluster's", () => {
  expect(service((instances) => instances).depends_on).toContain(
    "aws_ecs_cluster_capacity_providers.ecs_cluster",
  );
});

test("tasks cannot run on both Fargate and instances", () => {
  const message = refusalOf(
    make((instances) => [{ capacityProvider: "FARGATE" }, { capacityProvider: instances }]),
  );
  expect(message).toContain("small/orders: capacity is");
  expect(message).toContain("Fargate's capacity providers alone, or instances alone");
});

test("one kind of instances cannot have two shares", () => {
  const twice: Make = (instances) => [{ capacityProvider: instances }, { capacityProvider: instances }];
  expect(refusalOf(make(twice))).toContain("a list of 1 to 20 different capacity providers");
});

test("instances must be those of the service's cluster", () => {
  const message = refusalOf((stack) => {
    const { ecsCluster } = groundIn(stack);
    const imported = "arn:aws:ecs:eu-central-1:123456789012:cluster/other";
    const other = {
      ecsClusterId: imported,
      capacityProviderAssociations: [],
      grantExecuteCommand: () => undefined,
    };
    const instances = instancesIn(stack, ecsCluster, "others");
    onInstances(stack, { ecsCluster, instances }, "orders", { ecsCluster: other });
  });
  expect(message).toContain('small/orders: capacity is "others"');
  expect(message).toContain("instances of the cluster that the service is in");
});

test("instances that exist already are used by the name of their capacity provider", () => {
  const stack = stackOf((stack) => {
    const ground = groundIn(stack);
    const old = Ec2Capacity.fromEc2CapacityAttributes(stack, {
      capacityProviderName: "old",
      cpuArchitecture: "ARM64",
      vpcId: VPC,
      subnets: SUBNETS,
      securityGroupId: "sg-0123abcd",
    });
    onInstances(stack, ground, "orders", { capacity: old });
  });
  expect(stack.resource("aws_ecs_service.orders").capacity_provider_strategy).toEqual([
    { capacity_provider: "old", weight: 1 },
  ]);
  expect(stack.resource("aws_ecs_task_definition.orders").runtime_platform).toMatchObject({
    cpu_architecture: "ARM64",
  });
});

test("instances of two architectures cannot run the tasks of one service, nor of another than it says", () => {
  const mixed = (stack: SmallStack): void => {
    const ground = groundIn(stack);
    const arm = instancesIn(stack, ground.ecsCluster, "arm", { instanceType: "t4g.small" });
    const capacity = [{ capacityProvider: ground.instances }, { capacityProvider: arm }];
    onInstances(stack, ground, "orders", { capacity });
  };
  expect(refusalOf(mixed)).toContain('small/orders: capacity is ["X86_64","ARM64"]');
  const other = refusalOf((stack) => {
    onInstances(stack, groundIn(stack), "orders", { cpuArchitecture: "ARM64" });
  });
  expect(other).toContain('small/orders: cpuArchitecture is "ARM64"');
});
