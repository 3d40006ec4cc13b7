import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adoption, type Way } from "../../scripts/adopt/adoption";
import { parseConfiguration, type Configuration } from "../../scripts/adopt/configuration";
import { adoptFile, overrideFile } from "../../scripts/adopt/files";
import { obstacles, report } from "../../scripts/adopt/report";
import { parseState, type ExistingResource } from "../../scripts/adopt/state";
import type { Said } from "../../scripts/adopt/match";

type Values = Record<string, unknown>;

/** A state file with these resources, by address; a list stands for `count`, `for_each` is given as an object. */
function state(resources: Record<string, Values>, keys: Record<string, (string | number)[]> = {}): string {
  return JSON.stringify({
    version: 4,
    resources: Object.entries(resources).map(([address, values]) => {
      const [, module, type, name] = /^(?:(.+)\.)?(aws_\w+)\.(\w+)$/.exec(address) ?? [];
      const instances = (keys[address] ?? [undefined]).map((index_key) => ({
        index_key,
        attributes: { ...values, ...(index_key === undefined ? {} : { subnet_id: `subnet-${index_key}` }) },
      }));
      return { mode: "managed", module, type, name, instances };
    }),
  });
}

const existing = (...args: Parameters<typeof state>): readonly ExistingResource[] =>
  parseState(state(...args)) ?? [];
const stack = (resource: Record<string, Record<string, Values>>): Configuration =>
  parseConfiguration(JSON.stringify({ resource }));
const adopt = (
  resources: readonly ExistingResource[],
  configuration: Configuration,
  said: Said = {},
  way: Way = "moved",
): ReturnType<typeof adoption> => adoption(way, resources, configuration, said);
const pairs = ({ adopted }: ReturnType<typeof adoption>): string[] =>
  adopted.map(({ existing, to }) => `${existing.address} -> ${to}`);

const CLUSTER = { aws_ecs_cluster: { main: { name: "main" } } };

