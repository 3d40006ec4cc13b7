import { EcsCluster } from "../../../../modules/core/compute/ecs-cluster";
import { refusalOf, service, stackOf, variable, type SmallStack } from "../../stack-of";
import {
  NIGHT,
  UNREGISTERED,
  type Props,
  made,
  refused,
  scaled,
  scheduled,
  target,
  ecsService,
  number,
} from "./scaled-service";

describe("a service that is scaled by CPU, memory and the time of day", () => {
  const stack = made(
    scaled({
      targets: { cpuPercent: 60, memoryPercent: 72.5, scaleInCooldown: 0, scaleOutCooldown: 30 },
      schedules: [
        { ...NIGHT, timezone: "Europe/Berlin" },
        { ...NIGHT, name: "Work-Day", schedule: "cron(0 6 ? * MON-FRI *)", minCapacity: 2, maxCapacity: 10 },
      ],
    }),
  );

  test("has a target, policies and scheduled actions at addresses that read well", () => {
    expect(stack.addresses().filter((address) => address.includes("autoscaling"))).toEqual([
      "aws_appautoscaling_policy.stock_service_cpu",
      "aws_appautoscaling_policy.stock_service_memory",
      "aws_appautoscaling_scheduled_action.stock_service_night",
      "aws_appautoscaling_scheduled_action.stock_service_work_day",
      "aws_appautoscaling_target.stock_service",
    ]);
  });

  test("is the target, by the names of cluster and service", () => {
    expect(target(stack)).toMatchObject({
      service_namespace: "ecs",
      scalable_dimension: "ecs:service:DesiredCount",
      resource_id: "service/platform/${aws_ecs_service.stock_service.name}",
      min_capacity: 2,
      max_capacity: 10,
    });
  });

  test("is held at both utilizations", () => {
    const ofTarget = {
      service_namespace: "${aws_appautoscaling_target.stock_service.service_namespace}",
      scalable_dimension: "${aws_appautoscaling_target.stock_service.scalable_dimension}",
      resource_id: "${aws_appautoscaling_target.stock_service.resource_id}",
    };
    expect(stack.resource("aws_appautoscaling_policy.stock_service_cpu")).toMatchObject({
      ...ofTarget,
      name: "cpu",
      policy_type: "TargetTrackingScaling",
      target_tracking_scaling_policy_configuration: {
        target_value: 60,
        scale_in_cooldown: 0,
        scale_out_cooldown: 30,
        predefined_metric_specification: { predefined_metric_type: "ECSServiceAverageCPUUtilization" },
      },
    });
    expect(stack.resource("aws_appautoscaling_policy.stock_service_memory")).toMatchObject({
      ...ofTarget,
      name: "memory",
      target_tracking_scaling_policy_configuration: {
        target_value: 72.5,
        scale_in_cooldown: 0,
        scale_out_cooldown: 30,
        predefined_metric_specification: { predefined_metric_type: "ECSServiceAverageMemoryUtilization" },
      },
    });
  });

  test("gets new bounds by the clock, 0 being one of them and not left out", () => {
    expect(stack.resource("aws_appautoscaling_scheduled_action.stock_service_night")).toMatchObject({
      name: "night",
      schedule: "cron(0 22 ? * MON-FRI *)",
      timezone: "Europe/Berlin",
      scalable_target_action: { min_capacity: "0", max_capacity: "0" },
    });
    expect(stack.resource("aws_appautoscaling_scheduled_action.stock_service_work_day")).toMatchObject({
      name: "Work-Day",
      timezone: "UTC",
      scalable_target_action: { min_capacity: "2", max_capacity: "10" },
    });
  });

  test("is changed one step after the other, because AWS refuses two at a time", () => {
    const order = ["policy.stock_service_cpu", "policy.stock_service_memory"]
      .concat(["scheduled_action.stock_service_night", "scheduled_action.stock_service_work_day"])
      .map((name) => `aws_appautoscaling_${name}`);
    expect(order.map((address) => stack.resource(address).depends_on)).toEqual(
      ["aws_appautoscaling_target.stock_service", ...order.slice(0, -1)].map((address) => [address]),
    );
  });

  test("gets all of it again where the service is replaced", () => {
    expect(target(stack).lifecycle).toMatchObject({
      replace_triggered_by: ["aws_ecs_service.stock_service.id"],
    });
    for (const address of stack.addresses().filter((address) => /scaling_(policy|scheduled)/.test(address))) {
      expect(stack.resource(address).lifecycle).toEqual({
        replace_triggered_by: ["aws_appautoscaling_target.stock_service.id"],
      });
    }
  });
});

describe("what Terraform leaves to autoscaling", () => {
  test("the number of tasks, beside what replaces the service", () => {
    const { lifecycle } = ecsService(made(scaled()));
    expect(lifecycle).toEqual({
      replace_triggered_by: ["aws_service_discovery_service.stock_service.id"],
      ignore_changes: ["desired_count"],
    });
    expect(ecsService(made({ ...scaled(), ...UNREGISTERED })).lifecycle).toEqual({
      ignore_changes: ["desired_count"],
    });
  });

  test("nothing of a service that is not scaled", () => {
    const stack = made({});
    expect(ecsService(stack).lifecycle).not.toHaveProperty("ignore_changes");
    expect(ecsService(made(UNREGISTERED))).not.toHaveProperty("lifecycle");
    expect(stack.addresses().join()).not.toContain("autoscaling");
  });

  test("the bounds, only where schedules move them", () => {
    expect(target(made(scaled({ schedules: [NIGHT] }))).lifecycle).toHaveProperty("ignore_changes", [
      "min_capacity",
      "max_capacity",
    ]);
    expect(target(made(scaled())).lifecycle).not.toHaveProperty("ignore_changes");
    expect(target(made(scaled({ schedules: [] }))).lifecycle).not.toHaveProperty("ignore_changes");
  });
});

