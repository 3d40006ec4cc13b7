import type { DnsNamespace } from "../../../../modules/core/cloud-map/dns-namespace";
import { HttpNamespace, type IHttpNamespace } from "../../../../modules/core/cloud-map/http-namespace";
import { CloudMapDns } from "../../../../modules/services/discovery/cloud-map-dns";
import type { IDiscovery } from "../../../../modules/services/discovery/discovery";
import { ServiceConnect } from "../../../../modules/services/discovery/service-connect";
import type { ServiceConnectProps } from "../../../../modules/services/discovery/service-connect-props";
import { EcsService } from "../../../../modules/services/ecs-service/ecs-service";
import type { EcsServiceProps } from "../../../../modules/services/ecs-service/ecs-service-props";
import { SynthesizedStack } from "../../../../testing";
import {
  containersOf,
  namespaceOf,
  refusalOf,
  service,
  SmallStack,
  stackOf,
  testApp,
  web,
} from "../../stack-of";

const NAMESPACE: IHttpNamespace = {
  namespaceId: "ns-0123456789abcdef",
  namespaceName: "platform.internal",
  namespaceArn: "arn:aws:servicediscovery:eu-central-1:123456789012:namespace/ns-0123456789abcdef",
};
const OTHER = { ...NAMESPACE, namespaceArn: `${NAMESPACE.namespaceArn}0` };

const server = (
  stack: SmallStack,
  name: string,
  options: Partial<ServiceConnectProps> = {},
  props: Partial<EcsServiceProps> = {},
): EcsService =>
  service(stack, name, { discovery: new ServiceConnect({ namespace: NAMESPACE, ...options }), ...props });
const client = (stack: SmallStack, name: string, props: Partial<EcsServiceProps> = {}): EcsService =>
  service(stack, name, { discovery: undefined, ...props });

type Configuration = Record<string, unknown> | undefined;
const configuration = (stack: SynthesizedStack, name: string): Configuration =>
  stack.resource(`aws_ecs_service.${name}`).service_connect_configuration as Configuration;
const dependencies = (stack: SynthesizedStack, name: string): string[] =>
  (stack.resource(`aws_ecs_service.${name}`).depends_on as string[]).filter((address) =>
    address.startsWith("aws_ecs_service."),
  );
const environment = (stack: SynthesizedStack, name: string): unknown =>
  containersOf(stack, name)[0]?.environment;

describe("a caller of a Service Connect service", () => {
  const stack = stackOf((stack) => {
    const clientAlias = { port: 80 };
    const stock = server(
      stack,
      "stock",
      { clientAlias },
      { containers: [web({ portMappings: [{ containerPort: 8080 }] })] },
    );
    client(stack, "signal").connectTo(stock);
  });

  test("becomes a client of the namespace: it serves nothing, and its proxy logs to its own log group", () => {
    expect(configuration(stack, "signal")).toEqual({
      enabled: true,
      namespace: NAMESPACE.namespaceArn,
      log_configuration: {
        log_driver: "awslogs",
        options: expect.objectContaining({
          "awslogs-group": "${aws_cloudwatch_log_group.signal.name}",
          "awslogs-stream-prefix": "signal-service-connect",
        }) as unknown,
      },
    });
  });

  test("is let in on the container port, not on that of the alias, and nobody else is", () => {
    expect(stack.openPorts()).toMatchObject({
      between: ["signal -> stock:8080"],
      oneSided: [],
      fromAddresses: [],
    });
    for (const type of ["ingress", "egress"]) {
      const toGroups = stack
        .addresses(`aws_vpc_security_group_${type}_rule`)
        .filter((address) => "referenced_security_group_id" in stack.resource(address));
      expect(toGroups).toEqual([`aws_vpc_security_group_${type}_rule.signal_to_stock`]);
    }
  });

  test("is told the alias", () => {
    expect(environment(stack, "signal")).toEqual([
      { name: "STOCK_URL", value: "http://stock.platform.internal" },
    ]);
  });

  test("is deployed after it; the callee waits for no service", () => {
    expect(dependencies(stack, "signal")).toEqual(["aws_ecs_service.stock"]);
    expect(dependencies(stack, "stock")).toEqual([]);
  });

  test("is let in on the ingress port where the proxy listens there", () => {
    const stack = stackOf((stack) => {
      client(stack, "signal").connectTo(server(stack, "stock", { ingressPortOverride: 15000 }));
    });
    expect(stack.openPorts()).toMatchObject({ between: ["signal -> stock:15000"], oneSided: [] });
    expect(environment(stack, "signal")).toEqual([
      { name: "STOCK_URL", value: "http://stock.platform.internal" },
    ]);
  });

  test("is in no namespace before it calls", () => {
    const stack = stackOf((stack) => {
      client(stack, "signal");
      server(stack, "stock");
    });
    expect(configuration(stack, "signal")).toBeUndefined();
  });

  test("that calls by DNS alone stays outside", () => {
    const stack = stackOf((stack) => client(stack, "signal").connectTo(service(stack, "stock")));
    expect(configuration(stack, "signal")).toBeUndefined();
    expect(dependencies(stack, "signal")).toEqual([]);
  });

  test("may have several callees, by Service Connect and by DNS, twice too", () => {
    const stack = stackOf((stack) => {
      const caller = client(stack, "caller");
      const [a, b] = [server(stack, "a"), server(stack, "b")];
      [a, b, a, service(stack, "c")].forEach((callee) => caller.connectTo(callee));
    });
    expect(stack.openPorts().between).toEqual(["caller -> a:80", "caller -> b:80", "caller -> c:80"]);
    expect(configuration(stack, "caller")).not.toHaveProperty("service");
    expect(dependencies(stack, "caller")).toEqual(["aws_ecs_service.a", "aws_ecs_service.b"]);
  });

  test("that is a server itself stays one", () => {
    const alone = stackOf((stack) => server(stack, "caller", { timeouts: { idleTimeoutSeconds: 60 } }));
    const calling = stackOf((stack) => {
      server(stack, "caller", { timeouts: { idleTimeoutSeconds: 60 } }).connectTo(server(stack, "b"));
    });
    expect(configuration(calling, "caller")).toHaveProperty("service");
    expect(configuration(calling, "caller")).toEqual(configuration(alone, "caller"));
  });

  test("that is found by DNS is registered there and is a client here", () => {
    const stack = stackOf((stack) => service(stack, "caller").connectTo(server(stack, "b")));
    expect(stack.resource("aws_ecs_service.caller")).toHaveProperty("service_registries");
    expect(configuration(stack, "caller")).toMatchObject({ namespace: NAMESPACE.namespaceArn });
  });

  test("may be the service itself", () => {
    const stack = stackOf((stack) => {
      const a = server(stack, "a");
      a.connectTo(a);
    });
    expect(stack.openPorts().between).toEqual(["a -> a:80"]);
    expect(dependencies(stack, "a")).toEqual([]);
  });
});

