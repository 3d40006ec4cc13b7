import { DnsNamespace } from "../../../../modules/core/cloud-map/dns-namespace";
import {
  ServiceDiscovery,
  type DnsRecordType,
  type ServiceDiscoveryProps,
} from "../../../../modules/core/cloud-map/service-discovery";
import { SynthesizedStack } from "../../../../testing";
import {
  NAMESPACE,
  namespaceOf,
  refusalOf,
  SmallStack,
  stackOf,
  testApp,
  valuesOf,
  variable,
} from "../../stack-of";

type Options = Partial<Pick<ServiceDiscoveryProps, "recordTypes" | "ttl" | "routingPolicy" | "description">>;
const entry = (stack: SmallStack, id: string, serviceName: string, options: Options = {}): ServiceDiscovery =>
  new ServiceDiscovery(stack, id, { namespace: NAMESPACE, serviceName, ...options });
const made = (options: Options = {}): Record<string, unknown> =>
  stackOf((stack) => entry(stack, "stock", "stock-service", options)).resource(
    "aws_service_discovery_service.stock",
  );
const byId = (stack: SmallStack, id: string, namespaceId: string, serviceName = "stock-service") =>
  new ServiceDiscovery(stack, id, { namespaceId, serviceName });

describe("an entry in Cloud Map", () => {
  test("keeps A and SRV records for a minute and answers with several tasks, unless asked otherwise", () => {
    expect(made()).toMatchObject({
      name: "stock-service",
      description: "Tasks of the ECS service stock-service",
      dns_config: {
        namespace_id: NAMESPACE.namespaceId,
        dns_records: [
          { type: "A", ttl: 60 },
          { type: "SRV", ttl: 60 },
        ],
        routing_policy: "MULTIVALUE",
      },
    });
  });

  test("has the one health check setting that does not make every plan replace it", () => {
    expect(made().health_check_custom_config).toEqual({ failure_threshold: 1 });
    expect(made()).not.toHaveProperty("health_check_config");
  });

  test("does not block a destroy while tasks are registered in it", () => {
    expect(made().force_destroy).toBe(true);
  });

  test("may answer with one task at random and have a description of its own", () => {
    expect(made({ routingPolicy: "WEIGHTED", description: "Quotes" })).toMatchObject({
      description: "Quotes",
      dns_config: { routing_policy: "WEIGHTED" },
    });
  });

  test("gives out its ARN, its DNS name and what replaces the ECS service", () => {
    const values = valuesOf((stack) => {
      const { registryArn, fqdn = "", replacementTrigger } = entry(stack, "stock", "stock-service");
      return { registryArn, fqdn, replacementTrigger };
    });
    expect(values).toEqual({
      registryArn: "${aws_service_discovery_service.stock.arn}",
      fqdn: "stock-service.platform.internal",
      replacementTrigger: "aws_service_discovery_service.stock.id",
    });
  });

  test("has no DNS name that is known here where the namespace is given by its id alone", () => {
    stackOf((stack) => expect(byId(stack, "stock", "ns-1").fqdn).toBeUndefined());
  });

  test("that exists already is its ARN and its records", () => {
    const attributes = { registryArn: "arn:x", recordTypes: ["A"] as const };
    expect(ServiceDiscovery.fromServiceDiscoveryAttributes(attributes)).toEqual(attributes);
  });
});

describe("the records of an entry", () => {
  test.each<[DnsRecordType[]]>([
    [["A"]],
    [["SRV"]],
    [["AAAA"]],
    [["A", "SRV"]],
    [["SRV", "A"]],
    [["A", "AAAA"]],
    [["A", "AAAA", "SRV"]],
  ])("may be %j", (recordTypes) => {
    expect(made({ recordTypes, ttl: 10 }).dns_config).toMatchObject({
      dns_records: recordTypes.map((type) => ({ type, ttl: 10 })),
    });
  });

  test.each([[[]], [["A", "A"]], [["CNAME"]], [["A", "CNAME"]], [["AAAA", "SRV"]], [["a"]], [["MX"]]])(
    "cannot be %j",
    (recordTypes) => {
      const given = recordTypes as DnsRecordType[];
      expect(refusalOf((stack) => entry(stack, "stock", "s", { recordTypes: given }))).toMatch(
        /^small\/stock: recordTypes is .*\n.*\[A\] \[SRV\] \[A,SRV\]/,
      );
    },
  );

  test.each([0, 1, 60, 2147483647])("may be kept for %i seconds", (ttl) => {
    expect(made({ ttl }).dns_config).toMatchObject({ dns_records: [{ ttl }, { ttl }] });
  });
  test.each([-1, 1.5, 2147483648])("cannot be kept for %d seconds", (ttl) => {
    expect(refusalOf((stack) => entry(stack, "stock", "s", { ttl }))).toContain(`small/stock: ttl is ${ttl}`);
  });
});