describe("what is the same", () => {
  test("is found by name, in any module", () => {
    const found = adopt(
      existing({ "module.a.module.b.aws_ecs_cluster.x": { name: "main" } }),
      stack(CLUSTER),
    );
    expect(pairs(found)).toEqual(["module.a.module.b.aws_ecs_cluster.x -> aws_ecs_cluster.main"]);
    expect(found.created).toEqual([]);
  });

  test("is found by what refers to it", () => {
    const found = adopt(
      existing({
        "aws_iam_role.deployer": { arn: "arn:deployer", name_prefix: "" },
        "aws_iam_role.x": { arn: "arn:execution", name_prefix: "" },
        "aws_ecs_task_definition.web": { family: "web", execution_role_arn: "arn:execution" },
      }),
      stack({
        aws_iam_role: { execution: {}, task: {} },
        aws_ecs_task_definition: {
          web: {
            family: "web",
            execution_role_arn: "${aws_iam_role.execution.arn}",
            task_role_arn: "${aws_iam_role.task.arn}",
          },
        },
      }),
    );
    expect(pairs(found)).toEqual(["aws_iam_role.x -> aws_iam_role.execution"]);
    expect(found.created).toEqual(["aws_iam_role.task", "aws_ecs_task_definition.web"]);
    expect(found.others.map(({ address }) => address)).toEqual(["aws_iam_role.deployer"]);
  });

  test("is found by what it belongs to, with the keys of for_each", () => {
    const found = adopt(
      existing(
        {
          "aws_efs_file_system.files": { id: "fs-1", encrypted: true },
          "aws_efs_mount_target.files": { id: "fsmt", file_system_id: "fs-1" },
          "aws_efs_mount_target.others": { id: "fsmt", file_system_id: "fs-2" },
        },
        { "aws_efs_mount_target.files": [0, 1] },
      ),
      stack({
        aws_efs_file_system: { efs: { encrypted: true } },
        aws_efs_mount_target: {
          efs: {
            for_each: "${toset(var.subnets)}",
            subnet_id: "${each.value}",
            file_system_id: "${aws_efs_file_system.efs.id}",
          },
        },
      }),
    );
    expect(pairs(found)).toEqual([
      "aws_efs_file_system.files -> aws_efs_file_system.efs",
      'aws_efs_mount_target.files -> aws_efs_mount_target.efs["subnet-0"]',
      'aws_efs_mount_target.files -> aws_efs_mount_target.efs["subnet-1"]',
    ]);
    expect(adoptFile(found)).toContain(
      'from = aws_efs_mount_target.files[0]\n  to   = aws_efs_mount_target.efs["subnet-0"]',
    );
  });

  test("is asked for where two have no name, and taken as it is said", () => {
    const old = existing({
      "aws_ecr_repository.one": { name: "one" },
      "aws_ecr_repository.two": { name: "two" },
    });
    const configuration = stack({ aws_ecr_repository: { stock: { name: "stock" } } });
    const asked = obstacles(adopt(old, configuration));
    expect(asked).toEqual([expect.stringContaining("aws_ecr_repository.one, aws_ecr_repository.two")]);
    expect(asked.join()).toContain("--map <existing>=<configured>");

    const given = { "aws_ecr_repository.one": "aws_ecr_repository.stock" };
    const said = obstacles(adopt(old, configuration, { given }));
    expect(said).toEqual([
      expect.stringContaining(
        'name is "stock", aws_ecr_repository.one has "one"; Terraform would replace it',
      ),
    ]);

    const anew = new Set(["aws_ecr_repository.stock"]);
    expect(obstacles(adopt(old, configuration, { anew }))).toEqual([]);
    expect(adopt(old, configuration, { anew }).created).toEqual(["aws_ecr_repository.stock"]);
  });

  test("is not taken by name where two have that name", () => {
    const values = { name: "web", cluster: "c" };
    const old = existing({ "aws_ecs_service.a": values, "module.other.aws_ecs_service.b": values });
    const found = adopt(old, stack({ aws_ecs_service: { web: { name: "web" } } }));
    expect(pairs(found)).toEqual([]);
    expect(found.questions).toHaveLength(1);
  });

  test.each<[string, Said, RegExp]>([
    [
      "an existing address",
      { given: { "aws_vpc.x": "aws_ecs_cluster.main" } },
      /aws_vpc\.x is not in the state/,
    ],
    [
      "a configured address",
      { given: { "aws_ecs_cluster.x": "aws_vpc.y" } },
      /aws_vpc\.y is not in the stack/,
    ],
    ["what is made anew", { anew: new Set(["aws_vpc.y"]) }, /--new aws_vpc\.y: it is not in the stack/],
  ])("refuses %s that is not there", (_, said, message) => {
    const old = existing({ "aws_ecs_cluster.x": { name: "main" } });
    expect(() => adopt(old, stack(CLUSTER), said)).toThrow(message);
  });

  test("refuses to map one type to another", () => {
    const old = existing({ "aws_vpc.x": {} });
    const given = { "aws_vpc.x": "aws_ecs_cluster.main" };
    expect(() => adopt(old, stack(CLUSTER), { given })).toThrow("aws_vpc cannot become aws_ecs_cluster");
  });
});

