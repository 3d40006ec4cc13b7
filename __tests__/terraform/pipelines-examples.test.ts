import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { templateOf, type Variable } from "../../scripts/tfvars-template";
import { STACKS } from "../../stacks";
import type { TerraformFolder } from "../../testing";
import type { CommandResult } from "../../testing/terraform-folder";
import { PIPELINES, read, ROOT } from "../examples/files";
import { Bench, tradingPlatform } from "./harness";
import { bucketOf, terraformFiles, usableStateBucketFiles } from "./pipelines";

interface TrustPolicy {
  readonly Statement: readonly {
    readonly Principal: { readonly Federated: string };
    readonly Condition: {
      readonly StringEquals: Readonly<Record<string, string>>;
      readonly StringLike?: unknown;
    };
  }[];
}

describe("the S3 backend with a lock file", () => {
  let bench: Bench;
  let folder: TerraformFolder;
  /** Is made until the test says so. */
  const HELD = `resource "terraform_data" "held" {
  provisioner "local-exec" {
    command = "until [ -e released ]; do sleep 0.1; done"
  }
}`;
  const isLocked = async (): Promise<boolean> => {
    const listing = await (await fetch(`${bench.emulator.endpoint}/${bucketOf("dev")}/`)).text();
    return listing.includes("<Key>trading-platform.tfstate.tflock</Key>");
  };

  beforeAll(async () => {
    bench = await Bench.start();
    await bench.folderWith(usableStateBucketFiles()).apply({ bucket: bucketOf("dev") });
    folder = bench.folderWith({
      ...terraformFiles("environments"),
      "dev.s3.tfbackend": read("environments/dev.s3.tfbackend").replace(
        /region = .*/,
        'region = "us-east-1"',
      ),
      "main.tf": HELD,
    });
    const init = ["init", "-no-color", "-backend-config=dev.s3.tfbackend"];
    expect(await folder.run(init)).toMatchObject({ exitCode: 0 });
  });
  afterAll(() => bench.dispose());

  test("lets one apply through at a time", async () => {
    const first = folder.run(["apply", "-auto-approve", "-no-color"]);
    const isOver = first.then(() => true);
    const soon = (): Promise<boolean> => new Promise((wait) => setTimeout(wait, 50, false));
    while (!(await isLocked()) && !(await Promise.race([isOver, soon()])));
    const second = await folder.run(["apply", "-auto-approve", "-no-color", "-lock-timeout=0s"]);
    expect(second.exitCode).not.toBe(0);
    expect(second.errors).toContain("Error acquiring the state lock");
    folder.write("released", "");
    expect((await first).exitCode).toBe(0);
    expect(await isLocked()).toBe(false);
    expect(await folder.resourcesInState()).toEqual(["terraform_data.held"]);
  });
});

