import { Listener } from "../../../../modules/core/load-balancing/listener";
import { ListenerRule, type ListenerRuleProps } from "../../../../modules/core/load-balancing/listener-rule";
import { refusalOf, stackOf, variable, type SmallStack } from "../../stack-of";

const rule = (stack: SmallStack, props: Partial<ListenerRuleProps> = {}, id = "payments"): ListenerRule =>
  new ListenerRule(stack, id, {
    listener: Listener.fromListenerAttributes(stack, { listenerArn: "arn:listener", port: 80 }),
    hosts: ["payments.internal.example"],
    targetGroupArn: "arn:group",
    ...props,
  });
const hosts = (...names: readonly string[]) => refusalOf((stack) => rule(stack, { hosts: names }));

describe("a rule on a listener", () => {
  test("sends requests for a host to a target group, its priority being made of the host", () => {
    const stack = stackOf((stack) => rule(stack));
    expect(stack.resource("aws_lb_listener_rule.payments")).toMatchObject({
      listener_arn: "arn:listener",
      priority: 17298,
      action: [{ type: "forward", target_group_arn: "arn:group" }],
      condition: [{ host_header: { values: ["payments.internal.example"] } }],
    });
  });

  test("may have a priority of its own", () => {
    const stack = stackOf((stack) => rule(stack, { priority: 10 }));
    expect(stack.resource("aws_lb_listener_rule.payments").priority).toBe(10);
  });

  test("gives out its resource, for whoever must wait for it", () => {
    stackOf((stack) => expect(rule(stack).resource.terraformResourceType).toBe("aws_lb_listener_rule"));
  });

  test.each([
    ["a.example"],
    ["a.b-c.example", "*.example.com", "shop?.example.com"],
    ["a_b.example"],
    ["1.example", "2.example", "3.example", "4.example", "5.example"],
    [`${"x".repeat(60)}.${"x".repeat(59)}.example`],
  ])("may be for %s", (...names) => {
    const stack = stackOf((stack) => rule(stack, { hosts: names }));
    expect(stack.resource("aws_lb_listener_rule.payments").condition).toEqual([
      { host_header: { values: names } },
    ]);
  });

  test.each([
    "Payments.example",
    "payments",
    "payments.example.",
    "payments.example:80",
    "http://payments.example",
    "payments.example/x",
    "pay ments.example",
    "größe.example",
    "a..example",
    "-a.example",
    "a-.example",
    "10.0.0.1",
    "payments.*",
    "",
    `${"x".repeat(60)}.${"x".repeat(60)}.example`,
    `${"x".repeat(64)}.example`,
  ])("cannot be for %j", (name) => {
    expect(hosts(name)).toMatch(
      /^small\/payments: host is .*\n {4}allowed: .*128[^]*mend:[^]*source: {2}https:.*rule-condition-types/,
    );
  });

  test("has one to five different hosts", () => {
    expect(hosts()).toContain("1 to 5 different host names");
    expect(hosts(..."abcdef".split("").map((letter) => `${letter}.example`))).toContain("hosts is");
    expect(hosts("a.example", "a.example")).toContain("hosts is");
  });

  test("cannot be for a host that only Terraform knows: its priority is made of it", () => {
    expect(refusalOf((stack) => rule(stack, { hosts: [variable(stack, "host").stringValue] }))).toContain(
      "only Terraform can resolve",
    );
  });

  test("cannot be for the host of another rule on a listener that exists already", () => {
    const message = refusalOf((stack) => {
      rule(stack, {}, "one");
      rule(stack, {}, "two");
    });
    expect(message).toMatch(/^small\/two: host is "payments.internal.example"\n.*small\/one has this one/);
  });
});
