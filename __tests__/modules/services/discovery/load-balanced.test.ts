import { PrivateZone } from "../../../../modules/core/cloud-map/private-zone";
import {
  LoadBalancer,
  type ILoadBalancer,
  type LoadBalancerProps,
} from "../../../../modules/core/load-balancing/load-balancer";
import { LoadBalanced, type LoadBalancedProps } from "../../../../modules/services/discovery/load-balanced";
import type { EcsService } from "../../../../modules/services/ecs-service/ecs-service";
import type { BaseStackProps } from "../../../../stacks/base-stack";
import { SynthesizedStack } from "../../../../testing";
import { refusalOf, service, SmallStack, stackOf, SUBNETS, testApp, VPC, web } from "../../stack-of";

const CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/0123";
const balancer = (stack: SmallStack, id = "internal", props: Partial<LoadBalancerProps> = {}): LoadBalancer =>
  new LoadBalancer(stack, id, { vpcId: VPC, subnets: SUBNETS, ...props });
const zoneOf = (stack: SmallStack): PrivateZone =>
  new PrivateZone(stack, "zone", { zoneName: "internal.example", vpcId: VPC });
const behind = (
  stack: SmallStack,
  name: string,
  containerPort: number,
  props: LoadBalancedProps,
): EcsService =>
  service(stack, name, {
    containers: [web({ portMappings: [{ containerPort }] })],
    discovery: new LoadBalanced(props),
  });
const HTTPS_ONLY = (...names: readonly string[]) => names.map((name) => `${name} -> 0.0.0.0/0:443`);

/** products -> payments and orders, which share an internal load balancer. */
function shop(stack: SmallStack): void {
  const [loadBalancer, zone] = [balancer(stack), zoneOf(stack)];
  const payments = behind(stack, "payments", 5000, { loadBalancer, zone });
  const orders = behind(stack, "orders", 8080, { loadBalancer, zone, name: "sales" });
  const products = service(stack, "products", { discovery: undefined });
  products.connectTo(payments);
  products.connectTo(orders);
}

