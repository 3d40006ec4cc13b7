import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../scripts/commands";

const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};
const OWN = /^node --import tsx (\S+\.ts)(.*)$/;
const commands = Object.entries(scripts).flatMap(([name, script]) => {
  const [, file, flags = ""] = OWN.exec(script) ?? [];
  return file === undefined ? [] : [{ name, args: [file, ...flags.split(" ").filter(Boolean)] }];
});

function run(args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ["--import", "tsx", ...args], { cwd: ROOT, encoding: "utf8" });
}

test("the project's own commands are found", () => {
  expect(commands.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["synth", "demo", "local", "emulator", "adopt", "docs", "bench:apply"]),
  );
});

test.each(commands)("npm run $name rejects a flag that it does not have", ({ args }) => {
  const { status, stdout, stderr } = run([...args, "--no-such-flag"]);
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toContain("Unknown option '--no-such-flag'");
});

test.each(commands.filter(({ name }) => ["synth", "docs", "emulator"].includes(name)))(
  "npm run $name says with --help what it does",
  ({ args }) => {
    const { status, stdout, stderr } = run([...args, "--help"]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^(?:Writes|Runs) [^]+\n$/);
  },
);
