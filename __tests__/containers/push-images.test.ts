import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TradingPlatformStack } from "../../stacks/trading-platform";
import { SynthesizedStack } from "../../testing";
import { PASSWORD, pushImages, type Result, type Setting } from "./stubs";

const REGISTRY = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
const stack = SynthesizedStack.of((app) => new TradingPlatformStack(app, "trading-platform"));

/** What Terraform prints after an apply: the names are the stack's own. */
const OUTPUTS = JSON.stringify(
  Object.fromEntries(
    stack.outputs().map((name) => {
      const repository = /^(.*)_repository_url$/.exec(name)?.[1];
      const value = repository ? `${REGISTRY}/${repository.replaceAll("_", "-")}` : "something";
      return [name, { sensitive: false, type: "string", value }];
    }),
  ),
);

const push = (setting: Setting = {}): Result => pushImages({ ...setting, env: { OUTPUTS, ...setting.env } });

/** What stands on its own in a failed run: no build, no login, one explanation. */
function expectRefused({ status, stderr, calls }: Result, ...texts: string[]): void {
  expect(status).toBe(1);
  for (const text of texts) expect(stderr).toContain(text);
  expect(stderr).toContain("mend: ");
  expect(stderr).not.toContain("    at ");
  expect(calls.filter((call) => /^docker\[(login|buildx]\[build)/.test(call))).toEqual([]);
}

const words = (text: string): string =>
  text
    .split(" ")
    .map((word, index) => (index === 0 ? word : `[${word}]`))
    .join("");

const lookUp = (name: string, tag: string): string =>
  `aws ecr describe-images --registry-id 123456789012 --region eu-central-1 --repository-name ${name} --image-ids imageTag=${tag}`;
const build = (name: string, tag: string): string =>
  `docker buildx build --platform linux/amd64,linux/arm64 --file apps/${name}/Dockerfile --build-arg VERSION=${tag} --tag ${REGISTRY}/${name}:${tag} --push .`;
const PASSWORD_COMMAND = "aws ecr get-login-password --region eu-central-1";
const LOGIN = `docker login --username AWS --password-stdin ${REGISTRY}`;

describe("pushing the images", () => {
  const both = push();

  test("builds both for two processors and pushes them to the repositories of the outputs", () => {
    expect(both.status).toBe(0);
    expect(both.calls.slice(2, 5)).toEqual([
      expect.stringMatching(
        /^terraform\[-chdir=\/.*\/cdktf\.out\/stacks\/trading-platform\]\[output\]\[-json\]$/,
      ),
      words(lookUp("stock-service", "1.0.0")),
      words(lookUp("signal-processing-service", "1.0.0")),
    ]);
    // a pipe: which of the two begins is open
    expect(both.calls.slice(5, 7).sort()).toEqual([words(PASSWORD_COMMAND), words(LOGIN)]);
    expect(both.calls.slice(7)).toEqual([
      words(build("stock-service", "1.0.0")),
      words(build("signal-processing-service", "1.0.0")),
    ]);
    expect(both.stdout).toContain(`  ${REGISTRY}/stock-service:1.0.0\n`);
  });

  test("gives docker the password on its standard input, and shows it nowhere", () => {
    expect(both.password).toBe(`${PASSWORD}\n`);
    for (const text of [both.stdout, both.stderr, ...both.calls]) expect(text).not.toContain(PASSWORD);
  });

  test.each(["stock_service", "signal_processing_service"])(
    "takes the tag that the stack runs without a word: %s",
    (service) => {
      const { default: tag } = stack.variable(`${service}_image_tag`);
      expect(both.calls).toContain(words(build(service.replaceAll("_", "-"), String(tag))));
    },
  );

  test("says how a tag of one's own is run", () => {
    const { status, stdout, calls } = push({ args: ["--tag", "1.4.2", "stock-service"] });
    expect(status).toBe(0);
    expect(stdout).toContain("terraform apply -var stock_service_image_tag=1.4.2, with");
    expect(calls.filter((call) => call.includes("[build]"))).toEqual([
      words(build("stock-service", "1.4.2")),
    ]);
  });

  test("takes the outputs from a file or from standard input, without Terraform", () => {
    const folder = mkdtempSync(join(tmpdir(), "outputs-"));
    try {
      const file = join(folder, "outputs.json");
      writeFileSync(file, OUTPUTS);
      for (const setting of [
        { args: ["--outputs", file] },
        { args: ["--outputs", "-"], input: OUTPUTS },
        { args: ["--outputs", "outputs.json"], env: { INIT_CWD: folder } },
      ]) {
        expect(push({ ...setting, without: "terraform" }).status).toBe(0);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("with --dry-run prints the commands and runs none but the one for the outputs", () => {
    const { status, stdout, calls } = push({ args: ["--dry-run"] });
    expect(status).toBe(0);
    expect(stdout.trim().split("\n")).toEqual([
      lookUp("stock-service", "1.0.0"),
      lookUp("signal-processing-service", "1.0.0"),
      `${PASSWORD_COMMAND} | ${LOGIN}`,
      build("stock-service", "1.0.0"),
      build("signal-processing-service", "1.0.0"),
    ]);
    expect(calls).toEqual([expect.stringMatching(/^terraform\[/)]);
  });
});

describe("what goes wrong is explained before anything is built", () => {
  test.each([
    ["terraform", "https://developer.hashicorp.com/terraform/install"],
    ["aws", "https://docs.aws.amazon.com/cli/"],
    ["docker", "https://docs.docker.com/engine/install/"],
  ] as const)("%s is not installed", (without, link) => {
    expectRefused(push({ without }), `${without} is not on the PATH`, link);
  });

  test.each<[string, Setting, string[]]>([
    ["docker has no buildx", { env: { BUILDX: "1" } }, ["no buildx", "https://docs.docker.com/"]],
    ["a bad tag", { args: ["--tag", "-1"] }, ["--tag"]],
    ["a tag with a blank", { args: ["--tag", "1 0"] }, ['--tag is "1 0"', "allowed: 1 to 128"]],
    ["latest", { args: ["--tag", "latest"] }, ['--tag is "latest"', "not latest"]],
    ["an unknown service", { args: ["stock"] }, ["no service stock", "signal-processing-service"]],
    ["an unknown option", { args: ["--tga", "1"] }, ["--tga", "--help"]],
    ["two sources", { args: ["--folder", "a", "--outputs", "b"] }, ["--folder and --outputs"]],
    ["no such file", { args: ["--outputs", "/no/outputs.json"] }, ["/no/outputs.json"]],
    ["a folder without state", { env: { TERRAFORM_FAILS: "1" } }, ["Backend initialization", "--folder"]],
    ["nothing applied yet", { env: { OUTPUTS: "{}" } }, ["none at all", "terraform apply"]],
    [
      "another stack's outputs",
      { env: { OUTPUTS: '{"vpc_id":{"value":"vpc-1"}}' } },
      ["no output stock_service_repository_url; there are vpc_id"],
    ],
    ["outputs that are no JSON", { env: { OUTPUTS: "url = x" } }, ["terraform output -json"]],
    [
      "a repository elsewhere",
      { env: { OUTPUTS: '{"stock_service_repository_url":{"value":"docker.io/a/b"}}' } },
      ['is "docker.io/a/b"', "allowed: <account>.dkr.ecr."],
    ],
    [
      "a tag that is there already",
      { env: { PRESENT: "signal-processing-service" } },
      [`${REGISTRY}/signal-processing-service:1.0.0 is there already`, "another --tag", "stock-service"],
    ],
    ["a repository that is gone", { env: { ECR_ERROR: "RepositoryNotFoundException" } }, ["terraform apply"]],
    [
      "no permission",
      { env: { ECR_ERROR: "AccessDeniedException" } },
      ["(AccessDeniedException)", "credentials of account 123456789012", "ecr:DescribeImages"],
    ],
  ])("%s", (_, setting, texts) => expectRefused(push(setting), ...texts));

  test("no password: nothing is built", () => {
    const { status, stderr, calls } = push({ env: { LOGIN_FAILS: "1" } });
    expect(status).toBe(1);
    expect(stderr).toContain("ecr:GetAuthorizationToken");
    expect(calls.filter((call) => call.includes("[build]"))).toEqual([]);
  });

  test("a build that fails: the next one is not begun, and builders are explained", () => {
    const { status, stdout, stderr, calls } = push({ env: { BUILD: "17" } });
    expect(status).toBe(1);
    expect(stderr).toContain("exit code 17");
    expect(stderr).toContain("docker buildx create --use --bootstrap");
    expect(stdout).not.toContain("Pushed");
    expect(calls.filter((call) => call.includes("[build]"))).toHaveLength(1);
  });
});
