import { ContainerImage } from "../../../../modules/core/storage/container-image";
import { Secret } from "../../../../modules/core/storage/secret";
import type { EcsServiceProps } from "../../../../modules/services/ecs-service/ecs-service-props";
import type { ContainerProps } from "../../../../modules/services/task/container";
import type { SynthesizedStack } from "../../../../testing";
import { containersOf, refusalOf, service, stackOf, variable, web, type SmallStack } from "../../stack-of";

const make = (props: Partial<EcsServiceProps> = {}): SynthesizedStack =>
  stackOf((stack) => service(stack, "stock", props));
const task = (props: Partial<EcsServiceProps> = {}) => make(props).resource("aws_ecs_task_definition.stock");
const container = (props: Partial<ContainerProps>): Record<string, unknown> | undefined =>
  containersOf(make({ containers: [web(props)] }), "stock")[0];
const refused = (props: Partial<EcsServiceProps>): string =>
  refusalOf((stack) => service(stack, "stock", props));
const SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbCdEf";

describe("a task", () => {
  test("is a Linux task of a quarter vCPU and 512 MiB on Fargate, unless asked otherwise", () => {
    expect(task()).toMatchObject({
      family: "stock",
      requires_compatibilities: ["FARGATE"],
      network_mode: "awsvpc",
      cpu: "256",
      memory: "512",
      runtime_platform: { cpu_architecture: "X86_64", operating_system_family: "LINUX" },
      execution_role_arn: "${aws_iam_role.stock_ecs_task_execution_role.arn}",
      task_role_arn: "${aws_iam_role.stock_task_role.arn}",
    });
    expect(task()).not.toHaveProperty("ephemeral_storage");
    expect(task()).not.toHaveProperty("volume");
  });

  test("may be larger, on ARM and with more scratch space, and its old revisions may stay", () => {
    const larger = {
      cpu: 1024,
      memory: 4096,
      cpuArchitecture: "ARM64",
      ephemeralStorageGib: 21,
      skipDestroy: true,
    } as const;
    expect(task(larger)).toMatchObject({
      cpu: "1024",
      memory: "4096",
      runtime_platform: { cpu_architecture: "ARM64" },
      ephemeral_storage: { size_in_gib: 21 },
      skip_destroy: true,
    });
  });

  test("cannot have a size that Fargate does not offer", () => {
    expect(refused({ cpu: 300 })).toMatch(/^small\/stock\/task_definition: cpu is 300\n/);
    expect(refused({ cpu: 256, memory: 4096 })).toMatch(/^small\/stock\/task_definition: memory is 4096\n/);
  });

  test.each([20, 201, 21.5])("cannot have %d GiB of scratch space", (ephemeralStorageGib) => {
    expect(refused({ ephemeralStorageGib })).toContain(`ephemeralStorageGib is ${ephemeralStorageGib}`);
  });
  test("may have 200 GiB", () => {
    expect(task({ ephemeralStorageGib: 200 }).ephemeral_storage).toEqual({ size_in_gib: 200 });
  });

  test("cannot promise its containers more than it has", () => {
    const containers = (props: Partial<ContainerProps>) => [
      web(props),
      web({ ...props, name: "b", portMappings: [] }),
    ];
    expect(refused({ containers: containers({ cpu: 200 }) })).toContain("cpu");
    expect(refused({ containers: containers({ memory: 300 }) })).toContain("memory");
    expect(() => make({ containers: containers({ cpu: 128, memory: 256 }) })).not.toThrow();
  });

  test.each([
    ["that take what is there", false],
    ["that are promised all of it", true],
  ])("may have a size that only Terraform knows, with containers %s", (_, arePromised) => {
    const stack = stackOf((stack) => {
      const size = {
        cpu: variable(stack, "cpu", "number").numberValue,
        memory: variable(stack, "memory", "number").numberValue,
      };
      service(stack, "stock", { ...size, containers: [web(arePromised ? size : {})] });
    });
    const task = stack.resource("aws_ecs_task_definition.stock");
    expect(task).toMatchObject({ cpu: "${var.cpu}", memory: "${var.memory}" });
    const promise = '"cpu":${var.cpu},"memory":${var.memory}';
    expect((task.container_definitions as string).includes(promise)).toBe(arePromised);
  });
});

