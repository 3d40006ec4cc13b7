import { spawnSync } from "node:child_process";
import { join } from "node:path";

const PROJECT = join(__dirname, "..", "..");

function local(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ["--import", "tsx", "local/local.ts", ...args], {
    cwd: PROJECT,
    encoding: "utf8",
  });
}

test("help says what there is", () => {
  const { status, stdout } = local("--help");
  expect(status).toBe(0);
  for (const option of ["--stack", "--images", "--port", "--scratch", "--no-security-groups", "hello-name"])
    expect(stdout).toContain(option);
});

test.each([
  [["--stack", "hello"], /--stack is hello\n {4}allowed: trading-platform, /],
  [["--port", "http"], /--port is http\n {4}allowed: a number/],
  [["--images", "/nowhere/images.json"], /\/nowhere\/images\.json cannot be read/],
  [["--verbose"], /Unknown option '--verbose'/],
  [["hello-name"], /Unexpected argument 'hello-name'/],
])("%j is refused before anything is started", (args, message) => {
  const { status, stderr, stdout } = local(...args);
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(message);
});