describe("services that call each other", () => {
  const ring = (names: string[]): SynthesizedStack =>
    stackOf((stack) => {
      const services = names.map((name) => server(stack, name));
      services.forEach((caller, index) => {
        const callee = services[(index + 1) % services.length];
        if (callee) caller.connectTo(callee);
      });
    });

  test("are ordered by the call that was declared first, with no circle", () => {
    const stack = ring(["a", "b"]);
    expect(stack.openPorts()).toMatchObject({ between: ["a -> b:80", "b -> a:80"], oneSided: [] });
    expect(dependencies(stack, "a")).toEqual(["aws_ecs_service.b"]);
    expect(dependencies(stack, "b")).toEqual([]);
  });

  test("may be three", () => {
    const stack = ring(["a", "b", "c"]);
    expect(["a", "b", "c"].map((name) => dependencies(stack, name))).toEqual([
      ["aws_ecs_service.b"],
      ["aws_ecs_service.c"],
      [],
    ]);
  });
});

describe("a caller of another namespace", () => {
  test("is refused, server or client, and the message says where it is", () => {
    for (const make of [
      (stack: SmallStack) => server(stack, "caller"),
      (stack: SmallStack) => {
        const caller = client(stack, "caller");
        caller.connectTo(server(stack, "a"));
        return caller;
      },
    ]) {
      const message = refusalOf((stack) => make(stack).connectTo(server(stack, "b", { namespace: OTHER })));
      expect(message).toContain(`small/caller: Service Connect namespace is "${OTHER.namespaceArn}"`);
      expect(message).toContain(`here ${NAMESPACE.namespaceArn}`);
    }
  });

  test("may read the ARN of one namespace as often as it likes", () => {
    const stack = stackOf((stack) => {
      const { node, namespaceName } = new HttpNamespace(stack, "platform", { namespaceName: "platform" });
      const resource = node.findChild("namespace") as unknown as { arn: string };
      const [a, b] = ["a", "b"].map((name) =>
        server(stack, name, { namespace: { namespaceArn: resource.arn, namespaceName } }),
      );
      if (b) a?.connectTo(b);
    });
    expect(stack.openPorts().between).toEqual(["a -> b:80"]);
  });
});

describe("a caller without memory for a proxy", () => {
  const full = { containers: [web({ memory: 512 })] };

  test("is refused", () => {
    const message = refusalOf((stack) => client(stack, "caller", full).connectTo(server(stack, "b")));
    expect(message).toMatch(/^small\/caller\/task_definition: containers memory is 512\n/);
  });

  test("may call by DNS", () => {
    expect(() =>
      stackOf((stack) => client(stack, "caller", full).connectTo(service(stack, "b"))),
    ).not.toThrow();
  });
});

