import { DnsNamespace } from "../../../../modules/core/cloud-map/dns-namespace";
import { HttpNamespace } from "../../../../modules/core/cloud-map/http-namespace";
import { CloudMapApi } from "../../../../modules/services/discovery/cloud-map-api";
import { CloudMapDns } from "../../../../modules/services/discovery/cloud-map-dns";
import type { EcsServiceProps } from "../../../../modules/services/ecs-service/ecs-service-props";
import type { SynthesizedStack } from "../../../../testing";
import { bridged, groundIn } from "../../ec2";
import {
  containersOf,
  namespaceOf,
  refusalOf,
  service,
  stackOf,
  statementsOf,
  variable,
  VPC,
  web,
  type SmallStack,
} from "../../stack-of";

const platform = (stack: SmallStack): HttpNamespace =>
  new HttpNamespace(stack, "http_namespace", { namespaceName: "platform" });
const called = (props: Partial<EcsServiceProps> = {}): SynthesizedStack =>
  stackOf((stack) => {
    const discovery = new CloudMapApi({ namespace: platform(stack) });
    const stock = service(stack, "stock-service", {
      discovery,
      containers: [web({ portMappings: [{ containerPort: 8080 }] })],
      ...props,
    });
    service(stack, "signal", { discovery: undefined }).connectTo(stock);
  });
const ENTRY = "aws_service_discovery_service.stock_service";

describe("a service that is found by the API of Cloud Map", () => {
  test("has an entry in an HTTP namespace, without records", () => {
    const entry = called().resource(ENTRY);
    expect(entry).toMatchObject({
      name: "stock-service",
      namespace_id: "${aws_service_discovery_http_namespace.http_namespace.id}",
      type: "HTTP",
      health_check_custom_config: { failure_threshold: 1 },
      force_destroy: true,
    });
    expect(entry).not.toHaveProperty("dns_config");
  });

  test("may have one in a DNS namespace, without records too", () => {
    const stack = stackOf((stack) => {
      service(stack, "stock-service", { discovery: new CloudMapApi({ namespace: namespaceOf(stack) }) });
    });
    expect(stack.resource(ENTRY)).toMatchObject({
      namespace_id: "${aws_service_discovery_private_dns_namespace.dns_namespace.id}",
      type: "HTTP",
    });
    expect(stack.resource(ENTRY)).not.toHaveProperty("dns_config");
  });

  test("registers no port: ECS takes one for SRV records alone", () => {
    const { service_registries, lifecycle } = called().resource("aws_ecs_service.stock_service");
    expect(service_registries).toEqual({ registry_arn: `\${${ENTRY}.arn}` });
    expect(lifecycle).toEqual({ replace_triggered_by: [`${ENTRY}.id`] });
  });

  test("registers the port of the instance in bridge mode, and the URL has none", () => {
    const stack = stackOf((stack) => {
      const discovery = new CloudMapApi({ namespace: platform(stack) });
      const stock = bridged(stack, groundIn(stack), "stock-service", { discovery });
      expect(stock.endpoint).toEqual({
        host: "stock-service.platform",
        port: 8080,
        url: "http://stock-service.platform",
      });
    });
    expect(stack.resource("aws_ecs_service.stock_service").service_registries).toMatchObject({
      container_name: "web",
      container_port: 8080,
    });
  });

  test("must listen somewhere", () => {
    const message = refusalOf((stack) => {
      const discovery = new CloudMapApi({ namespace: platform(stack) });
      service(stack, "stock", { discovery, containers: [web({ portMappings: [] })] });
    });
    expect(message).toContain("small/stock: containers.portMappings is not given");
  });

  test("is refused with a name that Cloud Map does not allow", () => {
    const message = refusalOf((stack) => {
      service(stack, "stock", { discovery: new CloudMapApi({ namespace: platform(stack), name: "Stock " }) });
    });
    expect(message).toContain('serviceName is "Stock "');
  });
});

