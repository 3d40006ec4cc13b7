import { CloudMapDns } from "../../../../modules/services/discovery/cloud-map-dns";
import { ServiceConnect } from "../../../../modules/services/discovery/service-connect";
import type { ServiceConnectProps } from "../../../../modules/services/discovery/service-connect-props";
import type { PortMapping } from "../../../../modules/services/task/container";
import { SynthesizedStack } from "../../../../testing";
import { refusalOf, service, SmallStack, stackOf, testApp, variable, web } from "../../stack-of";

const ARN = "arn:aws:servicediscovery:eu-central-1:123456789012:namespace/ns-0123456789abcdef";
const NAMESPACE = { namespaceArn: ARN, namespaceName: "platform" };

const make =
  (
    options: Partial<ServiceConnectProps>,
    portMappings: PortMapping[] = [{ containerPort: 8080 }],
    name = "stock",
  ) =>
  (stack: SmallStack) =>
    service(stack, name, {
      discovery: new ServiceConnect({ namespace: NAMESPACE, ...options }),
      containers: [web({ portMappings })],
    });
const accept = (options: Partial<ServiceConnectProps>, portMappings?: PortMapping[], name?: string): void =>
  expect(() => stackOf(make(options, portMappings, name))).not.toThrow();
/** Fails unless it is refused for that property, in the form of all messages, with a source. */
const refuse = (
  property: string,
  options: Partial<ServiceConnectProps>,
  portMappings?: PortMapping[],
  name = "stock",
): string => {
  const message = refusalOf(make(options, portMappings, name));
  expect(message).toContain(`small/${name}: ${property} is `);
  expect(message).toMatch(
    /\n {4}allowed: .+\n {4}mend: {4}.+\n {4}source: {2}https:\/\/docs\.aws\.amazon\.com\//,
  );
  return message;
};

describe("the discovery name", () => {
  test.each(["a", "_stock", "stock-1_x", "a".repeat(64)])("may be %p", (discoveryName) =>
    accept({ discoveryName }),
  );
  test.each(["", "Stock", "-stock", "stock.a", "a b", "a".repeat(65)])("cannot be %p", (discoveryName) => {
    refuse("discoveryName", { discoveryName });
  });

  test("must be given where none can be made of the service's name", () => {
    const clientAlias = { dnsName: "stock" };
    accept({ clientAlias }, undefined, "a".repeat(61));
    refuse("discoveryName", { clientAlias }, undefined, "a".repeat(62));
    refuse("discoveryName", { clientAlias }, undefined, "StockService");
    accept({ clientAlias, discoveryName: "stock" }, undefined, "StockService");
  });
});

describe("the alias", () => {
  test.each(["a", "_db.production.internal", "mysql", `${"a".repeat(63)}.${"b".repeat(63)}`])(
    "may be called %s",
    (dnsName) => accept({ clientAlias: { dnsName } }),
  );
  test.each([
    "",
    "Stock",
    "-stock",
    "stock.",
    "a..b",
    "http://stock",
    "a".repeat(64),
    `${"a".repeat(63)}.${"b".repeat(63)}.c`,
  ])("cannot be called %p", (dnsName) => {
    refuse("clientAlias.dnsName", { clientAlias: { dnsName } });
  });
  test("must be given where none can be made of the namespace's name", () => {
    const namespace = { namespaceArn: ARN, namespaceName: "Platform" };
    refuse("clientAlias.dnsName", { namespace });
    accept({ namespace, clientAlias: { dnsName: "stock" } });
  });
  test.each([1, 65535])("may have the port %i", (port) => accept({ clientAlias: { port } }));
  test.each([0, 65536, 80.5])("cannot have the port %d", (port) => {
    refuse("clientAlias.port", { clientAlias: { port } });
  });
});

