import { DnsNamespace } from "../../../../modules/core/cloud-map/dns-namespace";
import { EcsCluster } from "../../../../modules/core/compute/ecs-cluster";
import { warningsOf } from "../../../../modules/core/framework/warnings";
import { CloudMapApi } from "../../../../modules/services/discovery/cloud-map-api";
import type { EcsServiceProps } from "../../../../modules/services/ecs-service/ecs-service-props";
import {
  containersOf,
  refusalOf,
  service,
  SmallStack,
  stackOf,
  statementsOf,
  testApp,
  VPC,
} from "../../stack-of";

describe("services of one name in two clusters", () => {
  const fill = (stack: SmallStack, props: Partial<EcsServiceProps>): void => {
    const ecsCluster = new EcsCluster(stack, "batch", { clusterName: "batch" });
    service(stack, "worker", { discovery: undefined });
    service(stack, "batch_worker", { serviceName: "worker", discovery: undefined, ecsCluster, ...props });
  };

  test("are rejected if they would have one log group, and both are named", () => {
    const message = refusalOf((stack) => fill(stack, {}));
    expect(message).toContain('small/batch_worker: logGroupName is "/ecs/small/worker"');
    expect(message).toContain("small/worker has this one");
  });

  test("are accepted with log groups and families of their own", () => {
    const names = { logGroupName: "/ecs/small/batch/worker", family: "batch-worker" };
    const stack = stackOf((stack) => fill(stack, names));
    expect(stack.resource("aws_cloudwatch_log_group.batch_worker").name).toBe("/ecs/small/batch/worker");
    expect(stack.resource("aws_ecs_task_definition.batch_worker").family).toBe("batch-worker");
  });
});

test("services of one name in two stacks warn that their families are one", () => {
  const app = testApp();
  const [one, other] = ["one", "other"].map((id) => service(new SmallStack(app, id), "worker"));
  expect(one && warningsOf(one.taskDefinition)).toEqual([]);
  expect(other && warningsOf(other.taskDefinition).join()).toContain(
    "one/worker/task_definition has this one",
  );
});

test("services that are found by API in a namespace for DNS are called by its HTTP name", () => {
  const stack = stackOf((stack) => {
    const { namespaceId, namespaceName } = new DnsNamespace(stack, "names", {
      namespaceName: "shop.internal",
      vpcId: VPC,
    });
    const namespace = { namespaceId, namespaceName, httpName: "shop.internal-1a2b" };
    const orders = service(stack, "orders", { discovery: new CloudMapApi({ namespace }) });
    service(stack, "web").connectTo(orders);
  });
  expect(containersOf(stack, "web")[0]?.environment).toEqual([
    { name: "ORDERS_URL", value: "http://orders.shop.internal-1a2b" },
  ]);
  const [statement] = Object.values(statementsOf(stack, "aws_iam_role_policy.web_task_role"));
  expect(statement?.Condition).toMatchObject({
    StringEquals: { "servicediscovery:NamespaceName": "shop.internal-1a2b" },
  });
});
