import { spawnSync } from "node:child_process";
import { allPages } from "../docs/pages";
import { commandsOf, SHELLS, type Command } from "../docs/shell";

const blocks = allPages().flatMap((page) => page.blocks);

/** HCL as `terraform fmt` wants it; what it says where it cannot read it. */
function formatted(text: string): { readonly output: string; readonly errors: string } {
  const { stdout, stderr } = spawnSync("terraform", ["fmt", "-no-color", "-"], {
    input: text,
    encoding: "utf8",
  });
  return { output: stdout, errors: stderr };
}

/**
 * Asks botocore, which comes with the emulator, for the operations and options of commands. Prints a line for each that
 * there is not.
 */
const ASK_BOTOCORE = `
import json, sys
import botocore.session
from botocore import xform_name

# what the command line has beside the operations of the APIs
OWN = {"ecr": {"get-login-password"}, "logs": {"tail"}}
GLOBAL = {"region", "profile", "output", "query", "endpoint-url", "no-cli-pager", "no-paginate", "cli-input-json",
          "max-items", "debug", "color", "no-sign-request"}
session = botocore.session.get_session()
for words in json.load(sys.stdin):
    plain = [word for word in words if not word.startswith("--")]
    service, operation = {"s3api": "s3"}.get(plain[0], plain[0]), plain[1]
    if plain[0] in ("s3", "configure") or operation in OWN.get(service, ()):
        continue
    if service not in session.get_available_services():
        print(f"aws {service}: there is no such service")
        continue
    client = session.create_client(service, region_name="eu-central-1", aws_access_key_id="x", aws_secret_access_key="x")
    model = client.meta.service_model
    if operation == "wait":
        if plain[2].replace("-", "_") not in client.waiter_names:
            names = [name.replace("_", "-") for name in client.waiter_names]
            if plain[2] not in names:
                print(f"aws {service} wait {plain[2]}: there is no such waiter")
        continue
    operations = {xform_name(name, "-"): name for name in model.operation_names}
    if operation not in operations:
        print(f"aws {service} {operation}: there is no such operation")
        continue
    shape = model.operation_model(operations[operation]).input_shape
    members = {xform_name(name, "-"): member for name, member in (shape.members if shape else {}).items()}
    allowed = set(members) | {f"no-{name}" for name in members} | GLOBAL
    for option in (word[2:].split("=")[0] for word in words if word.startswith("--")):
        if option not in allowed:
            print(f"aws {service} {operation}: there is no option --{option}")
    given = {word[2:].split("=")[0] for word in words if word.startswith("--")}
    for name in (shape.required_members if shape else []):
        if xform_name(name, "-") not in given and "cli-input-json" not in given:
            print(f"aws {service} {operation}: --{xform_name(name, '-')} is missing")
`;

function askBotocore(commands: readonly Command[]): string[] {
  const input = JSON.stringify(commands.map(({ words }) => words.slice(1)));
  const { status, stdout, stderr } = spawnSync(process.env.PYTHON ?? "python3", ["-c", ASK_BOTOCORE], {
    input,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.split("\n").filter((line) => line !== "");
}

describe("the HCL on the pages", () => {
  test("can be read by Terraform, and is formatted", () => {
    const wrong = blocks
      .filter(({ language }) => language === "hcl")
      .flatMap(({ page, line, text }) => {
        const { output, errors } = formatted(text);
        if (errors !== "") return [`${page}:${line} ${errors}`];
        return output === text ? [] : [`${page}:${line} terraform fmt gives\n${output}`];
      });
    expect(wrong).toEqual([]);
  });

  test("would be told where it cannot be read, or is not formatted", () => {
    expect(formatted('variable "x" {\n').errors).toContain("Error");
    expect(formatted("a=1\n").output).toBe("a = 1\n");
  });
});

describe("the `aws` commands on the pages", () => {
  const commandsIn = (text: string): Command[] =>
    commandsOf({ page: "x.md", line: 1, language: "shell", settings: {}, text });

  test("are operations that AWS has, with options that they take", () => {
    const commands = blocks
      .filter(({ language }) => SHELLS.includes(language))
      .flatMap(commandsOf)
      .filter(({ words: [program] }) => program === "aws");
    expect(commands.length).toBeGreaterThan(5);
    expect(askBotocore(commands)).toEqual([]);
  });

  test.each([
    ["aws servicediscover list-services", "aws servicediscover: there is no such service"],
    ["aws servicediscovery list-service", "aws servicediscovery list-service: there is no such operation"],
    ["aws ec2 describe-dhcp-options --vpc x", "aws ec2 describe-dhcp-options: there is no option --vpc"],
    ["aws ecs describe-services --cluster x", "aws ecs describe-services: --services is missing"],
    ["aws ecs wait services-stabel --services x", "aws ecs wait services-stabel: there is no such waiter"],
  ])("would be told of `%s`", (text, problem) => {
    expect(askBotocore(commandsIn(text))).toEqual([problem]);
  });
});
