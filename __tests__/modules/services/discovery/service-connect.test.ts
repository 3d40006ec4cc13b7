import { HttpNamespace, type IHttpNamespace } from "../../../../modules/core/cloud-map/http-namespace";
import { ServiceDiscovery } from "../../../../modules/core/cloud-map/service-discovery";
import { CloudMapDns } from "../../../../modules/services/discovery/cloud-map-dns";
import { ServiceConnect } from "../../../../modules/services/discovery/service-connect";
import type { ServiceConnectProps } from "../../../../modules/services/discovery/service-connect-props";
import type { EcsService } from "../../../../modules/services/ecs-service/ecs-service";
import type { PortMapping } from "../../../../modules/services/task/container";
import type { SynthesizedStack } from "../../../../testing";
import {
  containersOf,
  namespaceOf,
  refusalOf,
  REGISTRY_ARN,
  service,
  stackOf,
  statementsOf,
  variable,
  web,
  type SmallStack,
} from "../../stack-of";

const SERVICE = "aws_ecs_service.stock_service";
const NAMESPACE: IHttpNamespace = {
  namespaceId: "ns-0123456789abcdef",
  namespaceName: "platform.internal",
  namespaceArn: "arn:aws:servicediscovery:eu-central-1:123456789012:namespace/ns-0123456789abcdef",
};

const served = (
  stack: SmallStack,
  options: Partial<ServiceConnectProps> = {},
  mapping: Partial<PortMapping> = {},
): EcsService =>
  service(stack, "stock-service", {
    discovery: new ServiceConnect({ namespace: NAMESPACE, ...options }),
    containers: [web({ portMappings: [{ containerPort: 8080, ...mapping }] })],
  });
const configuration = (stack: SynthesizedStack, address = SERVICE): Record<string, unknown> =>
  stack.resource(address).service_connect_configuration as Record<string, unknown>;
const server = (options: Partial<ServiceConnectProps> = {}, mapping: Partial<PortMapping> = {}): unknown => {
  const { service: services } = configuration(stackOf((stack) => served(stack, options, mapping)));
  expect(services).toHaveLength(1);
  return (services as unknown[])[0];
};
const portMapping = (stack: SynthesizedStack): unknown =>
  (containersOf(stack, "stock_service")[0]?.portMappings as unknown[])[0];

