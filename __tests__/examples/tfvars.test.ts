import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { descriptionsOf, templateOf, type Variable } from "../../scripts/tfvars-template";
import { ENVIRONMENTS, read, ROOT } from "./files";

const folder = mkdtempSync(join(tmpdir(), "tfvars-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function tfvars(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ["--import", "tsx", "scripts/tfvars.ts", ...args], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, INIT_CWD: folder },
  });
}

const parsed = (variables: readonly Variable[]): unknown => JSON.parse(templateOf(variables));

describe("a template for the variables", () => {
  test("has a placeholder, which the validation refuses, for each that must be given", () => {
    const { status, stdout } = tfvars();
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ vpc_id: "<vpc_id>", subnets: ["<subnets>"] });
    expect(
      Object.keys(JSON.parse(stdout) as object)
        .slice(0, 2)
        .sort(),
    ).toEqual(["subnets", "vpc_id"]);
  });

  test("has the defaults of the others, so that a line that is deleted changes nothing", () => {
    expect(parsed([{ name: "count", type: "number", default: 0 }])).toEqual({ count: 0 });
    expect(
      parsed([
        { name: "tags", default: {} },
        { name: "none", default: null },
      ]),
    ).toEqual({ tags: {}, none: null });
  });

  test("leaves out what would pass as a value, and what is a secret", () => {
    expect(
      parsed([
        { name: "unchecked", type: "string" },
        { name: "secret", type: "string", nullable: false, sensitive: true, validation: [{}] },
        { name: "count", type: "number", nullable: false, validation: [{}] },
        { name: "text", type: "string", nullable: false },
      ]),
    ).toEqual({ count: null, text: null });
  });

  test("is written with a page that describes each variable", () => {
    const { status, stdout } = tfvars("--stack", "backend-service", "--out", "dev.tfvars.json");
    expect(status).toBe(0);
    expect(stdout).toBe(`${join(folder, "dev.tfvars.json")}\n${join(folder, "dev.tfvars.md")}\n`);
    const page = readFileSync(join(folder, "dev.tfvars.md"), "utf8");
    for (const name of Object.keys(
      JSON.parse(readFileSync(join(folder, "dev.tfvars.json"), "utf8")) as object,
    ))
      expect(page).toContain(`| \`${name}\` |`);
    expect(page).toContain("| `vpc_id` | `string` | required | Id of the VPC.");
  });

  test("its page says where a secret goes, and stays a table", () => {
    const page = descriptionsOf("x", [
      { name: "password", type: "string", sensitive: true },
      { name: "a", type: "string", default: "x|y", description: "<b> | c" },
    ]);
    expect(page).toContain(
      "| `password` | `string` | required, as `TF_VAR_password` in the environment |  |",
    );
    expect(page).toContain('| `a` | `string` | `"x\\|y"` | &lt;b> \\| c |');
  });
});

describe("npm run tfvars", () => {
  test.each<[string, string[], string[]]>([
    [
      "an unknown stack",
      ["--stack", "trading"],
      ['--stack is "trading"', "allowed: trading-platform, ", "mend: "],
    ],
    [
      "a file that Terraform would not read",
      ["--out", "dev.json"],
      ['--out is "dev.json"', "ends with .tfvars.json"],
    ],
    ["a folder that is not there", ["--out", "no/dev.tfvars.json"], ["--out: ENOENT", "mend: "]],
    ["an unknown option", ["--stak", "x"], ["--stak", "--help"]],
  ])("explains %s", (_, args, texts) => {
    const { status, stdout, stderr } = tfvars(...args);
    expect([status, stdout]).toEqual([1, ""]);
    for (const text of texts) expect(stderr).toContain(text);
    expect(stderr).not.toContain("    at ");
  });

  test.each(["kept.tfvars.json", "kept.tfvars.md"])("does not overwrite %s without --force", (name) => {
    for (const each of ["kept.tfvars.json", "kept.tfvars.md"]) rmSync(join(folder, each), { force: true });
    writeFileSync(join(folder, name), "mine");
    const { status, stderr } = tfvars("--out", "kept.tfvars.json");
    expect(status).toBe(1);
    expect(stderr).toContain(`${join(folder, name)} is there already`);
    expect(readFileSync(join(folder, name), "utf8")).toBe("mine");
    expect(tfvars("--out", "kept.tfvars.json", "--force").status).toBe(0);
    expect(readFileSync(join(folder, name), "utf8")).not.toBe("mine");
  });

  test("prints its options", () => {
    const { status, stdout } = tfvars("--help");
    expect(status).toBe(0);
    expect(stdout).toContain("--force");
    expect(existsSync(join(folder, "undefined"))).toBe(false);
  });
});

test.each(ENVIRONMENTS)(
  "environments/%s.tfvars.json names variables of the stack, and all that must be given",
  (name) => {
    const template = JSON.parse(tfvars().stdout) as Record<string, unknown>;
    const given = JSON.parse(read(`environments/${name}.tfvars.json`)) as Record<string, unknown>;
    expect(Object.keys(template)).toEqual(expect.arrayContaining(Object.keys(given)));
    expect(Object.keys(given)).toEqual(expect.arrayContaining(["vpc_id", "subnets"]));
  },
);
