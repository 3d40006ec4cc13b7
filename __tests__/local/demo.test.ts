import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROJECT = join(__dirname, "..", "..");

describe("the demo on a machine with Node alone", () => {
  const emptyPath = mkdtempSync(join(tmpdir(), "demo-"));
  afterAll(() => rmSync(emptyPath, { recursive: true, force: true }));

  const demo = (ci: string | undefined): { status: number | null; stdout: string } =>
    spawnSync(process.execPath, ["--import", "tsx", "local/demo/demo.ts"], {
      cwd: PROJECT,
      env: { ...process.env, PATH: emptyPath, PYTHON: join(emptyPath, "python3"), CI: ci },
      encoding: "utf8",
    });

  test("synthesizes, and says what to install for the rest", () => {
    const { status, stdout } = demo(undefined);
    expect(status).toBe(0);
    expect(existsSync(join(PROJECT, ".demo", "cdktf.out", "stacks", "trading-platform", "cdk.tf.json"))).toBe(
      true,
    );
    expect(stdout).toContain("Terraform 1.5 or newer is not on the PATH");
    expect(stdout).toContain("https://developer.hashicorp.com/terraform/install");
    expect(stdout).toContain("python3 -m pip install 'moto[server]==5.2.1'");
  });

  test("fails in CI, where a missing tool is a mistake", () => {
    expect(demo("true").status).toBe(1);
  });
});