describe("a container definition", () => {
  test("has what was given and what a log needs, and nothing that ECS would leave out when asked for it", () => {
    expect(container({})).toEqual({
      name: "web",
      image: "public.ecr.aws/nginx/nginx:1.27",
      essential: true,
      portMappings: [{ containerPort: 80, protocol: "tcp" }],
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": "${aws_cloudwatch_log_group.stock.name}",
          "awslogs-region": "${data.aws_region.current.id}",
          "awslogs-stream-prefix": "stock",
          mode: "non-blocking",
          "max-buffer-size": "25m",
        },
      },
    });
  });

  test("has each of the settings under the name that ECS knows", () => {
    expect(
      container({
        essential: true,
        cpu: 128,
        memory: 256,
        user: "1000:1000",
        readonlyRootFilesystem: true,
        entryPoint: ["/bin/sh"],
        command: ["-c", "echo $HOME"],
        stopTimeout: 60,
        portMappings: [{ containerPort: 80 }, { containerPort: 53, protocol: "udp", name: "dns" }],
        healthCheck: { command: ["CMD", "true"], timeout: 10 },
      }),
    ).toMatchObject({
      cpu: 128,
      memory: 256,
      user: "1000:1000",
      readonlyRootFilesystem: true,
      entryPoint: ["/bin/sh"],
      command: ["-c", "echo $HOME"],
      stopTimeout: 60,
      portMappings: [
        { containerPort: 80, protocol: "tcp" },
        { containerPort: 53, protocol: "udp", name: "dns" },
      ],
      healthCheck: { command: ["CMD", "true"], interval: 30, timeout: 10, retries: 3 },
    });
  });

  test("has no host port: the task's port is the container's", () => {
    expect(make().toJson()).not.toContain("hostPort");
  });

  test("has its environment sorted, so that the order of writing changes nothing", () => {
    expect(container({ environment: { B: "2", A: "1", C: "" } })?.environment).toEqual([
      { name: "A", value: "1" },
      { name: "B", value: "2" },
      { name: "C", value: "" },
    ]);
  });

  test("names the containers that it waits for", () => {
    const stack = make({
      containers: [
        web({ dependsOn: { init: "START" } }),
        web({ name: "init", portMappings: [], essential: false }),
      ],
    });
    const [first, second] = containersOf(stack, "stock");
    expect(first).toMatchObject({ dependsOn: [{ containerName: "init", condition: "START" }] });
    expect(second).toMatchObject({ essential: false });
    expect(second).not.toHaveProperty("dependsOn");
    expect(second).not.toHaveProperty("portMappings");
  });

  test("has the address of a secret, never its value, and the execution role may read it", () => {
    const stack = make({
      containers: [web({ secrets: { DB: Secret.fromSecretsManager(SECRET, { jsonKey: "pw" }) } })],
    });
    expect(containersOf(stack, "stock")[0]?.secrets).toEqual([{ name: "DB", valueFrom: `${SECRET}:pw::` }]);
    expect(stack.resource("aws_iam_role_policy.stock_ecs_task_execution_role").policy).toContain(SECRET);
    expect(stack.addresses("aws_iam_role_policy")).toEqual([
      "aws_iam_role_policy.stock_ecs_task_execution_role",
    ]);
  });

  test("has texts of a person as they were written, ${HOME} too", () => {
    const text = task({
      containers: [
        web({
          environment: { PROMPT: '"${HOME}" \\ \n' },
          command: ["echo ${A}"],
          entryPoint: ["${B}"],
          healthCheck: { command: ["CMD-SHELL", "test ${C}"] },
        }),
      ],
    }).container_definitions as string;
    expect(JSON.parse(text)).toMatchObject([
      {
        environment: [{ name: "PROMPT", value: '"$${HOME}" \\ \n' }],
        command: ["echo $${A}"],
        entryPoint: ["$${B}"],
        healthCheck: { command: ["CMD-SHELL", "test $${C}"] },
      },
    ]);
  });

  test("has a number that only Terraform knows as the string that ECS wants", () => {
    const stack = stackOf((stack) => {
      const COUNT = variable(stack, "count", "number").stringValue;
      service(stack, "stock", { containers: [web({ environment: { COUNT } })] });
    });
    expect(stack.resource("aws_ecs_task_definition.stock").container_definitions).toContain(
      '"environment":[{"name":"COUNT","value":${jsonencode(tostring(var.count))}}]',
    );
  });

  test("names its image by a reference, unescaped", () => {
    const stack = stackOf((stack) => {
      const image = ContainerImage.fromRegistry(variable(stack, "image").stringValue);
      service(stack, "stock", { containers: [web({ image })] });
    });
    expect(containersOf(stack, "stock")[0]?.image).toBe("${var.image}");
  });
});

describe("a variable that is added to the environment", () => {
  const add =
    (given: Partial<ContainerProps>, ...added: [string, string][]) =>
    (stack: SmallStack) => {
      const containers = [web({ name: "first", portMappings: [{ containerPort: 81 }] }), web(given)];
      const { taskDefinition } = service(stack, "stock", { containers });
      added.forEach(([name, value]) => taskDefinition.addEnvironment(name, value));
    };

  test("is seen by all containers, among the others in order", () => {
    const stack = stackOf(add({ environment: { A: "1", Z: "2" } }, ["M", "x"]));
    expect(containersOf(stack, "stock").map(({ environment }) => environment)).toEqual([
      [{ name: "M", value: "x" }],
      [
        { name: "A", value: "1" },
        { name: "M", value: "x" },
        { name: "Z", value: "2" },
      ],
    ]);
  });

  test("may be there already with the same value", () => {
    expect(() => stackOf(add({ environment: { M: "x" } }, ["M", "x"], ["M", "x"]))).not.toThrow();
  });

  test("cannot be there with another value, and the message names the container", () => {
    expect(refusalOf(add({ environment: { M: "y" } }, ["M", "x"]))).toMatch(
      /small\/stock\/task_definition: container "web" environment is "M"[^]*out of the container's environment/,
    );
    expect(refusalOf(add({}, ["M", "x"], ["M", "y"]))).toContain("a name that nothing else has set");
  });

  test("cannot be a secret already", () => {
    const secrets = { M: Secret.fromSecretsManager(SECRET) };
    expect(refusalOf(add({ secrets }, ["M", "x"]))).toContain("out of the container's secrets");
  });

  test.each(["", "1A", "A B", "A=B"])("cannot be called %p", (name) => {
    expect(refusalOf(add({}, [name, "x"]))).toContain("not starting with a digit");
  });
});