describe("the ingress port override", () => {
  test.each([1025, 65535])("may be %i", (ingressPortOverride) => accept({ ingressPortOverride }));
  test.each([0, 80, 1024, 65536])("cannot be %i", (ingressPortOverride) => {
    refuse("ingressPortOverride", { ingressPortOverride });
  });
  test("cannot be a port that a container listens on", () => {
    expect(refuse("ingressPortOverride", { ingressPortOverride: 8080 })).toContain("not 8080");
    refuse("ingressPortOverride", { ingressPortOverride: 9000 }, [
      { containerPort: 8080 },
      { containerPort: 9000 },
    ]);
  });
});

describe("timeouts", () => {
  test.each([0, 1, 2147483647])("may be %i seconds", (seconds) =>
    accept({ timeouts: { idleTimeoutSeconds: seconds, perRequestTimeoutSeconds: seconds } }),
  );
  test.each([-1, 0.5, 2147483648])("cannot be %d seconds", (seconds) => {
    refuse("timeouts.idleTimeoutSeconds", { timeouts: { idleTimeoutSeconds: seconds } });
    refuse("timeouts.perRequestTimeoutSeconds", { timeouts: { perRequestTimeoutSeconds: seconds } });
  });
  test.each(["http", "http2", "grpc"] as const)("of requests are for %s", (appProtocol) =>
    accept({ appProtocol, timeouts: { perRequestTimeoutSeconds: 1 } }),
  );
  test("of requests are not for plain TCP, 0 neither; idle ones are", () => {
    for (const perRequestTimeoutSeconds of [0, 1]) {
      refuse("timeouts.perRequestTimeoutSeconds", {
        appProtocol: "tcp",
        timeouts: { perRequestTimeoutSeconds },
      });
    }
    accept({ appProtocol: "tcp", timeouts: { idleTimeoutSeconds: 1 } });
  });
});

describe("ARNs", () => {
  const tls = {
    awsPcaAuthorityArn: "arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/1-2",
    roleArn: "arn:aws:iam::123456789012:role/path/tls",
  };
  const kmsKeyArn = "arn:aws-cn:kms:cn-north-1:123456789012:key/1-2";

  test("of TLS are those of a CA, a role and a key", () => {
    accept({ tls });
    accept({ tls: { ...tls, kmsKeyArn } });
    refuse("tls.awsPcaAuthorityArn", { tls: { ...tls, awsPcaAuthorityArn: "authority" } });
    refuse("tls.roleArn", { tls: { ...tls, roleArn: "tls-role" } });
    refuse("tls.kmsKeyArn", { tls: { ...tls, kmsKeyArn: "alias/key" } });
  });

  test("may be known to Terraform only", () => {
    const stack = stackOf((stack) => {
      const [ca, role, namespaceArn] = ["ca", "role", "namespace"].map(
        (name) => variable(stack, name).stringValue,
      );
      make({
        namespace: { namespaceArn: namespaceArn ?? "", namespaceName: "platform" },
        tls: { awsPcaAuthorityArn: ca ?? "", roleArn: role ?? "" },
      })(stack);
    });
    expect(stack.toJson()).toContain("${var.ca}");
  });

  test.each([
    "ns-0123456789abcdef",
    "platform",
    "arn:aws:servicediscovery:eu-central-1:123456789012:service/srv-1",
  ])("of the namespace cannot be %s", (namespaceArn) => {
    refuse("namespace.namespaceArn", { namespace: { namespaceArn, namespaceName: "platform" } });
  });
});

describe("the port that callers reach", () => {
  test("must be there, and be TCP", () => {
    refuse("containers.portMappings", {}, []);
    refuse("containers.portMappings", {}, [{ containerPort: 53, protocol: "udp" }]);
    accept({}, [{ containerPort: 53, protocol: "udp" }, { containerPort: 80 }]);
  });

  test("cannot speak one protocol in the task definition and another in the service", () => {
    const grpc: PortMapping = { containerPort: 80, name: "api", appProtocol: "grpc" };
    accept({ appProtocol: "grpc" }, [grpc]);
    expect(refuse("appProtocol", { appProtocol: "http2" }, [grpc])).toContain(
      "grpc, which the port mapping says",
    );
    refuse("appProtocol", { appProtocol: "tcp" }, [grpc]);
  });

  test("cannot have the name of another port of the task", () => {
    const named = { containerPort: 81, name: "service-connect" };
    const message = refusalOf(make({}, [{ containerPort: 80 }, named]));
    expect(message).toContain("containers portMappings.name");
    accept({}, [{ containerPort: 80, name: "api" }, named]);
  });
});

