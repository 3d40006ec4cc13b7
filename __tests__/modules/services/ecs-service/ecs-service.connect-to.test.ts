import { CloudMapDns } from "../../../../modules/services/discovery/cloud-map-dns";
import { EcsService } from "../../../../modules/services/ecs-service/ecs-service";
import { SynthesizedStack } from "../../../../testing";
import { containersOf, refusalOf, service, SmallStack, stackOf, variable, web } from "../../stack-of";

const environment = (stack: SynthesizedStack, address: string): unknown =>
  containersOf(stack, address)[0]?.environment;
const IMPORTED = {
  serviceName: "ledger",
  host: "ledger.corp.internal",
  port: 8443,
  securityGroupId: "sg-0123abcd",
};

describe("a call", () => {
  const stack = stackOf((stack) => {
    const stock = service(stack, "stock-service", {
      containers: [web({ portMappings: [{ containerPort: 8080 }] })],
    });
    service(stack, "signal").connectTo(stock);
  });

  test("opens the callee's port for the caller and for nobody else", () => {
    expect(stack.openPorts()).toEqual({
      between: ["signal -> stock_service:8080"],
      toAddresses: ["signal -> 0.0.0.0/0:443", "stock_service -> 0.0.0.0/0:443"],
      fromAddresses: [],
      oneSided: [],
    });
  });

  test("tells the caller the callee's URL, in a variable that is named after the callee", () => {
    expect(environment(stack, "signal")).toEqual([
      { name: "STOCK_SERVICE_URL", value: "http://stock-service.platform.internal:8080" },
    ]);
    expect(environment(stack, "stock_service")).toBeUndefined();
  });

  test("says who calls whom in both rules", () => {
    for (const type of ["egress", "ingress"]) {
      expect(stack.resource(`aws_vpc_security_group_${type}_rule.signal_to_stock_service`).description).toBe(
        "signal calls stock-service",
      );
    }
  });

  test("is open before the caller's first task; the callee does not wait for it", () => {
    const rules = ["egress", "ingress"].map(
      (type) => `aws_vpc_security_group_${type}_rule.signal_to_stock_service`,
    );
    expect(stack.resource("aws_ecs_service.signal").depends_on).toEqual(expect.arrayContaining(rules));
    expect(stack.resource("aws_ecs_service.stock_service").depends_on).not.toEqual(
      expect.arrayContaining(rules),
    );
  });

  test("may be told in another variable", () => {
    const stack = stackOf((stack) => {
      service(stack, "a").connectTo(service(stack, "b"), { environment: "UPSTREAM" });
    });
    expect(environment(stack, "a")).toEqual([{ name: "UPSTREAM", value: "http://b.platform.internal" }]);
  });

  test("may have a path, which begins with a slash", () => {
    const calling = (path: string) => (stack: SmallStack) =>
      service(stack, "a").connectTo(service(stack, "b"), { path });
    expect(environment(stackOf(calling("/api/v1")), "a")).toEqual([
      { name: "B_URL", value: "http://b.platform.internal/api/v1" },
    ]);
    expect(refusalOf(calling("api"))).toContain('small/a: connectTo path is "api"');
    expect(refusalOf(calling("/a?b=c"))).toContain("without query");
  });

  test("that is declared twice is the same call", () => {
    const stack = stackOf((stack) => {
      const [a, b] = [service(stack, "a"), service(stack, "b")];
      a.connectTo(b);
      a.connectTo(b);
      a.connectTo(b, { environment: "B" });
    });
    expect(stack.openPorts().between).toEqual(["a -> b:80"]);
    expect(stack.addresses("aws_vpc_security_group_ingress_rule")).toHaveLength(1);
    expect(environment(stack, "a")).toMatchObject([{ name: "B" }, { name: "B_URL" }]);
  });

  test("the other way round opens one port each way", () => {
    const stack = stackOf((stack) => {
      const [a, b] = [service(stack, "a"), service(stack, "b")];
      a.connectTo(b);
      b.connectTo(a);
    });
    expect(stack.openPorts()).toMatchObject({ between: ["a -> b:80", "b -> a:80"], oneSided: [] });
    expect(environment(stack, "b")).toEqual([{ name: "A_URL", value: "http://a.platform.internal" }]);
  });

  test("of a service to itself opens its port for its own tasks", () => {
    const stack = stackOf((stack) => {
      const a = service(stack, "a");
      a.connectTo(a);
    });
    expect(stack.openPorts().between).toEqual(["a -> a:80"]);
  });

  test("to two callees opens both and names both", () => {
    const stack = stackOf((stack) => {
      const caller = service(stack, "caller");
      caller.connectTo(service(stack, "b"));
      caller.connectTo(service(stack, "c"));
    });
    expect(stack.openPorts().between).toEqual(["caller -> b:80", "caller -> c:80"]);
    expect(environment(stack, "caller")).toMatchObject([{ name: "B_URL" }, { name: "C_URL" }]);
  });

  test("has no rule for the calls of others: nobody else gets in", () => {
    const stack = stackOf((stack) => {
      const [a, b, c] = [service(stack, "a"), service(stack, "b"), service(stack, "c")];
      a.connectTo(b);
      b.connectTo(c);
    });
    expect(stack.openPorts().between).not.toContain("a -> c:80");
  });
});