describe("who calls it", () => {
  test("gets a URL whose host is the two names that Cloud Map is asked for", () => {
    expect(containersOf(called(), "signal")[0]?.environment).toEqual([
      { name: "STOCK_SERVICE_URL", value: "http://stock-service.platform:8080" },
    ]);
  });

  test("may ask Cloud Map for this service, and for no other", () => {
    expect(statementsOf(called(), "aws_iam_role_policy.signal_task_role")).toEqual({
      DiscoverStockServicePlatform: {
        Sid: "DiscoverStockServicePlatform",
        Effect: "Allow",
        Action: "servicediscovery:DiscoverInstances",
        Resource: "*",
        Condition: {
          StringEquals: {
            "servicediscovery:NamespaceName": "platform",
            "servicediscovery:ServiceName": "stock-service",
          },
        },
      },
    });
    expect(called().addresses("aws_iam_role_policy")).not.toContain(
      "aws_iam_role_policy.stock_service_task_role",
    );
  });

  test("waits for that permission", () => {
    expect(called().resource("aws_ecs_service.signal").depends_on).toContain(
      "aws_iam_role_policy.signal_task_role",
    );
  });

  test("may connect to its port", () => {
    expect(called().openPorts().between).toEqual(["signal -> stock_service:8080"]);
  });

  test("may call several, also in namespaces of one name in other stacks, or twice", () => {
    const stack = stackOf((stack) => {
      const namespace = platform(stack);
      const signal = service(stack, "signal", { discovery: undefined });
      const [a, b] = ["a", "b"].map((name) =>
        service(stack, name, { discovery: new CloudMapApi({ namespace }) }),
      );
      if (a === undefined || b === undefined) throw new Error("two were made");
      signal.connectTo(a);
      signal.connectTo(b);
      signal.connectTo(a, { environment: "AGAIN" });
    });
    const statements = statementsOf(stack, "aws_iam_role_policy.signal_task_role");
    expect(Object.keys(statements)).toEqual(["DiscoverAPlatform", "DiscoverBPlatform"]);
  });

  test("may call one in a namespace whose name only Terraform knows", () => {
    const stack = stackOf((stack) => {
      const namespaceName = variable(stack, "namespace_name").stringValue;
      const namespace = { namespaceId: "ns-0123456789abcdef", namespaceName };
      const stock = service(stack, "stock", { discovery: new CloudMapApi({ namespace }) });
      service(stack, "signal", { discovery: undefined }).connectTo(stock);
    });
    const { DiscoverStock } = statementsOf(stack, "aws_iam_role_policy.signal_task_role");
    expect(DiscoverStock).toMatchObject({
      Condition: { StringEquals: { "servicediscovery:NamespaceName": "${var.namespace_name}" } },
    });
  });
});

describe("a name of a namespace", () => {
  const two =
    (first: string, second: string, byDns = false) =>
    (stack: SmallStack) => {
      const namespace = new DnsNamespace(stack, "dns_namespace", { namespaceName: "a.internal", vpcId: VPC });
      service(stack, "a", {
        discovery: byDns
          ? new CloudMapDns({ namespace, name: first })
          : new CloudMapApi({ namespace, name: first }),
      });
      service(stack, "b", { discovery: new CloudMapApi({ namespace, name: second }) });
    };

  test("cannot be taken twice, by API or by DNS", () => {
    for (const byDns of [false, true]) {
      const message = refusalOf(two("stock", "stock", byDns));
      expect(message).toContain('small/b/service_discovery: serviceName is "stock"');
      expect(message).toContain("small/a/service_discovery has this one");
    }
  });

  test("may be had by another service in another namespace", () => {
    stackOf(two("stock", "orders", true));
    stackOf((stack) => {
      service(stack, "a", { discovery: new CloudMapApi({ namespace: platform(stack), name: "stock" }) });
      service(stack, "b", { discovery: new CloudMapApi({ namespace: namespaceOf(stack), name: "stock" }) });
    });
  });
});
