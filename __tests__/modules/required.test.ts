import type { Construct } from "constructs";
import { InvalidInputError } from "../../modules/core/framework/check";
import * as api from "../../modules";
import { readApi } from "../../scripts/docs/api";
import { refusalOf, service, SmallStack, testApp, web } from "./stack-of";

type Constructor = new (scope: Construct, id: string, props: unknown) => Construct;

const { entries } = readApi(["modules/index.ts"]);
/** What can be made in a scope from properties some of which must be given, by the types that users see. */
const MODULES = entries.flatMap(({ name, props, signature = "" }): [string, string[]][] => {
  const members = entries.find((entry) => entry.name === props)?.members ?? [];
  const required = members.filter(({ isOptional }) => !isOptional).map((member) => member.name);
  return signature.includes("(scope: Construct, id: string") && required.length > 0 ? [[name, required]] : [];
});

describe("what is made without the properties that it must have is rejected", () => {
  test("and there are such modules", () => expect(MODULES.length).toBeGreaterThan(15));

  test.each(MODULES)("%s names each of them", (name, required) => {
    const Module = (api as unknown as Record<string, Constructor>)[name];
    if (Module === undefined) throw new Error(`${name} is not exported`);
    for (const props of [{}, undefined, Object.fromEntries(required.map((key) => [key, null]))]) {
      const message = refusalOf((stack) => new Module(stack, "part", props));
      const named = [...message.matchAll(/^small\/part: (\S+) is (?:not given|null)$/gm)].map(
        ([, key]) => key,
      );
      expect(named.sort()).toEqual([...required].sort());
      expect(message).toContain("rule:    general-given");
    }
  });

  test.each<[string, Partial<api.EcsServiceProps>, string]>([
    ["a container's name", { containers: [web({ name: undefined })] }, "containers[0].name"],
    ["a container's image", { containers: [web({ image: undefined })] }, "containers[0].image"],
    [
      "a port",
      { containers: [web({ portMappings: [{} as api.PortMapping] })] },
      'container "web" portMappings.containerPort',
    ],
    [
      "a health check's command",
      { containers: [web({ healthCheck: {} as api.HealthCheck })] },
      'container "web" healthCheck.command',
    ],
    [
      "the namespace of an entry",
      { discovery: new api.CloudMapApi({} as api.CloudMapApiProps) },
      "discovery.namespace",
    ],
    [
      "the namespace of Service Connect",
      { discovery: new api.ServiceConnect({} as api.ServiceConnectProps) },
      "discovery.namespace",
    ],
    [
      "the load balancer",
      { discovery: new api.LoadBalanced({} as api.LoadBalancedProps) },
      "discovery.loadBalancer",
    ],
  ])("%s of a service", (_, props, property) => {
    const message = refusalOf((stack) => service(stack, "stock", props));
    expect(message).toContain(`: ${property} is not given\n`);
    expect(message).toContain("rule:    general-given");
  });

  test("the callee of a call, and what is mounted", () => {
    const refused = (act: (stock: api.EcsService) => void): string =>
      refusalOf((stack) => act(service(stack, "stock")));
    expect(refused((stock) => stock.connectTo(undefined as unknown as api.IConnectable))).toMatch(
      /^small\/stock: connectTo callee is not given\n/,
    );
    expect(
      refused((stock) => stock.mount(undefined as unknown as api.IEfsAccessPoint, { containerPath: "/x" })),
    ).toMatch(/^small\/stock: mount accessPoint is not given\n/);
  });

  test("both sides of a port that is opened", () => {
    const message = refusalOf((stack) => new api.OpenPort(stack, "part", {} as api.PortOpening));
    for (const name of ["from", "to", "port", "description"])
      expect(message).toContain(`small/part: ${name} is not given`);
  });

  test.each(["serviceName", "host", "port", "securityGroupId"])(
    "%s of a service that exists already",
    (name) => {
      const attributes = {
        serviceName: "stock",
        host: "stock.internal",
        port: 80,
        securityGroupId: "sg-0a1b2c3d",
      };
      const act = (): unknown =>
        api.EcsService.fromServiceAttributes(new SmallStack(testApp()), { ...attributes, [name]: undefined });
      expect(act).toThrow(InvalidInputError);
      expect(act).toThrow(`small: ${name} is not given`);
    },
  );
});
