import { execFile } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { LocalTask } from "./support/local-task.js";
import { NAME, Stage } from "./support/stage.js";

const run = promisify(execFile);
const PACKAGE = join(__dirname, "..");
const MODULES = dirname(dirname(require.resolve("undici/package.json")));
const TSC = require.resolve("typescript/bin/tsc");

let temporary: string;
/** Someone else's project, in which the package is installed from its tarball. */
let project: string;
let installed: string;

function tsc(cwd: string, ...args: string[]): Promise<{ stdout: string }> {
  return run(process.execPath, [TSC, ...args], { cwd });
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

beforeAll(async () => {
  temporary = mkdtempSync(join(tmpdir(), "client-package-"));
  const source = join(temporary, "apps", "discovery-client");
  cpSync(join(PACKAGE, "..", "tsconfig.base.json"), join(temporary, "apps", "tsconfig.base.json"));
  const isOurs = (path: string): boolean => !/\/discovery-client\/(dist|node_modules|__tests__)/.test(path);
  cpSync(PACKAGE, source, { recursive: true, filter: isOurs });
  symlinkSync(MODULES, join(temporary, "node_modules"));
  await run("npm", ["pack", "--pack-destination", temporary], {
    cwd: source,
    env: { ...process.env, PATH: `${join(MODULES, ".bin")}:${process.env.PATH ?? ""}` },
  });
  const tarball = readdirSync(temporary).find((name) => name.endsWith(".tgz")) ?? "";
  project = join(temporary, "project");
  installed = join(project, "node_modules", "ecs-discovery-client");
  mkdirSync(installed, { recursive: true });
  await run("tar", ["-xzf", join(temporary, tarball), "-C", installed, "--strip-components=1"]);
  for (const name of ["undici", "@types"])
    symlinkSync(join(MODULES, name), join(project, "node_modules", name));
}, 120_000);

afterAll(() => rmSync(temporary, { recursive: true, force: true }));

/** What some of the tests need, and a project without gRPC does not have. */
function installGrpc(): void {
  if (!existsSync(join(project, "node_modules", "@grpc")))
    symlinkSync(join(MODULES, "@grpc"), join(project, "node_modules", "@grpc"));
}

describe("the tarball", () => {
  test("holds both builds of each source, README, licence, and nothing else", () => {
    const sources = filesBelow(join(PACKAGE, "src")).map((file) => file.replace(/\.ts$/, ""));
    const builds = ["cjs", "esm"].flatMap((format) =>
      sources.flatMap((source) => [`dist/${format}/${source}.d.ts`, `dist/${format}/${source}.js`]),
    );
    const expected = [...builds, "dist/cjs/package.json", "LICENSE", "README.md", "package.json"];
    expect(filesBelow(installed)).toEqual(expected.sort());
  });

  test("may be published, and names in its README and package.json only what it holds", () => {
    const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as {
      private?: boolean;
      license: string;
      exports: object;
    };
    expect(manifest).not.toHaveProperty("private");
    expect(manifest.license).toBe("Apache-2.0");
    const targets = JSON.stringify(manifest.exports).match(/\.\/[^"]+\.(?:json|js|d\.ts)/g) ?? [];
    expect(targets).toHaveLength(10);
    const links = readFileSync(join(installed, "README.md"), "utf8").matchAll(/\]\(([^)#]+)[^)]*\)/g);
    const local = [...links].map(([, link = ""]) => link).filter((link) => !link.startsWith("https://"));
    for (const file of [...targets, ...local])
      expect([file, existsSync(join(installed, file))]).toEqual([file, true]);
  });
});

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

test.each([
  ["an ES module", "grpc.mjs", 'import { registerDiscovery } from "ecs-discovery-client/grpc";'],
  ["CommonJS", "grpc.cjs", 'const { registerDiscovery } = require("ecs-discovery-client/grpc");'],
])("the gRPC entry point loads from %s where grpc-js is installed", async (_name, file, imports) => {
  installGrpc();
  writeFileSync(join(project, file), `${imports}\nconsole.log(Object.keys(registerDiscovery()).join(" "));`);
  const { stdout } = await run(process.execPath, [join(project, file)]);
  expect(stdout).toContain("grpc.keepalive_time_ms");
});

test("the types resolve from both", async () => {
  const source = `
    import { createDiscoveryDispatcher, type DiscoveryEvent, type EndpointState } from "ecs-discovery-client";
    import { registerDiscovery, type GrpcDiscoveryOptions } from "ecs-discovery-client/grpc";
    import { request, type Dispatcher } from "undici";
    const grpc: GrpcDiscoveryOptions = { scheme: "tasks", record: "SRV" };
    const channel: object = registerDiscovery(grpc);
    const heard: DiscoveryEvent["type"][] = [];
    const dispatcher = createDiscoveryDispatcher({ onEvent: ({ type }) => heard.push(type) });
    const states: EndpointState[] = dispatcher.endpoints("name");
    const plain: Dispatcher = dispatcher;
    void request("http://name/", { dispatcher: plain });
    // @ts-expect-error there is no such option
    createDiscoveryDispatcher({ retries: 3 });
    export { states, channel };
  `;
  installGrpc();
  writeFileSync(join(project, "types.mts"), source);
  writeFileSync(join(project, "types.cts"), source);
  const options = ["--noEmit", "--strict", "--module", "NodeNext", "--target", "ES2022", "--types", "node"];
  const { stdout } = await tsc(project, ...options, "--skipLibCheck", "types.mts", "types.cts").catch(
    (error: unknown) => error as { stdout: string },
  );
  expect(stdout).toBe("");
}, 120_000);