describe("names of two services in one namespace", () => {
  const both =
    (one: Partial<ServiceConnectProps>, two: Partial<ServiceConnectProps>) => (stack: SmallStack) => {
      make(one, undefined, "one")(stack);
      make(two, undefined, "two")(stack);
    };

  test("are different by default", () => {
    const { resource } = {
      resource: (name: string) => stackOf(both({}, {})).resource(`aws_ecs_service.${name}`),
    };
    expect(JSON.stringify(resource("two").service_connect_configuration)).toContain("two.platform");
  });

  test("cannot be one discovery name; the message names both services, once", () => {
    const message = refusalOf(both({ discoveryName: "api" }, { discoveryName: "api" }));
    expect(message).toMatch(/^small\/two: discoveryName is "api"\n/);
    expect(message).toContain("small/one has this one");
    expect(message.match(/discoveryName is/g)).toHaveLength(1);
  });

  test("cannot be one name and port for callers", () => {
    const clientAlias = { dnsName: "api", port: 80 };
    const message = refusalOf(both({ clientAlias }, { clientAlias }));
    expect(message).toMatch(/^small\/two: clientAlias is "api:80"\n/);
    expect(message).toContain("small/one has this one");
  });

  test("may be one name with two ports", () => {
    const alias = (port: number): Partial<ServiceConnectProps> => ({ clientAlias: { dnsName: "api", port } });
    expect(() => stackOf(both(alias(80), alias(81)))).not.toThrow();
  });

  test("may be the same in two namespaces", () => {
    const namespace = { namespaceArn: `${ARN}0`, namespaceName: "platform" };
    const same = { discoveryName: "api", clientAlias: { dnsName: "api" } };
    expect(() => stackOf(both(same, { ...same, namespace }))).not.toThrow();
  });

  test("are compared where the namespace is read from one variable twice", () => {
    const message = refusalOf((stack) => {
      const namespaceArn = variable(stack, "namespace_arn");
      for (const name of ["one", "two"]) {
        const namespace = { namespaceArn: namespaceArn.stringValue, namespaceName: "platform" };
        make({ namespace, discoveryName: "api" }, undefined, name)(stack);
      }
    });
    expect(message).toContain('discoveryName is "api"');
  });

  test("are not compared where variables of two stacks have one name: they may have two values", () => {
    const app = testApp();
    const stacks = ["one", "two"].map((id) => new SmallStack(app, id));
    for (const stack of stacks) {
      const namespaceArn = variable(stack, "namespace_arn").stringValue;
      const same = { discoveryName: "api", clientAlias: { dnsName: "api" } };
      make(
        { namespace: { namespaceArn, namespaceName: "platform" }, ...same },
        undefined,
        stack.node.id,
      )(stack);
    }
    stacks.forEach((stack) => expect(() => SynthesizedStack.from(stack)).not.toThrow());
  });

  test("are compared over the stacks of the app", () => {
    const app = testApp();
    const [one, two] = [new SmallStack(app, "one"), new SmallStack(app, "two")];
    make({})(one);
    make({})(two);
    expect(() => SynthesizedStack.from(one)).not.toThrow();
    expect(() => SynthesizedStack.from(two)).toThrow(
      /^two\/stock: clientAlias.*^two\/stock: discoveryName.*one\/stock has this one/ms,
    );
  });

  test("are free in another app, and beside services of another strategy", () => {
    expect(() => stackOf(make({}))).not.toThrow();
    expect(() =>
      stackOf((stack) => {
        make({})(stack);
        service(stack, "one", { discovery: new CloudMapDns({ namespaceId: "ns-0123456789abcdef" }) });
      }),
    ).not.toThrow();
  });
});