describe("a variable that is taken", () => {
  test("by another value is refused, and the message says how to mend it", () => {
    const message = refusalOf((stack) => {
      const caller = service(stack, "caller", {
        containers: [web({ environment: { B_URL: "http://localhost" } })],
      });
      caller.connectTo(service(stack, "b"));
    });
    expect(message).toMatch(/^small\/caller\/task_definition: container "web" environment is "B_URL"\n/);
    expect(message).toContain("inject under another name");
  });

  test("by another callee is refused", () => {
    const message = refusalOf((stack) => {
      const caller = service(stack, "caller");
      caller.connectTo(service(stack, "b"), { environment: "URL" });
      caller.connectTo(service(stack, "c"), { environment: "URL" });
    });
    expect(message).toContain('environment is "URL"');
  });

  test("is refused with a name that no environment variable can have", () => {
    const message = refusalOf((stack) => {
      service(stack, "caller").connectTo(service(stack, "b"), { environment: "no name" });
    });
    expect(message).toContain('environment is "no name"');
  });
});

describe("a callee that cannot be called by name", () => {
  test("because its namespace is known by id only is refused, and the message says what to give", () => {
    const message = refusalOf((stack) => {
      const callee = service(stack, "b", { discovery: new CloudMapDns({ namespaceId: "ns-1" }) });
      service(stack, "a").connectTo(callee);
    });
    expect(message).toMatch(/^small\/b: namespace name is not given\n/);
    expect(message).toContain("fromDnsNamespaceAttributes");
  });

  test("because it has no discovery is refused, and the message says what to give", () => {
    const message = refusalOf((stack) => {
      service(stack, "a").connectTo(service(stack, "b", { discovery: undefined }));
    });
    expect(message).toMatch(/^small\/b: discovery is not given\n/);
    expect(message).toContain("new CloudMapDns");
  });

  test("may still call others", () => {
    const stack = stackOf((stack) => {
      service(stack, "a", { discovery: undefined }).connectTo(service(stack, "b"));
    });
    expect(stack.openPorts().between).toEqual(["a -> b:80"]);
    expect(stack.resource("aws_ecs_service.a")).not.toHaveProperty("service_registries");
    expect(stack.resource("aws_ecs_service.a")).not.toHaveProperty("lifecycle");
  });
});

describe("a callee that exists already", () => {
  test("is called at its host and port, through the group that is given", () => {
    const stack = stackOf((stack) => {
      service(stack, "a").connectTo(EcsService.fromServiceAttributes(stack, IMPORTED));
    });
    expect(stack.openPorts().between).toEqual(["a -> sg-0123abcd:8443"]);
    expect(environment(stack, "a")).toEqual([
      { name: "LEDGER_URL", value: "http://ledger.corp.internal:8443" },
    ]);
  });

  test.each([0, 65536])("cannot listen on port %i", (port) => {
    expect(refusalOf((stack) => EcsService.fromServiceAttributes(stack, { ...IMPORTED, port }))).toContain(
      `small: port is ${port}`,
    );
  });

  test.each([
    ["serviceName", "Größe"],
    ["securityGroupId", "default"],
    ["host", "http://ledger.corp.internal"],
  ])("cannot have the %s %s", (property, value) => {
    expect(
      refusalOf((stack) => EcsService.fromServiceAttributes(stack, { ...IMPORTED, [property]: value })),
    ).toContain(`small: ${property} is`);
  });

  test("behind the group and port of another is opened once: EC2 refuses a rule twice", () => {
    const stack = stackOf((stack) => {
      const a = service(stack, "a");
      const group = variable(stack, "group");
      for (const serviceName of ["one", "two"]) {
        const attributes = { ...IMPORTED, serviceName, securityGroupId: group.stringValue };
        a.connectTo(EcsService.fromServiceAttributes(stack, attributes));
      }
    });
    expect(stack.addresses("aws_vpc_security_group_ingress_rule")).toHaveLength(1);
    expect(environment(stack, "a")).toMatchObject([{ name: "ONE_URL" }, { name: "TWO_URL" }]);
  });

  test("of the same name as another has rules of its own", () => {
    const stack = stackOf((stack) => {
      const a = service(stack, "a");
      a.connectTo(EcsService.fromServiceAttributes(stack, IMPORTED));
      const other = { ...IMPORTED, securityGroupId: "sg-4567cdef", host: "other.internal" };
      a.connectTo(EcsService.fromServiceAttributes(stack, other), { environment: "OTHER_URL" });
    });
    expect(stack.openPorts().between).toEqual(["a -> sg-0123abcd:8443", "a -> sg-4567cdef:8443"]);
  });
});