describe("what AWS cannot change", () => {
  test("stops the adoption where other things say the same, and names what keeps it", () => {
    const found = adopt(
      existing({ "aws_service_discovery_private_dns_namespace.n": { name: "prod.local", vpc: "vpc-1" } }),
      stack({
        aws_service_discovery_private_dns_namespace: { n: { name: "other.local", vpc: "${var.vpc_id}" } },
      }),
    );
    expect(obstacles(found)).toEqual([
      expect.stringMatching(
        /name is "other\.local", .* has "prod\.local"; Terraform would replace it\n +mend: +.*`namespaceName`/,
      ),
    ]);
    expect(found.variables.get("vpc_id")).toBe("vpc-1");
  });

  test("stops it where the records differ, and where a service is in a cluster that is not adopted", () => {
    const dns = (...types: string[]): Values => ({
      dns_config: [{ routing_policy: "MULTIVALUE", dns_records: types.map((type) => ({ type, ttl: 5 })) }],
    });
    const found = adopt(
      existing({
        "aws_service_discovery_service.web": { name: "web", ...dns("A") },
        "aws_ecs_service.web": { name: "web", cluster: "arn:old", launch_type: "FARGATE" },
      }),
      stack({
        aws_service_discovery_service: { web: { name: "web", ...dns("A", "SRV") } },
        aws_ecs_service: {
          web: { name: "web", cluster: "${aws_ecs_cluster.main.id}", launch_type: "FARGATE" },
        },
        ...CLUSTER,
      }),
    );
    expect(found.blocking.map(({ match, path }) => `${match.to} ${path}`)).toEqual([
      "aws_service_discovery_service.web dns_config.dns_records.type",
      "aws_ecs_service.web cluster",
    ]);
    expect(found.kept).toEqual([]);
  });

  test("is kept where nothing follows from it, with what the stack leaves alone anyway", () => {
    const found = adopt(
      existing({
        "aws_efs_file_system.x": { id: "fs-1", encrypted: false, performance_mode: "generalPurpose" },
      }),
      stack({
        aws_efs_file_system: {
          efs: {
            encrypted: true,
            performance_mode: "generalPurpose",
            lifecycle: { ignore_changes: ["throughput_mode"] },
          },
        },
      }),
    );
    expect(obstacles(found)).toEqual([]);
    expect(overrideFile(found)).toContain(
      "ignore_changes = [\n      throughput_mode,\n      encrypted,\n    ]",
    );
    expect(report(found)).toContain("encrypted stays false, not true");
  });

  test("needs no file where the stack keeps it by itself", () => {
    const lifecycle = [{ ignore_changes: ["encrypted"] }];
    const found = adopt(
      existing({ "aws_efs_file_system.x": { id: "fs-1", encrypted: false } }),
      stack({ aws_efs_file_system: { efs: { encrypted: true, lifecycle } } }),
    );
    expect(found.kept).toHaveLength(1);
    expect(overrideFile(found)).toBeUndefined();
  });

  test("is compared with the provider's default where the stack says nothing", () => {
    const role = (path: string): ReturnType<typeof adoption> =>
      adopt(
        existing({
          "aws_iam_role.x": { arn: "arn:x", path },
          "aws_ecs_task_definition.t": { family: "t", execution_role_arn: "arn:x" },
        }),
        stack({
          aws_iam_role: { e: {} },
          aws_ecs_task_definition: { t: { family: "t", execution_role_arn: "${aws_iam_role.e.arn}" } },
        }),
      );
    expect(role("/").kept).toEqual([]);
    expect(role("/service/").kept.map(({ path }) => path)).toEqual(["path"]);
  });
});

describe("what is written", () => {
  test("moves nothing that stays where it is, and forgets what is not the stack's", () => {
    const found = adopt(
      existing({ "aws_ecs_cluster.main": { name: "main" }, "module.a.aws_lb.web": { arn: "arn:lb" } }),
      stack(CLUSTER),
    );
    expect(adoptFile(found)).toBe(
      [
        'terraform {\n  required_version = ">= 1.7.0"\n}',
        "removed {\n  from = module.a.aws_lb.web\n\n  lifecycle {\n    destroy = false\n  }\n}\n",
      ].join("\n\n"),
    );
  });

  test("says by hand what a removed block cannot: an address that the stack has too", () => {
    const found = adopt(
      existing({ "aws_ecs_task_definition.web": { family: "web" } }),
      stack({ aws_ecs_task_definition: { web: { family: "web" } } }),
    );
    expect(found.forgotten).toEqual([]);
    expect(report(found)).toContain("terraform state rm aws_ecs_task_definition.web");
  });

  test("imports by the ids that the provider wants, in a module where there is one", () => {
    const found = adopt(
      existing({
        "aws_ecs_cluster.x": { name: "main", id: "arn:c" },
        "aws_ecs_service.web": { name: "web", cluster: "arn:aws:ecs:eu-west-1:1:cluster/main" },
      }),
      stack({ ...CLUSTER, aws_ecs_service: { web: { name: "web" } } }),
      { module: "platform" },
      "import",
    );
    expect(adoptFile(found)).toBe(
      [
        'import {\n  to = module.platform.aws_ecs_cluster.main\n  id = "main"\n}',
        'import {\n  to = module.platform.aws_ecs_service.web\n  id = "main/web"\n}\n',
      ].join("\n\n"),
    );
  });

  test("never shows more of a resource than its id and what cannot change", () => {
    const secret = "hunter2";
    const old = existing({
      "aws_db_instance.x": { id: "db", password: secret },
      "aws_ecs_task_definition.web": { family: "web", container_definitions: secret },
      "aws_ecs_cluster.x": { name: "main", tags: { secret } },
    });
    const found = adopt(old, stack({ ...CLUSTER, aws_ecs_task_definition: { web: { family: "web" } } }));
    expect(report(found)).toContain("aws_db_instance.x (db)");
    expect([report(found), adoptFile(found), overrideFile(found)].join()).not.toContain(secret);
  });
});