describe("the name of an entry", () => {
  test("with a space is refused, and the error names construct path, property, given, allowed and mend", () => {
    const message = refusalOf((stack) => entry(stack, "stock", "stock service"));
    expect(message).toMatch(
      /^small\/stock: serviceName is "stock service"\n {4}allowed: .+\n {4}mend: {4}.+\n {4}source: {2}https:\/\/.+\n {4}rule: {4}cloud-map-service-name \(docs\/rules\.md\)$/,
    );
  });

  test("in upper case is refused: DNS knows no difference, and two such names would be one", () => {
    expect(refusalOf((stack) => entry(stack, "stock", "Stock-Service"))).toContain("in lower case");
  });

  const taken = /small\/two: serviceName is "stock-service"[^]*small\/one has this one[^]*mend:/;

  test("cannot be had twice in one namespace", () => {
    const message = refusalOf((stack) => {
      const namespace = namespaceOf(stack);
      new ServiceDiscovery(stack, "one", { namespace, serviceName: "stock-service" });
      new ServiceDiscovery(stack, "two", { namespace, serviceName: "stock-service" });
    });
    expect(message).toMatch(taken);
  });

  test("cannot be had twice in a namespace that is given by one plain id", () => {
    const message = refusalOf((stack) => {
      byId(stack, "one", "ns-1");
      byId(stack, "two", "ns-1");
    });
    expect(message).toMatch(taken);
  });

  test("cannot be had twice in a namespace that is given by one Terraform variable, read twice", () => {
    const message = refusalOf((stack) => {
      const namespaceId = variable(stack, "namespace_id");
      byId(stack, "one", namespaceId.stringValue);
      byId(stack, "two", namespaceId.stringValue);
    });
    expect(message).toMatch(taken);
  });

  test("cannot be had twice where one entry has the namespace and the other its id", () => {
    const message = refusalOf((stack) => {
      const namespace = namespaceOf(stack);
      new ServiceDiscovery(stack, "one", { namespace, serviceName: "stock-service" });
      byId(stack, "two", namespace.namespaceId);
    });
    expect(message).toMatch(taken);
  });

  test("cannot be had twice in a namespace that is imported twice", () => {
    const message = refusalOf((stack) => {
      for (const id of ["one", "two"]) {
        const namespace = DnsNamespace.fromDnsNamespaceAttributes({ ...NAMESPACE });
        new ServiceDiscovery(stack, id, { namespace, serviceName: "stock-service" });
      }
    });
    expect(message).toMatch(taken);
  });

  test("may be had once in each namespace", () => {
    const stack = stackOf((stack) => {
      new ServiceDiscovery(stack, "one", { namespace: NAMESPACE, serviceName: "stock-service" });
      byId(stack, "two", "ns-1");
      byId(stack, "three", "ns-2");
      byId(stack, "four", variable(stack, "a").stringValue);
      byId(stack, "five", variable(stack, "b").stringValue);
      byId(stack, "six", "ns-1", "signal-service");
    });
    expect(stack.addresses("aws_service_discovery_service")).toHaveLength(6);
  });

  describe("in two stacks of an app", () => {
    const twoStacks = (fill: (stack: SmallStack) => void) => () => {
      const app = testApp();
      const [one, two] = [new SmallStack(app, "one"), new SmallStack(app, "two")];
      [one, two].forEach(fill);
      SynthesizedStack.from(one);
      SynthesizedStack.from(two);
    };

    test("is taken by the first in a namespace of one plain id", () => {
      expect(twoStacks((stack) => byId(stack, "entry", "ns-1"))).toThrow("one/entry has this one");
    });

    test("is free in each: a variable of the same name has another value in each stack", () => {
      expect(
        twoStacks((stack) => byId(stack, "entry", variable(stack, "namespace_id").stringValue)),
      ).not.toThrow();
    });
  });
});
