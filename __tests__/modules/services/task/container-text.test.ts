import { HttpNamespace } from "../../../../modules/core/cloud-map/http-namespace";
import { Efs } from "../../../../modules/core/storage/efs";
import { EfsAccessPoint } from "../../../../modules/core/storage/efs-access-point";
import { Secret } from "../../../../modules/core/storage/secret";
import type { ContainerProps } from "../../../../modules/services/task/container";
import { refusalOf, service, stackOf, SUBNETS, variable, VPC, web, type SmallStack } from "../../stack-of";

/** The container definitions as Terraform gets them. */
function definitions(container: (stack: SmallStack) => Partial<ContainerProps>): string {
  const stack = stackOf((stack) => {
    service(stack, "stock", { containers: [web(container(stack))] });
  });
  return stack.resource("aws_ecs_task_definition.stock").container_definitions as string;
}

const ESCAPED = (name: string): string =>
  `\${element(regex("^\\"(.*)\\"$", jsonencode(tostring(var.${name}))), 0)}`;

describe("a text of a container with a value that Terraform computes", () => {
  const write = (make: (value: string) => Partial<ContainerProps>): string =>
    definitions((stack) => make(variable(stack, "x").stringValue));

  test.each<[string, (value: string) => string, string]>([
    ["the default of a shell's variable", (x) => `\${NAME:-${x}}`, `$\${NAME:-${ESCAPED("x")}}`],
    ["a price", (x) => `US$${x}`, `US\${"$"}${ESCAPED("x")}`],
    ["the name of a shell's variable", (x) => `\${${x}}`, `$\${${ESCAPED("x")}}`],
    ["what looks like a directive", (x) => `%{${x}}`, `%%{${ESCAPED("x")}}`],
    ["a percentage", (x) => `100%${x}`, `100%${ESCAPED("x")}`],
  ])("may be %s", (_, text, expected) => {
    expect(write((x) => ({ environment: { TEXT: text(x) } }))).toContain(`"value":"${expected}"`);
    expect(write((x) => ({ command: [text(x)] }))).toContain(`"command":["${expected}"]`);
    expect(write((x) => ({ entryPoint: [text(x)] }))).toContain(`"entryPoint":["${expected}"]`);
    expect(write((x) => ({ user: text(x) }))).toContain(`"user":"${expected}"`);
    expect(write((x) => ({ healthCheck: { command: ["CMD", text(x)] } }))).toContain(`["CMD","${expected}"]`);
  });

  test("leaves the references behind it alone, if a brace in it is never closed", () => {
    const text = definitions((stack) => ({ command: ["echo ${", variable(stack, "x").stringValue] }));
    expect(text).toContain('"command":["echo $${",${jsonencode(tostring(var.x))}]');
    expect(text).toContain('"awslogs-group":"${aws_cloudwatch_log_group.stock.name}"');
  });
});

describe("texts that are no free texts", () => {
  test("of a mount keep ${TENANT}", () => {
    const stack = stackOf((stack) => {
      const fileSystem = new Efs(stack, "efs", { vpcId: VPC, subnets: SUBNETS });
      const accessPoint = new EfsAccessPoint(stack, "data", { fileSystem, path: "/data" });
      service(stack, "stock").mount(accessPoint, { containerPath: "/data/${TENANT}" });
    });
    const { container_definitions: text } = stack.resource("aws_ecs_task_definition.stock");
    expect(text).toContain('"containerPath":"/data/$${TENANT}"');
  });

  test("of a secret's key keep ${word} and quotes", () => {
    const secret = Secret.fromSecretsManager(
      "arn:aws:secretsmanager:eu-central-1:123456789012:secret:password-a1B2c3",
      { jsonKey: 'p${word}"' },
    );
    expect(definitions(() => ({ secrets: { PASSWORD: secret } }))).toContain(':p$${word}\\"::"');
  });

  test("of a description keep ${team}", () => {
    const stack = stackOf((stack) => {
      new HttpNamespace(stack, "names", { namespaceName: "shop", description: "for ${team}" });
    });
    expect(stack.resource("aws_service_discovery_http_namespace.names").description).toBe("for $${team}");
  });

  test("of a path in a caller's URL keep ${TENANT}, behind a port that Terraform computes too", () => {
    const stack = stackOf((stack) => {
      const port = variable(stack, "port", "number").numberValue;
      const stock = service(stack, "stock", {
        containers: [web({ portMappings: [{ containerPort: port }] })],
      });
      service(stack, "signal").connectTo(stock, { path: "/v1/${TENANT}" });
    });
    expect(stack.resource("aws_ecs_task_definition.signal").container_definitions).toContain(
      '"value":"http://stock.platform.internal:${var.port}/v1/$${TENANT}"',
    );
  });
});

describe("what is no text is rejected, and its place is named", () => {
  const refusal = (container: (stack: SmallStack) => unknown): string =>
    refusalOf((stack) => {
      service(stack, "stock", { containers: [web(container(stack) as Partial<ContainerProps>)] });
    });

  test("a variable that the environment has not", () => {
    const message = refusal(() => ({ environment: { E: undefined } }));
    expect(message).toMatch(/^small\/stock\/task_definition: container "web" environment\.E is not given\n/);
  });

  test("a word of a command", () => {
    expect(refusal(() => ({ command: ["node", null] }))).toMatch(/container "web" command\[1\] is null\n/);
  });

  test("a list that only Terraform knows", () => {
    const message = refusal((stack) => ({ command: variable(stack, "words", "list(string)").listValue }));
    expect(message).toMatch(/container "web" command is "a list or map that only Terraform knows"\n/);
    expect(message).not.toContain("TfToken");
  });
});