describe("services that share an internal load balancer", () => {
  const stack = stackOf(shop);

  test("are reached through it, and through nothing else", () => {
    expect(stack.openPorts()).toEqual({
      between: ["internal -> orders:8080", "internal -> payments:5000", "products -> internal:80"],
      toAddresses: HTTPS_ONLY("orders", "payments", "products"),
      fromAddresses: [],
      oneSided: [],
    });
  });

  test("open one rule per side and edge: the second service behind the load balancer needs none of its own", () => {
    const added = (type: string) => stack.addresses(type).map((address) => address.split(".")[1]);
    expect(added("aws_vpc_security_group_ingress_rule")).toEqual([
      "orders_from_load_balancer",
      "payments_from_load_balancer",
      "products_to_internal",
    ]);
    expect(added("aws_vpc_security_group_egress_rule")).toHaveLength(3 + 3);
  });

  test("have a target group, a rule for their host and a record each, at addresses that read well", () => {
    expect(stack.addresses().filter((address) => /^aws_(lb|route53)/.test(address))).toEqual([
      "aws_lb.internal",
      "aws_lb_listener.internal_http",
      "aws_lb_listener_rule.orders",
      "aws_lb_listener_rule.payments",
      "aws_lb_target_group.orders",
      "aws_lb_target_group.payments",
      "aws_route53_record.orders",
      "aws_route53_record.payments",
      "aws_route53_zone.zone",
    ]);
    expect(stack.resource("aws_lb_listener_rule.payments")).toMatchObject({
      listener_arn: "${aws_lb_listener.internal_http.arn}",
      condition: [{ host_header: { values: ["payments.internal.example"] } }],
      action: [{ type: "forward", target_group_arn: "${aws_lb_target_group.payments.arn}" }],
    });
    expect(stack.resource("aws_route53_record.orders")).toMatchObject({
      zone_id: "${aws_route53_zone.zone.zone_id}",
      name: "sales.internal.example",
      alias: { name: "${aws_lb.internal.dns_name}", zone_id: "${aws_lb.internal.zone_id}" },
    });
    expect(stack.resource("aws_lb_target_group.payments")).toMatchObject({
      port: 5000,
      target_type: "ip",
      vpc_id: VPC,
    });
  });

  test("are called by their private names, on the port of the load balancer", () => {
    const { container_definitions } = stack.resource("aws_ecs_task_definition.products");
    expect(container_definitions).toContain('"PAYMENTS_URL","value":"http://payments.internal.example"');
    expect(container_definitions).toContain('"ORDERS_URL","value":"http://sales.internal.example"');
  });

  test("are registered by ECS, after their rule and the way to them are there", () => {
    expect(stack.resource("aws_ecs_service.payments")).toMatchObject({
      load_balancer: [
        {
          target_group_arn: "${aws_lb_target_group.payments.arn}",
          container_name: "web",
          container_port: 5000,
        },
      ],
      health_check_grace_period_seconds: 60,
      depends_on: expect.arrayContaining([
        "aws_lb_listener_rule.payments",
        "aws_vpc_security_group_ingress_rule.payments_from_load_balancer",
        "aws_vpc_security_group_egress_rule.payments_from_load_balancer",
      ]) as string[],
    });
    expect(stack.resource("aws_ecs_service.payments")).not.toHaveProperty("service_registries");
  });

  test("keep their priorities when one more comes, wherever in the program it stands", () => {
    const priorities = (...names: readonly string[]): Record<string, unknown> => {
      const stack = stackOf((stack) => {
        const shared = new LoadBalanced({ loadBalancer: balancer(stack), zone: zoneOf(stack) });
        names.forEach((name) => service(stack, name, { discovery: shared }));
      });
      const priority = (name: string) => stack.resource(`aws_lb_listener_rule.${name}`).priority;
      return Object.fromEntries(names.map((name) => [name, priority(name)]));
    };
    const two = priorities("payments", "orders");
    expect(two.payments).toBe(17298);
    expect(priorities("refunds", "orders", "payments")).toMatchObject(two);
    expect(priorities("payments")).toEqual({ payments: 17298 });
  });

  test("may call each other and themselves through it", () => {
    const stack = stackOf((stack) => {
      const shared = new LoadBalanced({ loadBalancer: balancer(stack), zone: zoneOf(stack) });
      const [a, b] = ["a", "b"].map((name) => service(stack, name, { discovery: shared }));
      if (a === undefined || b === undefined) return;
      a.connectTo(b);
      b.connectTo(a);
      a.connectTo(a, { environment: "SELF" });
    });
    expect(stack.openPorts()).toMatchObject({
      between: ["a -> internal:80", "b -> internal:80", "internal -> a:80", "internal -> b:80"],
      oneSided: [],
    });
  });

  test("cannot have one host, and the error names both", () => {
    const message = refusalOf((stack) => {
      const loadBalancer = balancer(stack);
      for (const name of ["one", "two"]) behind(stack, name, 80, { loadBalancer, host: "a.example" });
    });
    expect(message).toMatch(
      /^small\/two\/listener_rule: host is "a.example"\n.*small\/one\/listener_rule has/,
    );
  });

  test("cannot pin one priority, and the error names both", () => {
    const message = refusalOf((stack) => {
      const loadBalancer = balancer(stack);
      for (const name of ["one", "two"]) {
        behind(stack, name, 80, { loadBalancer, host: `${name}.example`, priority: 7 });
      }
    });
    expect(message).toMatch(/^small\/two\/listener_rule: priority is 7\n.*small\/one\/listener_rule has/);
  });
});