describe("a state", () => {
  test("is read in the form of `terraform show -json`, modules and keys included", () => {
    const shown = JSON.stringify({
      format_version: "1.0",
      values: {
        root_module: {
          resources: [
            { mode: "data", address: "data.aws_vpc.x", type: "aws_vpc" },
            {
              mode: "managed",
              address: 'aws_subnet.x["a"]',
              type: "aws_subnet",
              index: "a",
              values: { id: "s" },
            },
          ],
          child_modules: [
            {
              resources: [
                { mode: "managed", address: "module.m[0].aws_vpc.v", type: "aws_vpc", values: { id: "v" } },
              ],
            },
          ],
        },
      },
    });
    expect(parseState(shown)).toEqual([
      { address: "aws_subnet.x", type: "aws_subnet", key: "a", values: { id: "s" } },
      { address: "module.m[0].aws_vpc.v", type: "aws_vpc", key: undefined, values: { id: "v" } },
    ]);
  });

  test.each([
    "",
    "nonsense",
    "[]",
    '{"version":3,"modules":[]}',
    '{"format_version":"1.2","planned_values":{}}',
  ])("is not taken from %j", (text) => {
    expect(parseState(text)).toBeUndefined();
  });
});

describe("the command", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "adopt-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(
      process.execPath,
      ["--import", "tsx", join(__dirname, "..", "..", "scripts", "adopt.ts"), ...args],
      { cwd: join(__dirname, "..", ".."), env: { ...process.env, INIT_CWD: folder }, encoding: "utf8" },
    );
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);

  test("writes nothing where something stands in the way, and says what to do", () => {
    write("old.tfstate", state({ "aws_ecs_cluster.x": { name: "old" } }));
    write("cdk.tf.json", JSON.stringify({ resource: CLUSTER }));
    const { status, stderr } = run("--from", "old.tfstate", "--to", ".");
    expect(status).toBe(1);
    expect(stderr).toContain('name is "main", aws_ecs_cluster.x has "old"');
    expect(stderr).toContain("`clusterName`");
    expect(existsSync(join(folder, "adopt.tf"))).toBe(false);
  });

  test("writes nothing in a dry run, and else beside the stack; an override of before goes", () => {
    write("old.tfstate", state({ "module.a.aws_ecs_cluster.x": { name: "main" } }));
    write("cdk.tf.json", JSON.stringify({ resource: CLUSTER }));
    write("adopt_override.tf", "");
    expect(run("--from", "old.tfstate", "--to", ".", "--dry-run").status).toBe(0);
    expect(existsSync(join(folder, "adopt.tf"))).toBe(false);
    expect(run("--from", "old.tfstate", "--to", ".").status).toBe(0);
    expect(readFileSync(join(folder, "adopt.tf"), "utf8")).toContain("to   = aws_ecs_cluster.main");
    expect(existsSync(join(folder, "adopt_override.tf"))).toBe(false);
  });

  test.each<[string, string[], RegExp]>([
    ["no state", [], /--from is missing/],
    ["a file that is not there", ["--from", "none"], /--from: ENOENT[^]*mend: +give the folder/],
    [
      "a file that is no state",
      ["--from", "cdk.tf.json"],
      /is no state of Terraform's[^]*terraform state pull/,
    ],
    ["an empty state", ["--from", "empty.tfstate"], /has no resources[^]*workspace/],
    ["no stack", ["--from", "old.tfstate", "--to", "nowhere"], /no synthesized stack[^]*npm run synth/],
    ["an unknown option", ["--form", "x"], /--form[^]*--help/],
    ["half a pair", ["--from", "old.tfstate", "--map", "x"], /--map is "x"/],
    [
      "a module without a folder",
      ["--from", "old.tfstate", "--module", "m=nowhere"],
      /--module is "m=nowhere"/,
    ],
  ])("refuses %s", (_, args, message) => {
    write("old.tfstate", state({ "aws_ecs_cluster.x": { name: "main" } }));
    write("empty.tfstate", state({}));
    write("cdk.tf.json", JSON.stringify({ resource: CLUSTER }));
    const { status, stderr } = run(...args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(status).toBe(1);
  });

  test("says how it is used", () => {
    const { status, stdout } = run("--help");
    expect(status).toBe(0);
    expect(stdout).toContain("npm run adopt -- --from <state>");
  });
});
