import { Secret } from "../../../../modules/core/storage/secret";
import type { ContainerProps, HealthCheck, PortMapping } from "../../../../modules/services/task/container";
import { checkContainers } from "../../../../modules/services/task/container-checks";
import { judging, web } from "../../stack-of";

const give = (...containers: ContainerProps[]) =>
  judging((stack) => checkContainers(stack, containers, { cpu: 256, memory: 512 }));
const healthCheck: HealthCheck = { command: ["CMD-SHELL", "true"] };
const secret = Secret.fromSecretsManager("arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf");
const portless = { portMappings: [] };

describe("the containers of a task", () => {
  test("are at least one", () => {
    expect(give(web())).not.toThrow();
    expect(give()).toThrow("at least one container");
  });

  test("have different names", () => {
    expect(give(web(), web({ name: "sidecar", ...portless }))).not.toThrow();
    expect(give(web(), web(portless))).toThrow("a name of its own for each container");
  });

  test("are not all dispensable", () => {
    expect(give(web(), web({ name: "sidecar", essential: false, ...portless }))).not.toThrow();
    expect(give(web({ essential: false }))).toThrow("at least one essential container");
  });

  test("listen on different ports: they share one network interface", () => {
    expect(give(web(), web({ name: "sidecar", portMappings: [{ containerPort: 81 }] }))).not.toThrow();
    expect(give(web(), web({ name: "sidecar" }))).toThrow("each port once in a task");
    expect(
      give(web({ portMappings: [{ containerPort: 80 }, { containerPort: 80, protocol: "tcp" }] })),
    ).toThrow("each port once in a task");
  });

  test("may listen on one number with both protocols", () => {
    const portMappings = [{ containerPort: 53 }, { containerPort: 53, protocol: "udp" as const }];
    expect(give(web({ portMappings }))).not.toThrow();
  });

  test("name their ports differently", () => {
    const named = (name: string, containerPort: number): Partial<ContainerProps> => ({
      portMappings: [{ containerPort, name }],
    });
    expect(give(web(named("a", 80)), web({ name: "sidecar", ...named("b", 81) }))).not.toThrow();
    expect(give(web(named("a", 80)), web({ name: "sidecar", ...named("a", 81) }))).toThrow(
      "a name of its own for each port",
    );
  });
});

describe("a port", () => {
  const port = (mapping: Partial<PortMapping>) =>
    give(web({ portMappings: [{ containerPort: 80, ...mapping }] }));

  test.each(["a", "web-80-tcp", "_x", "a".repeat(64)])("may be called %s", (name) => {
    expect(port({ name })).not.toThrow();
  });
  test.each(["", "HTTP", "-a", "a.b", "a".repeat(65)])("cannot be called %p", (name) => {
    expect(port({ name })).toThrow(`small: container "web" portMappings.name is ${JSON.stringify(name)}`);
  });

  test("has an application protocol only with a name and with TCP", () => {
    expect(port({ name: "api", appProtocol: "grpc" })).not.toThrow();
    expect(port({ appProtocol: "grpc" })).toThrow("portMappings.appProtocol");
    expect(port({ name: "api", appProtocol: "grpc", protocol: "udp" })).toThrow("portMappings.appProtocol");
  });
});

describe("a container", () => {
  test.each(["", "my web", "web.1", "a".repeat(256)])("cannot be called %p", (name) => {
    expect(give(web({ name }))).toThrow(`container "${name}" name`);
  });

  test.each([1, 65535])("may listen on port %i", (containerPort) => {
    expect(give(web({ portMappings: [{ containerPort }] }))).not.toThrow();
  });
  test.each([0, 65536, -1, 80.5])("cannot listen on port %d", (containerPort) => {
    expect(give(web({ portMappings: [{ containerPort }] }))).toThrow(
      `small: container "web" containerPort is ${containerPort}`,
    );
  });

  test.each([0, 120])("may take %i seconds to stop", (stopTimeout) => {
    expect(give(web({ stopTimeout }))).not.toThrow();
  });
  test.each([-1, 121, 1.5])("cannot take %d seconds to stop", (stopTimeout) => {
    expect(give(web({ stopTimeout }))).toThrow("stopTimeout");
  });

  test("cannot have one name in its environment and its secrets", () => {
    expect(give(web({ environment: { A: "1" }, secrets: { B: secret } }))).not.toThrow();
    expect(give(web({ environment: { A: "1" }, secrets: { A: secret } }))).toThrow(
      /container "web" secrets is \["A"\][^]*take the name out of `environment`/,
    );
  });

  test("may have a secret whose name every JavaScript object knows", () => {
    expect(give(web({ environment: { A: "1" }, secrets: { constructor: secret } }))).not.toThrow();
  });

  test.each(["", "A=B", "${A}"])("cannot have %p in its environment: no process could read it", (name) => {
    expect(give(web({ environment: { [name]: "1" } }))).toThrow("environment");
    expect(give(web({ secrets: { [name]: secret } }))).toThrow("secrets");
  });
});