describe("a service that is reached by Service Connect", () => {
  test("says its port, its Cloud Map name and the name and port for callers", () => {
    const stack = stackOf((stack) => served(stack));
    expect(configuration(stack)).toEqual({
      enabled: true,
      namespace: NAMESPACE.namespaceArn,
      log_configuration: expect.objectContaining({ log_driver: "awslogs" }) as unknown,
      service: [
        {
          port_name: "service-connect",
          discovery_name: "stock-service-sc",
          client_alias: { dns_name: "stock-service.platform.internal", port: 8080 },
        },
      ],
    });
    expect(stack.resource(SERVICE)).not.toHaveProperty("service_registries");
  });

  test("answers at the alias", () => {
    stackOf((stack) => {
      expect(served(stack).endpoint).toEqual({
        host: "stock-service.platform.internal",
        port: 8080,
        url: "http://stock-service.platform.internal:8080",
      });
    });
    const given = { discoveryName: "quotes", clientAlias: { dnsName: "stock", port: 80 } };
    stackOf((stack) => expect(served(stack, given).endpoint.url).toBe("http://stock"));
    expect(server(given)).toMatchObject({
      discovery_name: "quotes",
      client_alias: { dns_name: "stock", port: 80 },
    });
  });

  test("names the port in its task definition as in the service, and says that it speaks HTTP", () => {
    expect(portMapping(stackOf((stack) => served(stack)))).toEqual({
      containerPort: 8080,
      protocol: "tcp",
      name: "service-connect",
      appProtocol: "http",
    });
  });

  test("keeps what the port mapping says itself", () => {
    const mapping = { name: "api", appProtocol: "grpc" } as const;
    expect(portMapping(stackOf((stack) => served(stack, {}, mapping)))).toMatchObject(mapping);
    expect(server({}, mapping)).toMatchObject({ port_name: "api" });
    expect(server({ appProtocol: "grpc" }, mapping)).toMatchObject({ port_name: "api" });
    expect(portMapping(stackOf((stack) => served(stack, {}, { name: undefined })))).toMatchObject({
      name: "service-connect",
    });
  });

  test("is no HTTP service where it speaks plain TCP", () => {
    const stack = stackOf((stack) => {
      expect(served(stack, { appProtocol: "tcp" }).endpoint.url).toBe(
        "tcp://stock-service.platform.internal:8080",
      );
    });
    expect(portMapping(stack)).toEqual({ containerPort: 8080, protocol: "tcp", name: "service-connect" });
  });

  test("refers to a namespace of the app, of either type", () => {
    const namespaceArn = (make: (stack: SmallStack) => ServiceConnectProps["namespace"]): unknown =>
      configuration(stackOf((stack) => served(stack, { namespace: make(stack) }))).namespace;
    expect(namespaceArn(namespaceOf)).toBe(
      "${aws_service_discovery_private_dns_namespace.dns_namespace.arn}",
    );
    expect(namespaceArn((stack) => new HttpNamespace(stack, "platform", { namespaceName: "platform" }))).toBe(
      "${aws_service_discovery_http_namespace.platform.arn}",
    );
    expect(
      namespaceArn((stack) => ({
        namespaceArn: variable(stack, "namespace_arn").stringValue,
        namespaceName: "platform",
      })),
    ).toBe("${var.namespace_arn}");
  });

  test("emits all timeouts where one is given: the provider would send no limit for the other", () => {
    expect(server({ timeouts: { perRequestTimeoutSeconds: 60 } })).toMatchObject({
      timeout: { idle_timeout_seconds: 300, per_request_timeout_seconds: 60 },
    });
    expect(server({ timeouts: { idleTimeoutSeconds: 0 } })).toMatchObject({
      timeout: { idle_timeout_seconds: 0, per_request_timeout_seconds: 15 },
    });
    const tcp = { appProtocol: "tcp", timeouts: { idleTimeoutSeconds: 1 } } as const;
    expect(server(tcp)).toHaveProperty("timeout", { idle_timeout_seconds: 1 });
    expect(server({ ...tcp, timeouts: {} })).toHaveProperty("timeout", { idle_timeout_seconds: 3600 });
    expect(server()).not.toHaveProperty("timeout");
  });

  test("may be encrypted, and is still http:// for callers", () => {
    const tls = {
      awsPcaAuthorityArn: "arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/1-2",
      kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1-2",
      roleArn: "arn:aws:iam::123456789012:role/service-connect-tls",
    };
    expect(server({ tls })).toMatchObject({
      tls: {
        issuer_cert_authority: { aws_pca_authority_arn: tls.awsPcaAuthorityArn },
        kms_key: tls.kmsKeyArn,
        role_arn: tls.roleArn,
      },
    });
    stackOf((stack) => expect(served(stack, { tls }).endpoint.url).toMatch(/^http:/));
  });
});

describe("the proxy", () => {
  test("logs to streams of its own in the service's log group", () => {
    expect(configuration(stackOf((stack) => served(stack))).log_configuration).toEqual({
      log_driver: "awslogs",
      options: {
        "awslogs-group": "${aws_cloudwatch_log_group.stock_service.name}",
        "awslogs-region": "${data.aws_region.current.id}",
        "awslogs-stream-prefix": "stock-service-service-connect",
        mode: "non-blocking",
        "max-buffer-size": "25m",
      },
    });
  });

  test("may log elsewhere, and the execution role may write there", () => {
    const logs = { logGroupName: "/mesh", logGroupArn: "arn:aws:logs:eu-central-1:1:log-group:/mesh" };
    const stack = stackOf((stack) => served(stack, { logs }));
    expect(configuration(stack).log_configuration).toMatchObject({ options: { "awslogs-group": "/mesh" } });
    expect(
      statementsOf(stack, "aws_iam_role_policy.stock_service_ecs_task_execution_role").WriteProxyLogs,
    ).toMatchObject({
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `${logs.logGroupArn}:*`,
    });
  });

  const limited = (memory: number | undefined, sidecar: number | undefined) => (stack: SmallStack) =>
    service(stack, "stock-service", {
      discovery: new ServiceConnect({ namespace: NAMESPACE }),
      containers: [web({ memory: memory }), web({ name: "sidecar", memory: sidecar, portMappings: [] })],
    });

  test.each([
    [undefined, undefined],
    [448, undefined],
    [224, 224],
  ])("has the memory that the containers leave: %p and %p of 512", (memory, sidecar) => {
    expect(() => stackOf(limited(memory, sidecar))).not.toThrow();
  });

  test.each([
    [449, undefined],
    [512, undefined],
    [256, 256],
  ])("cannot run where they leave none: %p and %p of 512", (memory, sidecar) => {
    const message = refusalOf(limited(memory, sidecar));
    expect(message).toMatch(/^small\/stock-service\/task_definition: containers memory is/);
    expect(message).toContain("256 CPU units and 64 MiB");
  });
});

