import {
  TargetGroup,
  type TargetGroupHealthCheck,
} from "../../../../modules/core/load-balancing/target-group";
import type { TargetGroupProps } from "../../../../modules/core/load-balancing/target-group";
import { refusalOf, stackOf, valuesOf, variable, VPC } from "../../stack-of";

const props: TargetGroupProps = { vpcId: VPC, purpose: "payments", port: 5000 };
const made = (more: Partial<TargetGroupProps> = {}) =>
  stackOf((stack) => new TargetGroup(stack, "payments", { ...props, ...more })).resource(
    "aws_lb_target_group.payments",
  );
const refused = (more: Partial<TargetGroupProps>): string =>
  refusalOf((stack) => new TargetGroup(stack, "payments", { ...props, ...more }));
const checked = (healthCheck: TargetGroupHealthCheck) => made({ healthCheck }).health_check;
const uncheckable = (healthCheck: TargetGroupHealthCheck) => refused({ healthCheck });

describe("a target group", () => {
  test("takes addresses of tasks, which have half a minute to end their requests", () => {
    expect(made()).toMatchObject({
      name: expect.stringMatching(/^small-payments-[0-9a-f]{8}$/) as string,
      vpc_id: VPC,
      port: 5000,
      protocol: "HTTP",
      target_type: "ip",
      deregistration_delay: "30",
      health_check: {
        path: "/",
        port: "traffic-port",
        protocol: "HTTP",
        matcher: "200",
        interval: 15,
        timeout: 5,
        healthy_threshold: 2,
        unhealthy_threshold: 3,
      },
      lifecycle: { create_before_destroy: true },
    });
  });

  test("has another name wherever it must be replaced, so that the new one can be there first", () => {
    const names = [
      {},
      { port: 5001 },
      { targetType: "instance" },
      { vpcId: "vpc-0123abcd" },
      { vpcId: undefined },
    ].map((more) => {
      if (!("vpcId" in more) || more.vpcId !== undefined) return made(more as Partial<TargetGroupProps>).name;
      return stackOf((stack) => {
        new TargetGroup(stack, "payments", { ...props, vpcId: variable(stack, "vpc_id").stringValue });
      }).resource("aws_lb_target_group.payments").name;
    });
    expect(new Set(names).size).toBe(names.length);
    expect(names.at(-1)).toContain("${substr(sha1(var.vpc_id), 0, 4)}");
  });

  test("keeps its name when anything else changes", () => {
    expect(made({ deregistrationDelay: 5, healthCheck: { path: "/health" } }).name).toBe(made().name);
  });

  test("may take instances, for tasks in bridge mode", () => {
    expect(made({ targetType: "instance" }).target_type).toBe("instance");
  });

  test("gives out its ARN", () => {
    const values = valuesOf((stack) => ({ arn: new TargetGroup(stack, "payments", props).targetGroupArn }));
    expect(values).toEqual({ arn: "${aws_lb_target_group.payments.arn}" });
  });

  test.each([0, 3600])("may wait %d seconds for requests to end", (deregistrationDelay) => {
    expect(made({ deregistrationDelay }).deregistration_delay).toBe(`${deregistrationDelay}`);
  });
  test.each([-1, 3601, 1.5])("cannot wait %d seconds for requests to end", (deregistrationDelay) => {
    expect(refused({ deregistrationDelay })).toContain("small/payments: deregistrationDelay");
  });

  test("may have a port and a delay that only Terraform knows", () => {
    const group = stackOf((stack) => {
      const [port, deregistrationDelay] = ["port", "delay"].map(
        (name) => variable(stack, name, "number").numberValue,
      );
      new TargetGroup(stack, "payments", { ...props, port: port ?? 0, deregistrationDelay });
    }).resource("aws_lb_target_group.payments");
    expect(group).toMatchObject({ port: "${var.port}", deregistration_delay: "${var.delay}" });
  });

  test.each([0, 65536])("cannot have the port %d", (port) => expect(refused({ port })).toContain("port is"));
  test("cannot be in something that is no VPC", () => expect(refused({ vpcId: "x" })).toContain("vpcId"));
});

describe("the health check of a target group", () => {
  test("may be the one of the article about load balanced services on EC2", () => {
    const healthCheck = {
      path: "/application-status/health",
      healthyThreshold: 2,
      unhealthyThreshold: 10,
      interval: 5,
      timeout: 4,
    };
    expect(checked(healthCheck)).toMatchObject({
      path: "/application-status/health",
      healthy_threshold: 2,
      unhealthy_threshold: 10,
      interval: 5,
      timeout: 4,
    });
  });

  test.each<TargetGroupHealthCheck>([
    { path: `/${"x".repeat(1023)}` },
    { path: "/health?deep=false" },
    { matcher: "200,204" },
    { matcher: "200-499" },
    { matcher: "200-299,401" },
    { interval: 300, timeout: 120 },
    { interval: 5, timeout: 2 },
    { interval: 6 },
    { healthyThreshold: 2, unhealthyThreshold: 10 },
  ])("may have %j", (healthCheck) => expect(() => checked(healthCheck)).not.toThrow());

  test.each<[string, TargetGroupHealthCheck]>([
    ["path", { path: "health" }],
    ["path", { path: "" }],
    ["path", { path: "/a b" }],
    ["path", { path: `/${"x".repeat(1024)}` }],
    ["matcher", { matcher: "199" }],
    ["matcher", { matcher: "500" }],
    ["matcher", { matcher: "200-500" }],
    ["matcher", { matcher: "300-200" }],
    ["matcher", { matcher: "200," }],
    ["matcher", { matcher: "2xx" }],
    ["interval", { interval: 4, timeout: 2 }],
    ["interval", { interval: 301 }],
    ["timeout", { timeout: 1 }],
    ["timeout", { timeout: 121, interval: 300 }],
    ["timeout", { timeout: 15, interval: 15 }],
    ["timeout", { interval: 5 }],
    ["healthyThreshold", { healthyThreshold: 1 }],
    ["unhealthyThreshold", { unhealthyThreshold: 11 }],
  ])("cannot have a %s as in %j", (property, healthCheck) => {
    expect(uncheckable(healthCheck)).toMatch(
      new RegExp(
        `^small/payments: healthCheck.${property} is .*\\n {4}allowed: .+\\n {4}mend: {4}.+\\n {4}source: `,
      ),
    );
  });

  test("is not judged where only Terraform knows it", () => {
    const stack = stackOf((stack) => {
      const interval = variable(stack, "interval", "number").numberValue;
      const matcher = variable(stack, "matcher").stringValue;
      new TargetGroup(stack, "payments", { ...props, healthCheck: { interval, matcher, timeout: 60 } });
    });
    expect(stack.resource("aws_lb_target_group.payments").health_check).toMatchObject({
      interval: "${var.interval}",
      matcher: "${var.matcher}",
      timeout: 60,
    });
  });
});