describe("a service behind a load balancer", () => {
  const made = (props: Partial<LoadBalancedProps>): SynthesizedStack =>
    stackOf((stack) => {
      behind(stack, "payments", 80, { loadBalancer: balancer(stack), host: "a.example", ...props } as never);
    });

  test("may have further hosts and a priority of its own, and a record that is kept elsewhere", () => {
    const stack = made({ otherHosts: ["*.a.example"], priority: 3 });
    expect(stack.resource("aws_lb_listener_rule.payments")).toMatchObject({
      priority: 3,
      condition: [{ host_header: { values: ["a.example", "*.a.example"] } }],
    });
    expect(stack.addresses("aws_route53_record")).toEqual([]);
  });

  test("passes health check and delay on", () => {
    const stack = made({ healthCheck: { path: "/health" }, deregistrationDelay: 5 });
    expect(stack.resource("aws_lb_target_group.payments")).toMatchObject({
      health_check: { path: "/health" },
      deregistration_delay: "5",
    });
  });

  test("answers at the port of the load balancer, whatever the container's is", () => {
    const stack = stackOf((stack) => {
      const loadBalancer = balancer(stack, "internal", { port: 5000 });
      const payments = behind(stack, "payments", 8080, { loadBalancer, host: "payments.example" });
      expect(payments.endpoint).toEqual({
        host: "payments.example",
        port: 5000,
        url: "http://payments.example:5000",
      });
      service(stack, "products").connectTo(payments);
    });
    expect(stack.openPorts().between).toEqual(["internal -> payments:8080", "products -> internal:5000"]);
  });

  test("alone is called by the load balancer's own name, and gets all requests", () => {
    const stack = stackOf((stack) => {
      const payments = behind(stack, "payments", 5000, {
        loadBalancer: balancer(stack, "internal", { port: 5000 }),
      });
      service(stack, "products").connectTo(payments);
    });
    expect(stack.resource("aws_ecs_task_definition.products").container_definitions).toMatch(
      /"PAYMENTS_URL","value":"http:\/\/\$\{[^}]*aws_lb\.internal\.dns_name[^}]*\}:5000"/,
    );
    expect(stack.resource("aws_lb_listener.internal_http").default_action).toEqual([
      { type: "forward", target_group_arn: "${aws_lb_target_group.payments.arn}" },
    ]);
    expect(stack.resource("aws_ecs_service.payments").depends_on).toContain("aws_lb_listener.internal_http");
    expect(stack.addresses("aws_lb_listener_rule")).toEqual([]);
  });

  test("answers by HTTPS where the load balancer has a certificate", () => {
    stackOf((stack) => {
      const urls = [443, 8443].map((port) => {
        const loadBalancer = balancer(stack, `web_${port}`, { certificateArn: CERTIFICATE, port });
        return behind(stack, `s${port}`, 80, { loadBalancer, host: "a.example.com" }).endpoint.url;
      });
      expect(urls).toEqual(["https://a.example.com", "https://a.example.com:8443"]);
    });
  });

  test("on the internet lets the load balancer in, and the load balancer everybody", () => {
    const stack = stackOf((stack) => {
      const loadBalancer = balancer(stack, "public", { scheme: "internet-facing" });
      behind(stack, "products", 80, { loadBalancer });
    });
    expect(stack.openPorts()).toEqual({
      between: ["public -> products:80"],
      toAddresses: HTTPS_ONLY("products"),
      fromAddresses: ["0.0.0.0/0 -> public:80"],
      oneSided: [],
    });
  });

  test("may be behind a load balancer that exists already", () => {
    const stack = stackOf((stack) => {
      const loadBalancer: ILoadBalancer = LoadBalancer.fromLoadBalancerAttributes(stack, {
        dnsName: "x.elb.amazonaws.com",
        hostedZoneId: "Z1",
        securityGroupId: "sg-0123abcd",
        listener: { listenerArn: "arn:listener", port: 8080 },
      });
      const payments = behind(stack, "payments", 80, { loadBalancer, zone: zoneOf(stack) });
      service(stack, "products").connectTo(payments);
    });
    expect(stack.addresses("aws_lb")).toEqual([]);
    expect(stack.resource("aws_lb_listener_rule.payments").listener_arn).toBe("arn:listener");
    expect(stack.openPorts().between).toEqual(["products -> sg-0123abcd:8080", "sg-0123abcd -> payments:80"]);
  });

  test("may be in another stack than the load balancer and the zone, which then come first", () => {
    const app = testApp();
    const props: BaseStackProps = { backend: { type: "local" } };
    const [shared, own] = [new SmallStack(app, "shared", props), new SmallStack(app, "own", props)];
    const [loadBalancer, zone] = [balancer(shared), zoneOf(shared)];
    behind(own, "payments", 80, { loadBalancer, zone });
    const stack = SynthesizedStack.from(own);
    expect(stack.addresses("aws_lb_listener_rule")).toEqual(["aws_lb_listener_rule.payments"]);
    expect(stack.addresses("aws_route53_record")).toEqual(["aws_route53_record.payments"]);
    expect(stack.resource("aws_ecs_service.payments").depends_on).toContain("aws_lb_listener_rule.payments");
    expect(own.dependsOn(shared)).toBe(true);
    expect(shared.dependsOn(own)).toBe(false);
  });
});
