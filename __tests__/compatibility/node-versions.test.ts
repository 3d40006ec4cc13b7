import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { NODE_VERSIONS, nodeOf, OLDEST_NODE } from "../../compatibility/node/versions";
import { ROOT } from "../../scripts/commands";

const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const engines = (file: string): string => {
  const { engines: asked } = JSON.parse(read(file)) as { engines: { node: string } };
  return asked.node;
};
const majors = NODE_VERSIONS.map((version) => version.split(".")[0]);

describe("the versions of Node.js that are tested", () => {
  test("are the lines that the package asks for, from the oldest on", () => {
    const lines = engines("package.json").split(" || ");
    expect(lines[0]).toBe(`^${OLDEST_NODE}`);
    expect(lines.map((line) => /^(?:\^|>=)(\d+)\./.exec(line)?.[1])).toEqual(majors);
  });

  test.each([
    ["docs/package.md", [...NODE_VERSIONS, OLDEST_NODE]],
    ["docs/cdk-terrain.md", NODE_VERSIONS],
  ])("are said on %s", (page, versions) => {
    for (const version of versions) expect(read(page)).toContain(version);
  });

  test.each(["stock-service", "signal-processing-service"])(
    "have the one of the image of %s among them",
    (app) => {
      const [, version] = /^ARG NODE_IMAGE=node:([\d.]+)-/m.exec(read(`apps/${app}/Dockerfile`)) ?? [];
      expect(NODE_VERSIONS).toContain(version);
    },
  );

  test("have the ones of the pipelines' examples among them", () => {
    const files = ["gitlab/.gitlab-ci.yml", "github-actions/.github/workflows/synth.yml"];
    const used = files.flatMap((file) =>
      [...read(`examples/pipelines/${file}`).matchAll(/(?:image: node:|node-version: )(\d+)/g)].map(
        ([, major]) => major,
      ),
    );
    expect(used.length).toBe(2);
    for (const major of used) expect(majors).toContain(major);
  });
});

test("a machine that there is no Node.js for is refused", () => {
  expect(() => nodeOf("26.12.1", "sunos-x64")).toThrow(
    /no package with Node.js for sunos-x64\n {4}allowed: linux-x64, .*\n {4}mend:/,
  );
});

describe("npm run compatibility:node", () => {
  const start = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, ["--import", "tsx", "compatibility/node/run.ts", ...args], {
      cwd: ROOT,
      encoding: "utf8",
    });

  test("tells its options", () => {
    const { status, stdout } = start("--help");
    expect(status).toBe(0);
    for (const option of ["--node", "--step", ...NODE_VERSIONS]) expect(stdout).toContain(option);
  });

  test.each([
    [["--node", "21"], '--node is "21"\n    allowed: 20, 22, 24, 26\n    mend: '],
    [["--step", "all"], '--step is "all"\n    allowed: synthesis, package, apps\n    mend: '],
    [["--nodes", "20"], "Unknown option '--nodes'"],
    [["20"], "Unexpected argument '20'"],
  ])("refuses %j", (args, message) => {
    const { status, stderr } = start(...args);
    expect(status).toBe(1);
    expect(stderr).toContain(message);
  });
});