describe("a health check", () => {
  const check = (props: Partial<HealthCheck>) => give(web({ healthCheck: { ...healthCheck, ...props } }));

  test.each([[["CMD-SHELL", "curl -f localhost"]], [["CMD", "curl", "-f"]]])("may run %j", (command) => {
    expect(check({ command })).not.toThrow();
  });
  test.each([[[]], [["CMD"]], [["CMD-SHELL"]], [["curl", "-f"]], [["NONE", "x"]]])(
    "cannot run %j",
    (command) => {
      expect(check({ command })).toThrow('container "web" healthCheck.command');
    },
  );

  test.each([
    ["interval", 5, 300],
    ["timeout", 2, 60],
    ["retries", 1, 10],
    ["startPeriod", 0, 300],
  ])("has a %s from %i to %i", (name, min, max) => {
    expect(check({ [name]: min })).not.toThrow();
    expect(check({ [name]: max })).not.toThrow();
    expect(check({ [name]: min - 1 })).toThrow(`healthCheck.${name} is ${min - 1}`);
    expect(check({ [name]: max + 1 })).toThrow(`healthCheck.${name} is ${max + 1}`);
    expect(check({ [name]: min + 0.5 })).toThrow(`healthCheck.${name}`);
  });
});

describe("a container that waits for another", () => {
  const pair = (condition: "START" | "COMPLETE" | "SUCCESS" | "HEALTHY", init: Partial<ContainerProps>) =>
    give(web({ dependsOn: { init: condition } }), web({ name: "init", ...portless, ...init }));

  test("may wait until it has started, and until it is healthy where that is checked", () => {
    expect(pair("START", {})).not.toThrow();
    expect(pair("HEALTHY", { healthCheck })).not.toThrow();
    expect(pair("HEALTHY", {})).toThrow(
      'HEALTHY only for a container that has a healthCheck, which "init" has not',
    );
  });

  test.each(["COMPLETE", "SUCCESS"] as const)(
    "may wait for %s of one that the task can do without, and of no other",
    (condition) => {
      expect(pair(condition, { essential: false })).not.toThrow();
      expect(pair(condition, {})).toThrow("essential");
    },
  );

  test("cannot wait for itself or for one that the task does not have", () => {
    expect(give(web({ dependsOn: { web: "START" } }))).toThrow("the name of another container");
    expect(give(web({ dependsOn: { proxy: "START" } }))).toThrow(
      /container "web" dependsOn is "proxy"[^]*another container of the task: web/,
    );
  });

  test("cannot wait for one that waits for it", () => {
    expect(
      give(web({ dependsOn: { b: "START" } }), web({ name: "b", ...portless, dependsOn: { web: "START" } })),
    ).toThrow("dependsOn");
  });

  test("cannot wait for two that wait for each other, and may wait for two that wait for a third", () => {
    const waiting = (name: string, ...others: string[]): ContainerProps =>
      web({
        name,
        ...portless,
        dependsOn: Object.fromEntries(others.map((other) => [other, "START" as const])),
      });
    expect(give(waiting("a", "b"), waiting("b", "c"), waiting("c", "b"))).toThrow(/dependsOn is \["b","c"\]/);
    expect(give(waiting("a", "b", "c"), waiting("b", "d"), waiting("c", "d"), waiting("d"))).not.toThrow();
  });
});
