import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROJECT = join(__dirname, "..", "..");

describe("the demo on a machine with Node alone", () => {
  const emptyPath = mkdtempSync(join(tmpdir(), "demo-"));
  afterAll(() => rmSync(emptyPath, { recursive: true, force: true }));

  const demo = (...flags: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, ["--import", "tsx", "local/demo/demo.ts", ...flags], {
      cwd: PROJECT,
      env: { ...process.env, PATH: emptyPath, PYTHON: join(emptyPath, "python3") },
      encoding: "utf8",
    });

  test("fails offline, and says what to install", () => {
    const { status, stdout, stderr } = demo("--offline");
    expect(status).toBe(1);
    expect(stderr).toContain("Tools are missing. Nothing was deployed.");
    expect(stderr).toContain("https://www.python.org/downloads/");
    expect(stdout).not.toContain("Start emulated AWS");
  });

  test("says which flags there are", () => {
    expect(demo("--help")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("--offline") as string,
    });
    expect(demo("--off")).toMatchObject({ status: 1, stdout: "" });
  });
});