describe("a callee of another stack", () => {
  const backend = { backend: { type: "local" } } as const;
  const app = testApp();
  const data = new SmallStack(app, "data", backend);
  const site = new SmallStack(app, "site", backend);
  const stock = server(data, "stock", {
    namespace: new HttpNamespace(data, "platform", { namespaceName: "platform" }),
  });
  client(site, "signal").connectTo(stock);
  const [caller, callee] = [SynthesizedStack.from(site), SynthesizedStack.from(data)];

  test("gives the caller its namespace through the state; whole stacks are ordered", () => {
    expect(configuration(caller, "signal")?.namespace).toContain("data.terraform_remote_state");
    expect(callee.outputs().map((name) => callee.output(name))).toContain(
      "${aws_service_discovery_http_namespace.platform.arn}",
    );
    expect(site.dependencies).toEqual([data]);
    expect(dependencies(caller, "signal")).toEqual([]);
  });

  test("lets it in by rules of the caller's stack", () => {
    expect(caller.addresses("aws_vpc_security_group_ingress_rule")).toEqual([
      "aws_vpc_security_group_ingress_rule.signal_to_stock",
    ]);
    expect(callee.openPorts().between).toEqual([]);
  });
});

describe("a callee that exists already", () => {
  const ledger = {
    serviceName: "ledger",
    host: "ledger.platform",
    port: 80,
    entrancePort: 8443,
    securityGroupId: "sg-0123abcd",
    serviceConnectNamespaceArn: NAMESPACE.namespaceArn,
  };

  test("makes its callers clients of its namespace, and opens the port behind its alias", () => {
    const stack = stackOf((stack) =>
      client(stack, "caller").connectTo(EcsService.fromServiceAttributes(stack, ledger)),
    );
    expect(configuration(stack, "caller")).toMatchObject({ namespace: NAMESPACE.namespaceArn });
    expect(stack.openPorts().between).toEqual(["caller -> sg-0123abcd:8443"]);
    expect(environment(stack, "caller")).toEqual([{ name: "LEDGER_URL", value: "http://ledger.platform" }]);
    expect(dependencies(stack, "caller")).toEqual([]);
  });

  test("may be called by one that calls a service of the app in the same namespace", () => {
    expect(() =>
      stackOf((stack) => {
        const caller = client(stack, "caller");
        caller.connectTo(EcsService.fromServiceAttributes(stack, ledger));
        caller.connectTo(server(stack, "b"));
      }),
    ).not.toThrow();
  });

  test.each([
    ["entrancePort", 0],
    ["serviceConnectNamespaceArn", "platform"],
  ])("cannot have the %s %p", (property, value) => {
    expect(
      refusalOf((stack) => EcsService.fromServiceAttributes(stack, { ...ledger, [property]: value })),
    ).toContain(`small: ${property} is`);
  });
});

describe("the way in which a callee is reached", () => {
  /** The caller's code: it is the same for both. */
  const call = (stack: SmallStack, callee: EcsService): void =>
    client(stack, "signal").connectTo(callee, { environment: "STOCK_SERVICE_URL" });
  const platform = (discovery: (namespace: DnsNamespace) => IDiscovery): SynthesizedStack =>
    stackOf((stack) => {
      const containers = [web({ portMappings: [{ containerPort: 8080 }] })];
      call(stack, service(stack, "stock-service", { containers, discovery: discovery(namespaceOf(stack)) }));
    });
  const byDns = platform((namespace) => new CloudMapDns({ namespace }));
  const byProxy = platform((namespace) => new ServiceConnect({ namespace }));

  test("is not the caller's business: its task definition, roles and rules are the same, letter by letter", () => {
    const ofCaller = byDns.addresses().filter((address) => address.includes(".signal"));
    expect(ofCaller.length).toBeGreaterThan(8);
    for (const address of ofCaller.filter((address) => address !== "aws_ecs_service.signal")) {
      expect(byProxy.resource(address)).toEqual(byDns.resource(address));
    }
    expect(byProxy.openPorts()).toEqual(byDns.openPorts());
  });

  test("changes its service by the proxy and the order alone", () => {
    const expected = byDns.resource("aws_ecs_service.signal");
    const { service_connect_configuration, ...actual } = byProxy.resource("aws_ecs_service.signal");
    expect(service_connect_configuration).toMatchObject({
      namespace: "${aws_service_discovery_private_dns_namespace.dns_namespace.arn}",
    });
    expect(actual).toEqual({
      ...expected,
      depends_on: ["aws_ecs_service.stock_service", ...(expected.depends_on as string[])],
    });
  });
});