describe("the number of tasks to begin with", () => {
  const countOf = (props: Props): unknown => ecsService(made(props)).desired_count;

  test("is the fewest, or what is given, never another", () => {
    expect(countOf(scaled())).toBe(2);
    expect(countOf(scaled({ minCapacity: 0 }))).toBe(0);
    expect(countOf({ ...scaled(), desiredCount: 2 })).toBe(2);
    expect(countOf({ ...scaled(), desiredCount: 10 })).toBe(10);
    expect(countOf({})).toBe(1);
  });

  test.each([1, 11, 0])("%i is refused where 2 to 10 are the bounds", (desiredCount) => {
    expect(refused({ ...scaled(), desiredCount })).toMatch(
      /^small\/stock-service: desiredCount is \d+ allowed: .*\(2 to 10\) mend: leave it out .* source: https/,
    );
  });
});

test("300 and 60 seconds are waited where nothing is said", () => {
  const policy = made(scaled()).resource("aws_appautoscaling_policy.stock_service_cpu");
  expect(policy.target_tracking_scaling_policy_configuration).toMatchObject({
    scale_in_cooldown: 300,
    scale_out_cooldown: 60,
  });
});

test("schedules alone are enough", () => {
  const addresses = made({ autoScaling: { minCapacity: 1, maxCapacity: 1, schedules: [NIGHT] } }).addresses();
  expect(addresses).toContain("aws_appautoscaling_scheduled_action.stock_service_night");
  expect(addresses.join()).not.toContain("autoscaling_policy");
});

test("a schedule may be called like a metric", () => {
  expect(made(scheduled({ name: "cpu" })).addresses()).toEqual(
    expect.arrayContaining([
      "aws_appautoscaling_policy.stock_service_cpu",
      "aws_appautoscaling_scheduled_action.stock_service_cpu",
    ]),
  );
});

describe("the name of the cluster", () => {
  const element = (arn: string) =>
    `service/\${element(split("/", ${arn}), 1)}/\${aws_ecs_service.stock_service.name}`;

  test("is taken by Terraform from an ARN that it knows", () => {
    const stack = stackOf((stack) => {
      const ecsCluster = new EcsCluster(stack, "ecs_cluster", { clusterName: "own" });
      service(stack, "stock-service", { ecsCluster, ...scaled() });
    });
    expect(target(stack).resource_id).toBe(element("aws_ecs_cluster.ecs_cluster.id"));
  });

  test("is taken from the ARN in a variable, too", () => {
    const stack = stackOf((stack) => {
      const ecsClusterId = variable(stack, "cluster").stringValue;
      const ecsCluster = EcsCluster.fromEcsClusterAttributes({ ecsClusterId });
      service(stack, "stock-service", { ecsCluster, ...scaled() });
    });
    expect(target(stack).resource_id).toBe(element("var.cluster"));
  });

  test.each(["arn:aws:ecs:eu-central-1:123456789012:cluster/", "arn:aws:ecs:eu-central-1:123456789012"])(
    "must be in %s",
    (ecsClusterId) => {
      const ecsCluster = EcsCluster.fromEcsClusterAttributes({ ecsClusterId });
      expect(refused({ ecsCluster, ...scaled() })).toContain("ecsCluster.ecsClusterId is");
    },
  );
});

test("numbers that only Terraform knows are passed on and not judged", () => {
  const stack = stackOf((stack) => {
    const [minCapacity, maxCapacity] = [number(stack, "fewest"), number(stack, "most")];
    service(stack, "stock-service", {
      deployment: { minimumHealthyPercent: 100, maximumPercent: 100 },
      autoScaling: {
        minCapacity,
        maxCapacity,
        targets: { cpuPercent: number(stack, "cpu"), scaleInCooldown: number(stack, "seconds") },
        schedules: [{ ...NIGHT, minCapacity, maxCapacity, schedule: variable(stack, "when").stringValue }],
      },
    });
  });
  expect(ecsService(stack).desired_count).toBe("${var.fewest}");
  expect(target(stack)).toMatchObject({ min_capacity: "${var.fewest}", max_capacity: "${var.most}" });
  expect(stack.resource("aws_appautoscaling_policy.stock_service_cpu")).toMatchObject({
    target_tracking_scaling_policy_configuration: {
      target_value: "${var.cpu}",
      scale_in_cooldown: "${var.seconds}",
    },
  });
  expect(stack.resource("aws_appautoscaling_scheduled_action.stock_service_night")).toMatchObject({
    schedule: "${var.when}",
    scalable_target_action: { min_capacity: "${var.fewest}", max_capacity: "${var.most}" },
  });
});

test("a number that is known is still judged beside one that is not", () => {
  const withMost = (maxCapacity: number, desiredCount: number) => (stack: SmallStack) => {
    const minCapacity = number(stack, "fewest");
    service(stack, "stock-service", { ...scaled({ minCapacity, maxCapacity }), desiredCount });
  };
  expect(refusalOf(withMost(3, 4))).toContain("(known to Terraform only to 3)");
  expect(() => stackOf(withMost(3, 3))).not.toThrow();
  const withFewest = (minCapacity: number, desiredCount: number) => (stack: SmallStack) => {
    const maxCapacity = number(stack, "most");
    service(stack, "stock-service", { ...scaled({ minCapacity, maxCapacity }), desiredCount });
  };
  expect(refusalOf(withFewest(3, 2))).toContain("(3 to known to Terraform only)");
  expect(() => stackOf(withFewest(3, 900))).not.toThrow();
});
