import { CloudMapApi } from "../../../../modules/services/discovery/cloud-map-api";
import { CloudMapDns } from "../../../../modules/services/discovery/cloud-map-dns";
import { ServiceConnect } from "../../../../modules/services/discovery/service-connect";
import type { EcsServiceProps } from "../../../../modules/services/ecs-service/ecs-service-props";
import { checkFindings } from "../../../../modules/core/framework/findings";
import { EcsService } from "../../../../modules/services/ecs-service/ecs-service";
import { HttpNamespace } from "../../../../modules/core/cloud-map/http-namespace";
import { namespaceOf, refusalOf, service, SmallStack, testApp, web } from "../../stack-of";

const refusal = (props: Partial<EcsServiceProps>): string =>
  refusalOf((stack) => service(stack, "stock", props));
const placesIn = (message: string): string[] =>
  message.split("\n\n").map((finding) => finding.split("\n")[0] ?? "");

describe("one wrong value is reported once", () => {
  test("a name that no service can have", () => {
    expect(placesIn(refusal({ serviceName: "stock service!" }))).toEqual([
      'small/stock: serviceName is "stock service!"',
    ]);
  });

  test("a name that no service can have, of a service that another one calls", () => {
    const message = refusalOf((stack) => {
      service(stack, "signal").connectTo(service(stack, "stock", { serviceName: "a b" }));
    });
    expect(placesIn(message)).toEqual(['small/stock: serviceName is "a b"']);
  });

  test.each([NaN, 1.5, Infinity])("a count of %p tasks", (desiredCount) => {
    expect(placesIn(refusal({ desiredCount }))).toEqual([`small/stock: desiredCount is ${desiredCount}`]);
  });
});

describe("a service that is to be reached and cannot be", () => {
  const migrate = web({ name: "migrate", portMappings: [], essential: false });
  const udp = web({ portMappings: [{ containerPort: 8125, protocol: "udp" }] });

  test("is told of its UDP port", () => {
    const message = refusal({ containers: [udp] });
    expect(message).toContain('containers.portMappings is "UDP alone: 8125"');
    expect(message).toContain("UDP ports are neither registered nor opened");
  });

  test("is told to put the container that listens first", () => {
    const message = refusal({ containers: [migrate, web()] });
    expect(message).toContain(
      'containers.portMappings is "no TCP port in the first container, \\"migrate\\""',
    );
    expect(message).toContain('mend:    put the container that listens first: "web"');
  });

  test("is told so with Service Connect too", () => {
    const discover = (stack: SmallStack): ServiceConnect =>
      new ServiceConnect({ namespace: new HttpNamespace(stack, "names", { namespaceName: "shop" }) });
    const message = refusalOf((stack) =>
      service(stack, "stock", { discovery: discover(stack), containers: [udp] }),
    );
    expect(message).toContain('containers.portMappings is "UDP alone: 8125"');
  });

  test("is told to add a port if no container has one", () => {
    const message = refusal({ containers: [web({ portMappings: [] })] });
    expect(message).toContain("containers.portMappings is not given");
    expect(message).toContain("add `portMappings:");
  });
});

describe("services of two stacks that call each other", () => {
  /** The findings about the two stacks; CDKTF itself would end the run with the name of the namespace. */
  const findings = (connect: (x: EcsService, y: EcsService) => void, isInApi = false): string => {
    const app = testApp();
    const backend = { backend: { type: "local" } } as const;
    const [a, b] = [new SmallStack(app, "a", backend), new SmallStack(app, "b", backend)];
    const namespace = namespaceOf(a);
    const discovery = isInApi ? new CloudMapApi({ namespace }) : new CloudMapDns({ namespace });
    connect(service(a, "x", { discovery }), service(b, "y", { discovery }));
    try {
      checkFindings(app);
      // what synth begins with; it ends the run if stacks refer to each other
      [a, b].forEach((stack) => stack.prepareStack());
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };

  test.each([false, true])("are rejected with both services' names (asked for by API: %p)", (isInApi) => {
    const message = findings((x, y) => {
      y.connectTo(x);
      x.connectTo(y);
    }, isInApi);
    expect(message).toMatch(/^a\/x: connectTo is "b\/y"\n/);
    expect(message).toContain("b refers to a already");
    expect(message).toContain("EcsService.fromServiceAttributes");
  });

  test("are rejected in the other order too: the stack of the callee has the namespace of the caller's", () => {
    expect(findings((x, y) => x.connectTo(y))).toMatch(/^a\/x: connectTo is "b\/y"\n/);
  });

  test("are accepted if one of them is given by what is known of it", () => {
    const message = findings((x, y) => {
      y.connectTo(x);
      const known = {
        serviceName: "y",
        host: "y.platform.internal",
        port: 80,
        securityGroupId: "sg-0a1b2c3d",
      };
      x.connectTo(EcsService.fromServiceAttributes(x, known));
    });
    expect(message).toBe("");
  });

  test("are rejected over a third stack", () => {
    const app = testApp();
    const stacks = ["a", "b", "c"].map((id) => new SmallStack(app, id, { backend: { type: "local" } }));
    const [x, y, z] = stacks.map((stack, index) => service(stack, "xyz".charAt(index)));
    if (x === undefined || y === undefined || z === undefined) throw new Error("three stacks");
    x.connectTo(y);
    y.connectTo(z);
    z.connectTo(x);
    expect(() => checkFindings(app)).toThrow(/^c\/z: connectTo is "a\/x"\n.*a refers to c already/s);
  });
});
