import {
  ServiceDiscovery,
  type DnsRecordType,
  type IServiceDiscovery,
} from "../../../../modules/core/cloud-map/service-discovery";
import { httpEndpoint } from "../../../../modules/services/calls/endpoint";
import { CloudMapDns, type CloudMapDnsProps } from "../../../../modules/services/discovery/cloud-map-dns";
import type { PortMapping } from "../../../../modules/services/task/container";
import { NAMESPACE, refusalOf, REGISTRY_ARN, service, stackOf, web, type SmallStack } from "../../stack-of";

const found = (stack: SmallStack, options: Partial<CloudMapDnsProps> = {}, portMappings?: PortMapping[]) =>
  service(stack, "stock-service", {
    discovery: new CloudMapDns({ namespace: NAMESPACE, ...options } as CloudMapDnsProps),
    containers: [web({ portMappings: portMappings ?? [{ containerPort: 80 }] })],
  });
const registries = (recordTypes: DnsRecordType[]): unknown =>
  stackOf((stack) => found(stack, { recordTypes })).resource("aws_ecs_service.stock_service")
    .service_registries;
const registryArn = "${aws_service_discovery_service.stock_service.arn}";

describe("a service that is found by DNS", () => {
  test.each<[DnsRecordType[]]>([[["SRV"]], [["A", "SRV"]], [["A", "AAAA", "SRV"]]])(
    "with the records %j registers its port, for the SRV record",
    (recordTypes) => expect(registries(recordTypes)).toEqual({ registry_arn: registryArn, port: 80 }),
  );

  test.each<[DnsRecordType[]]>([[["A"]], [["AAAA"]], [["A", "AAAA"]]])(
    "with the records %j registers no port: ECS would refuse one",
    (recordTypes) => expect(registries(recordTypes)).toEqual({ registry_arn: registryArn }),
  );

  test("has its entry under its own name, or under the one that is given", () => {
    const names = (options: Partial<CloudMapDnsProps>): unknown =>
      stackOf((stack) => found(stack, options)).resource("aws_service_discovery_service.stock_service").name;
    expect(names({})).toBe("stock-service");
    expect(names({ name: "stock" })).toBe("stock");
  });

  test("passes TTL and routing policy on", () => {
    const stack = stackOf((stack) => found(stack, { ttl: 0, routingPolicy: "WEIGHTED" }));
    expect(stack.resource("aws_service_discovery_service.stock_service").dns_config).toMatchObject({
      dns_records: [
        { type: "A", ttl: 0 },
        { type: "SRV", ttl: 0 },
      ],
      routing_policy: "WEIGHTED",
    });
  });

  test("answers at the name of its entry, with the port where it is not 80", () => {
    stackOf((stack) => {
      expect(found(stack, { name: "stock" }).endpoint).toEqual({
        host: "stock.platform.internal",
        port: 80,
        url: "http://stock.platform.internal",
      });
    });
    stackOf((stack) => {
      expect(found(stack, {}, [{ containerPort: 8080 }]).endpoint.url).toBe(
        "http://stock-service.platform.internal:8080",
      );
    });
  });

  test("must listen somewhere", () => {
    const message = refusalOf((stack) => found(stack, {}, []));
    expect(message).toMatch(/^small\/stock-service: containers.portMappings is not given\n/);
    expect(message).toContain("portMappings: [{ containerPort: 80 }]");
  });

  test("is not reached over HTTP on a UDP port", () => {
    const udp: PortMapping = { containerPort: 53, protocol: "udp" };
    const opened = (): string => {
      try {
        return stackOf((stack) => {
          const callee = found(stack, {}, [udp, { containerPort: 8080 }]);
          service(stack, "caller").connectTo(callee);
        })
          .openPorts()
          .between.join();
      } catch (error) {
        return String(error);
      }
    };
    expect(opened()).not.toContain("caller -> stock_service:53");
  });

  test("can be called with SRV records only, by a client that asks for them", () => {
    const stack = stackOf((stack) => {
      const callee = found(stack, { recordTypes: ["SRV"] });
      service(stack, "caller").connectTo(callee);
    });
    expect(stack.resource("aws_service_discovery_service.stock_service").dns_config).toMatchObject({
      dns_records: [{ type: "SRV" }],
    });
    expect(stack.openPorts().between).toHaveLength(1);
  });
});

describe("a service that is registered in an entry which is there already", () => {
  const registered = (entry: (stack: SmallStack) => IServiceDiscovery) => (stack: SmallStack) =>
    service(stack, "stock", { discovery: CloudMapDns.registeredIn(entry(stack)) });
  const imported: IServiceDiscovery = {
    registryArn: REGISTRY_ARN,
    recordTypes: ["A", "SRV"],
    fqdn: "stock.corp.internal",
  };

  test("makes no entry, and is called at the name of the one that is given", () => {
    const stack = stackOf((stack) => {
      service(stack, "caller", { discovery: undefined }).connectTo(registered(() => imported)(stack));
    });
    expect(stack.addresses("aws_service_discovery_service")).toEqual([]);
    expect(stack.resource("aws_ecs_service.stock").service_registries).toEqual({
      registry_arn: REGISTRY_ARN,
      port: 80,
    });
    expect(stack.resource("aws_ecs_service.stock")).not.toHaveProperty("lifecycle");
    expect(stack.resource("aws_ecs_task_definition.caller").container_definitions).toContain(
      "http://stock.corp.internal",
    );
  });

  test("registers no port where the entry keeps no SRV record", () => {
    const stack = stackOf((stack) => registered(() => ({ ...imported, recordTypes: ["A"] }))(stack));
    expect(stack.resource("aws_ecs_service.stock").service_registries).toEqual({
      registry_arn: REGISTRY_ARN,
    });
  });

  test("is replaced with an entry that this stack makes", () => {
    const stack = stackOf((stack) => {
      registered(
        (scope) => new ServiceDiscovery(scope, "entry", { namespace: NAMESPACE, serviceName: "stock" }),
      )(stack);
    });
    expect(stack.resource("aws_ecs_service.stock").lifecycle).toEqual({
      replace_triggered_by: ["aws_service_discovery_service.entry.id"],
    });
  });

  test("cannot be called where the entry's name is not given", () => {
    const message = refusalOf((stack) => {
      const callee = registered(() => ({ registryArn: REGISTRY_ARN, recordTypes: ["A"] }))(stack);
      service(stack, "caller").connectTo(callee);
    });
    expect(message).toContain("small/stock: namespace name is not given");
  });
});

test("an HTTP endpoint has no slash at its end and no port 80 in its URL", () => {
  expect(httpEndpoint("a.b", 80)).toEqual({ host: "a.b", port: 80, url: "http://a.b" });
  expect(httpEndpoint("a.b", 8080).url).toBe("http://a.b:8080");
});