describe("an entry for DNS beside it", () => {
  const namespaceId = NAMESPACE.namespaceId;
  const imported = { namespaceId, namespaceName: NAMESPACE.namespaceName };

  test("has the name that callers use, the alias; the Cloud Map names differ", () => {
    const stack = stackOf((stack) => served(stack, { dns: new CloudMapDns({ namespace: imported }) }));
    const entry = "aws_service_discovery_service.stock_service";
    expect(stack.resource(entry).name).toBe("stock-service");
    expect(stack.resource(SERVICE)).toMatchObject({
      service_registries: { registry_arn: `\${${entry}.arn}`, port: 8080 },
      lifecycle: { replace_triggered_by: [`${entry}.id`] },
      service_connect_configuration: {
        service: [
          {
            discovery_name: "stock-service-sc",
            client_alias: { dns_name: "stock-service.platform.internal" },
          },
        ],
      },
    });
  });

  test("may be one that is there already", () => {
    const dns = CloudMapDns.registeredIn({ registryArn: REGISTRY_ARN, recordTypes: ["A"], fqdn: "a.b" });
    const stack = stackOf((stack) => {
      expect(served(stack, { dns }).endpoint.host).toBe("stock-service.platform.internal");
    });
    expect(stack.resource(SERVICE).service_registries).toEqual({ registry_arn: REGISTRY_ARN });
  });

  test("is no second Service Connect", () => {
    const dns = new ServiceConnect({ namespace: NAMESPACE, discoveryName: "b", clientAlias: { port: 1 } });
    expect(refusalOf((stack) => served(stack, { dns }))).toMatch(
      /^small\/stock-service: dns is "ServiceConnect"\n/,
    );
  });

  test("has the address that it had when it was the only way: moving there in two steps keeps it", () => {
    const before = stackOf((stack) =>
      service(stack, "stock-service", { discovery: new CloudMapDns({ namespace: namespaceOf(stack) }) }),
    );
    const between = stackOf((stack) => {
      const namespace = namespaceOf(stack);
      service(stack, "stock-service", {
        discovery: new ServiceConnect({ namespace, dns: new CloudMapDns({ namespace }) }),
      });
    });
    const address = "aws_service_discovery_service.stock_service";
    expect(between.resource(address)).toEqual(before.resource(address));
  });

  test("cannot have the name that ECS is to make in the same namespace", () => {
    const same = refusalOf((stack) => {
      const namespace = namespaceOf(stack);
      served(stack, { namespace, discoveryName: "stock-service", dns: new CloudMapDns({ namespace }) });
    });
    expect(same).toMatch(/^small\/stock-service\/service_discovery: serviceName is "stock-service"\n/);
    expect(same).toContain("small/stock-service has this one");
    const byId = new CloudMapDns({ namespaceId, name: "quotes" });
    expect(refusalOf((stack) => served(stack, { discoveryName: "quotes", dns: byId }))).toContain(
      'serviceName is "quotes"',
    );
  });

  test("may have it in another namespace", () => {
    const elsewhere = new CloudMapDns({ namespaceId: "ns-other" });
    expect(() =>
      stackOf((stack) => served(stack, { discoveryName: "stock-service", dns: elsewhere })),
    ).not.toThrow();
  });

  test("of another service cannot have that name either, made before or after", () => {
    const make = (stack: SmallStack, namespace: ReturnType<typeof namespaceOf>): unknown =>
      new ServiceDiscovery(stack, "entry", { namespace, serviceName: "quotes" });
    for (const isFirst of [true, false]) {
      const message = refusalOf((stack) => {
        const namespace = namespaceOf(stack);
        if (isFirst) make(stack, namespace);
        served(stack, { namespace, discoveryName: "quotes" });
        if (!isFirst) make(stack, namespace);
      });
      expect(message).toMatch(/small\/(entry|stock-service) has this one/);
    }
  });
});
