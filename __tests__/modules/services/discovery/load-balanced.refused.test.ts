import { LoadBalancer, type LoadBalancerProps } from "../../../../modules/core/load-balancing/load-balancer";
import { LoadBalanced } from "../../../../modules/services/discovery/load-balanced";
import type { EcsServiceProps } from "../../../../modules/services/ecs-service/ecs-service-props";
import { refusalOf, service, SUBNETS, VPC, web } from "../../stack-of";

const CERTIFICATE = "arn:aws:acm:eu-central-1:123456789012:certificate/0123";

describe("a service behind a load balancer", () => {
  const refused = (
    props: object,
    more: Partial<EcsServiceProps> = {},
    balanced: Partial<LoadBalancerProps> = {},
  ) =>
    refusalOf((stack) => {
      const loadBalancer = new LoadBalancer(stack, "internal", { vpcId: VPC, subnets: SUBNETS, ...balanced });
      const discovery = new LoadBalanced({ loadBalancer, ...props });
      service(stack, "payments", { discovery, ...more });
    });
  const zone = { zoneId: "Z1", zoneName: "a.example", addAlias: () => "x.a.example" };

  test.each<[string, object]>([
    ["host / zone is", { host: "a.example", zone }],
    ["host / zone is", { host: "a.example", name: "a" }],
    ["host is not given", { name: "a" }],
    ["host is not given", { priority: 1 }],
    ["host is not given", { otherHosts: ["a.example"] }],
    ['host is "*.a.example"', { host: "*.a.example" }],
  ])("is refused with '%s' for %j", (text, props) => {
    expect(refused(props)).toContain(`small/payments: ${text}`);
    expect(refused(props)).toContain("mend:");
  });

  test("is refused for a host that no rule can have, and for a health check", () => {
    expect(refused({ host: "payments" })).toContain('small/payments/listener_rule: host is "payments"');
    expect(refused({ host: "a.example", healthCheck: { path: "x" } })).toContain(
      "small/payments/target_group: healthCheck.path",
    );
  });

  test("must listen somewhere by TCP", () => {
    const udp = [{ containerPort: 53, protocol: "udp" as const }];
    const messageFor = (portMappings?: typeof udp): string =>
      refused({ host: "a.example" }, { containers: [web({ portMappings })] });
    expect(messageFor()).toMatch(
      /^small\/payments: containers.portMappings is not given\n[^]*mend:[^]*source:/,
    );
    expect(messageFor(udp)).toMatch(
      /^small\/payments: containers.portMappings is "UDP alone: 53"\n[^]*mend:[^]*source:/,
    );
  });

  test("must have a host where callers use HTTPS: the load balancer's own name is on no certificate", () => {
    expect(refused({}, {}, { certificateArn: CERTIFICATE })).toMatch(
      /^small\/payments: host is not given\n.*HTTPS/,
    );
  });

  test("cannot do without a host where the load balancer is told what unknown hosts get", () => {
    expect(refused({}, {}, { defaultAction: "empty-target-group" })).toContain(
      "the `defaultAction` of small/internal gets such requests",
    );
  });
});
