import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { LocalTask } from "./support/local-task.js";
import { NAME, Stage } from "./support/stage.js";

const run = promisify(execFile);
const PACKAGE = join(__dirname, "..");
const MODULES = dirname(dirname(require.resolve("undici/package.json")));
const TSC = require.resolve("typescript/bin/tsc");

/** Someone else's project, in which the package is installed as npm would install it. */
let project: string;

function tsc(cwd: string, ...args: string[]): Promise<{ stdout: string }> {
  return run(process.execPath, [TSC, ...args], { cwd });
}

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), "consumer-"));
  const installed = join(project, "node_modules", "ecs-discovery-client");
  mkdirSync(join(installed, "dist", "cjs"), { recursive: true });
  copyFileSync(join(PACKAGE, "package.json"), join(installed, "package.json"));
  writeFileSync(join(installed, "dist", "cjs", "package.json"), JSON.stringify({ type: "commonjs" }));
  for (const name of ["undici", "@types"])
    symlinkSync(join(MODULES, name), join(project, "node_modules", name));
  const builds = [
    ["tsconfig.build.json", "esm"],
    ["tsconfig.cjs.json", "cjs"],
  ] as const;
  await Promise.all(
    builds.map(([config, format]) =>
      // the sources are checked elsewhere
      tsc(PACKAGE, "--project", config, "--noCheck", "--outDir", join(installed, "dist", format)),
    ),
  );
}, 120_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

const ES_MODULE = `
import { createDiscoveryDispatcher } from "ecs-discovery-client";
import { setGlobalDispatcher } from "undici";
`;
const COMMON_JS = `
const { createDiscoveryDispatcher } = require("ecs-discovery-client");
const { setGlobalDispatcher } = require("undici");
`;

describe.each([
  ["an ES module", "caller.mjs", ES_MODULE],
  ["CommonJS", "caller.cjs", COMMON_JS],
])("from %s", (_name, file, imports) => {
  test("the package serves Node's fetch as global dispatcher, and lets the process end without close()", async () => {
    const stage = await Stage.set();
    const addresses = ["127.0.18.1", "127.0.18.2"];
    const tasks = await LocalTask.startAll(addresses);
    try {
      stage.dns.a(NAME, addresses);
      writeFileSync(
        join(project, file),
        `${imports}
        setGlobalDispatcher(createDiscoveryDispatcher({ dns: { servers: ["${stage.dns.server}"] } }));
        (async () => {
          const answers = [];
          for (let index = 0; index < 4; index += 1) {
            answers.push(await (await fetch("http://${NAME}:${tasks[0]?.port ?? 0}/")).text());
          }
          console.log(answers.sort().join(" "));
        })();`,
      );
      const { stdout, stderr } = await run(process.execPath, [join(project, file)], { timeout: 20_000 });
      expect(stdout.trim()).toBe("127.0.18.1 127.0.18.1 127.0.18.2 127.0.18.2");
      expect(stderr).toBe("");
    } finally {
      await Promise.all(tasks.map((task) => task.stop()));
      await stage.strike();
    }
  });
});

test("the types resolve from both", async () => {
  const source = `
    import { createDiscoveryDispatcher, type DiscoveryEvent, type EndpointState } from "ecs-discovery-client";
    import { request, type Dispatcher } from "undici";
    const heard: DiscoveryEvent["type"][] = [];
    const dispatcher = createDiscoveryDispatcher({ onEvent: ({ type }) => heard.push(type) });
    const states: EndpointState[] = dispatcher.endpoints("name");
    const plain: Dispatcher = dispatcher;
    void request("http://name/", { dispatcher: plain });
    // @ts-expect-error there is no such option
    createDiscoveryDispatcher({ retries: 3 });
    export { states };
  `;
  writeFileSync(join(project, "types.mts"), source);
  writeFileSync(join(project, "types.cts"), source);
  const options = ["--noEmit", "--strict", "--module", "NodeNext", "--target", "ES2022", "--types", "node"];
  const { stdout } = await tsc(project, ...options, "--skipLibCheck", "types.mts", "types.cts").catch(
    (error: unknown) => error as { stdout: string },
  );
  expect(stdout).toBe("");
}, 120_000);