describe("the roles", () => {
  let bench: Bench;
  let folder: TerraformFolder;
  const plan = async (file: string, ...more: string[]): Promise<CommandResult> => {
    const { exitCode, output, errors } = await folder.run([
      "plan",
      "-no-color",
      "-out=roles.tfplan",
      `-var-file=${join(PIPELINES, "oidc-roles", file)}`,
      ...more,
    ]);
    // Terraform breaks lines and draws a bar before them
    return { exitCode, output, errors: errors.replace(/[│\s]+/g, " ") };
  };
  beforeAll(async () => {
    bench = await Bench.start();
    folder = bench.folderWith(terraformFiles("oidc-roles"));
    await folder.validate();
  });
  afterAll(() => bench.dispose());

  test.each<[string, string, string]>([
    ["github", "token.actions.githubusercontent.com", "repo:my-org/my-repo:environment:production"],
    ["gitlab", "gitlab.com", "project_path:my-group/my-project:ref_type:branch:ref:main"],
    [
      "hcp-terraform",
      "app.terraform.io",
      "organization:my-organization:project:my-project:workspace:trading-platform-production:run_phase:apply",
    ],
  ])("for %s trust one issuer, one audience, and for changes one subject", async (name, issuer, subject) => {
    expect(await plan(`${name}.tfvars.json`)).toMatchObject({ exitCode: 0 });
    expect(await folder.run(["apply", "-no-color", "roles.tfplan"])).toMatchObject({ exitCode: 0 });
    const { output } = await folder.run(["state", "pull"], "stdout");
    const policies = [...output.matchAll(/"assume_role_policy": (".*")/g)].map(
      ([, text = ""]) => JSON.parse(JSON.parse(text) as string) as TrustPolicy,
    );
    expect(policies).toHaveLength(2);
    for (const { Statement } of policies) {
      expect(Statement).toHaveLength(1);
      expect(Statement[0]?.Principal.Federated).toMatch(new RegExp(`:oidc-provider/${issuer}$`));
      expect(Statement[0]?.Condition.StringEquals[`${issuer}:aud`]).toBeDefined();
    }
    const [applying] = policies.filter(({ Statement }) => Statement[0]?.Condition.StringLike === undefined);
    expect(applying?.Statement[0]?.Condition.StringEquals[`${issuer}:sub`]).toBe(subject);
    expect(await plan(`${name}.tfvars.json`, "-detailed-exitcode")).toMatchObject({ exitCode: 0 });
  });

  test.each<[string, string]>([
    ['plan_subjects=["*"]', "name the organization and the repository or project in full"],
    ['plan_subjects=["repo:*:pull_request"]', "name the organization and the repository or project in full"],
    [
      'plan_subjects=["repo:my-org/*:pull_request"]',
      "name the organization and the repository or project in full",
    ],
    ["plan_subjects=[]", "name the organization and the repository or project in full"],
    ["apply_subject=repo:my-org/my-repo:*", "must be one subject, without * and ?"],
    ["issuer=https://gitlab.com", "must be a host without https://"],
  ])("refuse %s", async (variable, text) => {
    const { exitCode, errors } = await plan("github.tfvars.json", `-var=${variable}`);
    expect(exitCode).toBe(1);
    expect(errors).toContain(text);
  });
});

describe("a template for the variables that nobody has filled in", () => {
  let bench: Bench;
  let outdir: string;
  beforeAll(async () => {
    bench = await Bench.start();
    outdir = mkdtempSync(join(tmpdir(), "templates-"));
    const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", "main.ts"], {
      cwd: ROOT,
      encoding: "utf8",
      env: { ...process.env, STACKS: "all", BACKEND: "none", CDKTF_OUTDIR: outdir },
    });
    expect([status, stderr]).toEqual([0, ""]);
  });
  afterAll(async () => {
    rmSync(outdir, { recursive: true, force: true });
    await bench.dispose();
  });

  test.each(Object.keys(STACKS))("is refused for %s, variable by variable", async (stack) => {
    const text = readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8");
    const { variable = {} } = JSON.parse(text) as { variable?: Record<string, Omit<Variable, "name">> };
    const variables = Object.entries(variable).map(([name, declared]) => ({ name, ...declared }));
    const required = variables.filter((each) => each.default === undefined).map(({ name }) => name);
    const folder = bench.folderWith({ "cdk.tf.json": text, "x.tfvars.json": templateOf(variables) });
    await folder.validate();
    const { output, errors } = await folder.run(["plan", "-no-color", "-var-file=x.tfvars.json"]);
    const said = [...errors.matchAll(/Invalid value for variable[\s\S]*?var\.(\w+) is/g)].map(
      ([, name]) => name,
    );
    expect([...new Set(said)].sort()).toEqual(required.sort());
    expect(output + errors).not.toContain("undeclared variable");
  });
});

describe("each example", () => {
  let bench: Bench;
  let stack: string;
  beforeAll(async () => {
    bench = await Bench.start();
    stack = tradingPlatform().toJson();
  });
  afterAll(() => bench.dispose());

  test.each<[string, () => Record<string, string>]>([
    ["s3-backend", () => terraformFiles("s3-backend")],
    ["oidc-roles", () => terraformFiles("oidc-roles")],
    ["environments", () => ({ ...terraformFiles("environments"), "cdk.tf.json": stack })],
    ["hcp-terraform", () => ({ ...terraformFiles("hcp-terraform"), "cdk.tf.json": stack })],
  ])("%s is initialized without its backend, valid, and formatted", async (_, files) => {
    const folder = bench.folderWith(files());
    const init = await folder.run(["init", "-backend=false", "-no-color"]);
    expect(init).toMatchObject({ exitCode: 0 });
    expect(await folder.run(["validate", "-no-color"])).toMatchObject({ exitCode: 0 });
    expect(await folder.run(["fmt", "-check", "-diff", "-no-color"])).toMatchObject({
      exitCode: 0,
      output: "",
    });
  });
});
