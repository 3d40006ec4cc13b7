import { LoadBalancer, type LoadBalancerProps } from "../../../../modules/core/load-balancing/load-balancer";
import type { SynthesizedStack } from "../../../../testing";
import { refusalOf, stackOf, SUBNETS, valuesOf, variable, VPC } from "../../stack-of";

const CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/0123";
const props: LoadBalancerProps = { vpcId: VPC, subnets: SUBNETS };
const PUBLIC: Partial<LoadBalancerProps> = { scheme: "internet-facing" };
const make = (more: Partial<LoadBalancerProps> = {}): SynthesizedStack =>
  stackOf((stack) => new LoadBalancer(stack, "web", { ...props, ...more }));
const made = (more: Partial<LoadBalancerProps> = {}) => make(more).resource("aws_lb.web");
const refused = (more: Partial<LoadBalancerProps>): string =>
  refusalOf((stack) => new LoadBalancer(stack, "web", { ...props, ...more }));
const notFound = {
  type: "fixed-response",
  fixed_response: { content_type: "text/plain", message_body: "Not found", status_code: "404" },
};

describe("a load balancer", () => {
  test("is for the VPC alone, unless told otherwise", () => {
    expect(made()).toMatchObject({
      name: expect.stringMatching(/^small-web-[0-9a-f]{8}$/) as string,
      internal: true,
      load_balancer_type: "application",
      subnets: SUBNETS,
      security_groups: ["${aws_security_group.web.id}"],
      idle_timeout: 60,
      enable_deletion_protection: false,
      lifecycle: { create_before_destroy: true },
    });
    expect(made(PUBLIC).internal).toBe(false);
  });

  test("that is internal lets nobody in, and out, by itself", () => {
    expect(make().openPorts()).toEqual({ between: [], toAddresses: [], fromAddresses: [], oneSided: [] });
  });

  test("that faces the internet lets everybody in on its port, and nothing else", () => {
    const closed = { between: [], toAddresses: [], oneSided: [] };
    expect(make(PUBLIC).openPorts()).toEqual({ ...closed, fromAddresses: ["0.0.0.0/0 -> web:80"] });
    expect(make({ ...PUBLIC, port: 8080 }).openPorts().fromAddresses).toEqual(["0.0.0.0/0 -> web:8080"]);
    expect(make({ ...PUBLIC, certificateArn: CERTIFICATE }).openPorts()).toEqual({
      ...closed,
      fromAddresses: ["0.0.0.0/0 -> web:443", "0.0.0.0/0 -> web:80"],
    });
  });

  test("has another name wherever it must be replaced, so that the new one can be there first", () => {
    const names = [{}, PUBLIC, { vpcId: "vpc-0123abcd" }].map((more) => made(more).name);
    expect(new Set(names).size).toBe(3);
    const later = { idleTimeout: 5, enableDeletionProtection: true, port: 8080, certificateArn: CERTIFICATE };
    expect(made(later).name).toBe(made().name);
  });

  test("may be in a network that only Terraform knows", () => {
    const stack = stackOf((stack) => {
      const subnets = variable(stack, "subnets", "list(string)").listValue;
      new LoadBalancer(stack, "web", { subnets, vpcId: variable(stack, "vpc_id").stringValue });
    });
    expect(stack.resource("aws_lb.web")).toMatchObject({
      subnets: "${var.subnets}",
      name: expect.stringContaining("${substr(sha1(var.vpc_id), 0, 4)}") as string,
    });
  });

  test("can be kept from being deleted, and keep idle connections longer", () => {
    expect(made({ enableDeletionProtection: true, idleTimeout: 4000 })).toMatchObject({
      enable_deletion_protection: true,
      idle_timeout: 4000,
    });
  });

  test("gives out its ARN, its name, the zone of that name, and its group", () => {
    const values = valuesOf((stack) => {
      const { loadBalancerArn, dnsName, hostedZoneId, securityGroupId } = new LoadBalancer(
        stack,
        "web",
        props,
      );
      return { loadBalancerArn, dnsName, hostedZoneId, securityGroupId };
    });
    expect(values).toEqual({
      loadBalancerArn: "${aws_lb.web.arn}",
      dnsName: "${aws_lb.web.dns_name}",
      hostedZoneId: "${aws_lb.web.zone_id}",
      securityGroupId: "${aws_security_group.web.id}",
    });
  });

  test.each<[string, Partial<LoadBalancerProps>]>([
    ["subnets", { subnets: SUBNETS.slice(0, 1) }],
    ["subnets", { subnets: [] }],
    ["subnets", { subnets: ["subnet-x", "subnet-y"] }],
    ["subnets", { subnets: [...SUBNETS, ...SUBNETS] }],
    ["vpcId", { vpcId: "vpc-x" }],
    ["idleTimeout", { idleTimeout: 0 }],
    ["idleTimeout", { idleTimeout: 4001 }],
    ["certificateArn", { port: 443 }],
    ["certificateArn", { sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" }],
    ["port", { ...PUBLIC, certificateArn: CERTIFICATE, port: 80 }],
  ])("is refused for its %s in %j", (property, more) => {
    expect(refused(more)).toMatch(
      new RegExp(`^small/web: ${property} is .*\\n {4}allowed: .+\\n {4}mend: {4}.+\\n {4}source: {2}https:`),
    );
  });

  test.each([0, 65536])("cannot listen on port %d", (port) => expect(refused({ port })).toContain("port is"));
});

describe("the listener of a load balancer", () => {
  test("speaks HTTP on port 80, or on another one", () => {
    const expected = { load_balancer_arn: "${aws_lb.web.arn}", port: 80, protocol: "HTTP" };
    expect(make().resource("aws_lb_listener.web_http")).toMatchObject(expected);
    expect(make(PUBLIC).resource("aws_lb_listener.web_http")).toMatchObject(expected);
    expect(make({ port: 5000 }).resource("aws_lb_listener.web_http").port).toBe(5000);
    expect(make().addresses("aws_lb_listener")).toHaveLength(1);
  });

  test("gives one answer for all hosts that it does not know", () => {
    expect(make().resource("aws_lb_listener.web_http").default_action).toEqual([notFound]);
    expect(make({ defaultAction: "fixed-response" }).addresses("aws_lb_target_group")).toEqual([]);
  });

  test("may send those to a target group that nothing is in", () => {
    const stack = make({ defaultAction: "empty-target-group" });
    expect(stack.addresses("aws_lb_target_group")).toEqual(["aws_lb_target_group.web_empty"]);
    expect(stack.resource("aws_lb_listener.web_http").default_action).toEqual([
      { type: "forward", target_group_arn: "${aws_lb_target_group.web_empty.arn}" },
    ]);
  });

  test("speaks HTTPS with a certificate, and one that faces the internet redirects to it", () => {
    const stack = make({ ...PUBLIC, certificateArn: CERTIFICATE });
    expect(stack.resource("aws_lb_listener.web_https")).toMatchObject({
      port: 443,
      protocol: "HTTPS",
      certificate_arn: CERTIFICATE,
      ssl_policy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      default_action: [notFound],
    });
    expect(stack.resource("aws_lb_listener.web_http")).toMatchObject({
      port: 80,
      protocol: "HTTP",
      default_action: [
        { type: "redirect", redirect: { protocol: "HTTPS", port: "443", status_code: "HTTP_301" } },
      ],
    });
  });

  test("redirects to another port where HTTPS is there", () => {
    const stack = make({ ...PUBLIC, certificateArn: CERTIFICATE, port: 8443 });
    expect(stack.resource("aws_lb_listener.web_http")).toMatchObject({
      default_action: [{ redirect: { port: "8443" } }],
    });
  });

  test("of an internal one redirects nobody: nobody gets in on port 80", () => {
    expect(make({ certificateArn: CERTIFICATE }).addresses("aws_lb_listener")).toEqual([
      "aws_lb_listener.web_https",
    ]);
  });
});

test("a load balancer that exists already is what is said of it", () => {
  const attributes = {
    dnsName: "x.elb.amazonaws.com",
    hostedZoneId: "Z1",
    securityGroupId: "sg-0123abcd",
    listener: { listenerArn: "arn:listener", port: 8080 },
  };
  stackOf((stack) => {
    expect(LoadBalancer.fromLoadBalancerAttributes(stack, attributes)).toMatchObject({
      ...attributes,
      listener: { ...attributes.listener, protocol: "HTTP" },
    });
  });
  expect(
    refusalOf((stack) =>
      LoadBalancer.fromLoadBalancerAttributes(stack, { ...attributes, securityGroupId: "x" }),
    ),
  ).toContain("securityGroupId");
});
