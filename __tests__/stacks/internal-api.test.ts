import { InternalApiStack } from "../../stacks/internal-api";
import { SynthesizedStack } from "../../testing";

describe("the internal API", () => {
  const stack = SynthesizedStack.of((app) => new InternalApiStack(app, "internal-api"));

  test("runs on instances in the subnets that are given, two to six of them and two to begin with", () => {
    expect(stack.resource("aws_autoscaling_group.instances")).toMatchObject({
      vpc_zone_identifier: "${var.subnets}",
      min_size: 2,
      max_size: 6,
      desired_capacity: 2,
    });
    expect(stack.resource("aws_ecs_service.service_a")).toMatchObject({
      desired_count: "${var.service_a_desired_count}",
      deployment_minimum_healthy_percent: 50,
      capacity_provider_strategy: [{ capacity_provider: "${aws_ecs_capacity_provider.instances.name}" }],
    });
    expect(stack.variable("service_a_desired_count")).toMatchObject({ type: "number", default: 2 });
  });

  test("has service-a behind ports of the instances, which the load balancer checks every five seconds", () => {
    expect(stack.resource("aws_ecs_task_definition.service_a").network_mode).toBe("bridge");
    expect(stack.resource("aws_ecs_service.service_a").load_balancer).toMatchObject([
      { container_port: 8080 },
    ]);
    expect(stack.resource("aws_lb_target_group.service_a")).toMatchObject({
      target_type: "instance",
      port: 8080,
      health_check: {
        path: "/application-status/health",
        interval: 5,
        timeout: 4,
        healthy_threshold: 2,
        unhealthy_threshold: 10,
      },
    });
  });

  test("answers at service-a.in.example.com, by the first rule", () => {
    expect(stack.resource("aws_lb_listener_rule.service_a")).toMatchObject({
      priority: 1,
      condition: [{ host_header: { values: ["service-a.in.example.com"] } }],
      action: [{ target_group_arn: "${aws_lb_target_group.service_a.arn}" }],
    });
    expect(stack.resource("aws_route53_zone.zone").name).toBe("in.example.com");
    expect(stack.resource("aws_route53_record.service_a")).toMatchObject({
      name: "service-a.in.example.com",
      alias: { name: "${aws_lb.internal.dns_name}" },
    });
    expect(stack.output("service_a_url")).toBe("http://service-a.in.example.com");
  });

  test("sends requests for any other host to a target group without targets", () => {
    expect(stack.resource("aws_lb_listener.internal_http")).toMatchObject({
      port: 80,
      default_action: [{ type: "forward", target_group_arn: "${aws_lb_target_group.internal_empty.arn}" }],
    });
    expect(stack.resource("aws_lb.internal").internal).toBe(true);
  });

  test("lets in who carries the clients' group, and nobody else", () => {
    expect(stack.openPorts()).toEqual({
      between: ["clients -> internal:80", "internal -> instances:32768-65535"],
      fromAddresses: [],
      toAddresses: ["instances -> 0.0.0.0/0:443"],
      oneSided: [],
    });
    expect(stack.output("client_security_group_id")).toBe("${aws_security_group.clients.id}");
  });

  test("may run on other instances, the architecture following", () => {
    const arm = SynthesizedStack.of(
      (app) => new InternalApiStack(app, "internal-api", { instanceType: "t4g.small" }),
    );
    expect(arm.resource("aws_ecs_task_definition.service_a").runtime_platform).toMatchObject({
      cpu_architecture: "ARM64",
    });
    expect(arm.resource("aws_launch_template.instances").image_id).toContain("/arm64/");
  });
});
