import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { allEntryPoints, allStacks, CDK_TERRAIN, CDKTF, RESOLUTIONS } from "../../compatibility/programs";
import { STACKS } from "../../stacks";
import { checkOut, run } from "../../scripts/checkout";
import { ROOT } from "../../scripts/commands";
import { MarkdownPage, type Link } from "../docs/pages";
import { NpmRegistry } from "./npm-registry";
import { TemplateProject } from "./template-project";

const NAME = "cdktf-ecs-discovery";
const PROVIDER = "@cdktf/provider-aws";
const ENTRY_POINTS = ["core", "services", "stacks", "testing"];
const SPECIFIERS = [NAME, ...ENTRY_POINTS.map((name) => `${NAME}/${name}`)];
const TSX = require.resolve("tsx");

const temporary = mkdtempSync(join(tmpdir(), "package-"));
const checkout = join(temporary, "checkout");
let registry: NpmRegistry;
let project: TemplateProject;
let tarball: string;
let files: string[];

beforeAll(async () => {
  checkOut(checkout);
  symlinkSync(join(ROOT, "node_modules"), join(checkout, "node_modules"));
  run(checkout, "npm", ["pack", "--pack-destination", temporary]);
  tarball = join(temporary, readdirSync(temporary).find((name) => name.endsWith(".tgz")) ?? "");
  registry = await NpmRegistry.start(temporary, {
    cdktf: undefined,
    constructs: undefined,
    "@types/node": undefined,
    "undici-types": undefined,
    // thousands of files
    [PROVIDER]: [...providerImports(join(checkout, "dist"))].map((resource) => `lib/${resource}`),
  });
  project = new TemplateProject(join(temporary, "app"), registry);
  await project.install(tarball);
  files = filesBelow(project.path("node_modules", NAME));
});
afterAll(async () => {
  await registry.close();
  rmSync(temporary, { recursive: true, force: true });
});

describe("the tarball", () => {
  test("holds the compiled modules, what a user reads, and nothing else", () => {
    const compiled = /^dist\/((?:modules|stacks|testing|package)\/.*)\.(?:js|d\.ts)$/;
    const sources = files.flatMap((file) => compiled.exec(file)?.[1] ?? []);
    expect(sources.filter((source) => !existsSync(join(ROOT, `${source}.ts`)))).toEqual([]);
    expect(sources.length).toBe(2 * new Set(sources).size);
    expect(files.filter((file) => !compiled.test(file) && !file.startsWith("docs/"))).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      ...["core", "index", "services", "stacks", "testing"].flatMap((name) => [
        `dist/${name}.d.mts`,
        `dist/${name}.mjs`,
      ]),
      "package.json",
    ]);
    expect(files.filter((file) => file.startsWith("docs/") && !file.endsWith(".md"))).toEqual([]);
    // errors name it
    expect(files).toContain("docs/rules.md");
  });

  test("carries all guides and the reference", () => {
    const pages = filesBelow(join(ROOT, "docs")).map((file) => `docs/${file}`);
    expect(pages.length).toBeGreaterThan(80);
    expect(files.filter((file) => file.startsWith("docs/"))).toEqual(pages);
  });

  test("has no link to a file or a heading that is not in it", () => {
    const { links, dead } = linksOf(project.path("node_modules", NAME), files);
    expect(links).toBeGreaterThan(500);
    expect(dead).toEqual([]);
  });

  test("leaves the pages of the repository as they are", () => {
    for (const page of files.filter((file) => file.endsWith(".md")))
      expect(readFileSync(join(checkout, page), "utf8")).toBe(readFileSync(join(ROOT, page), "utf8"));
    expect(existsSync(join(checkout, ".packing"))).toBe(false);
  });

  test("is small", () => {
    expect(statSync(tarball).size).toBeLessThan(500_000);
  });

  test("names no file that is not in it", () => {
    for (const file of files.filter((name) => name.endsWith(".js")))
      expect(project.read(`node_modules/${NAME}/${file}`)).not.toContain("sourceMappingURL");
  });

  test("nothing in it imports the root of the provider", () => {
    const code = files.filter((name) => name.startsWith("dist/"));
    const root = /["']@cdktf\/provider-aws["']/;
    expect(code.filter((name) => root.test(project.read(`node_modules/${NAME}/${name}`)))).toEqual([]);
  });

  test("brings no packages along", () => {
    const manifest = JSON.parse(project.read(`node_modules/${NAME}/package.json`)) as Record<string, unknown>;
    expect(manifest.dependencies ?? {}).toEqual({});
    expect(manifest.private).toBeUndefined();
    expect(existsSync(project.path("node_modules", NAME, "node_modules"))).toBe(false);
  });
});

describe("the tarball for CDK Terrain", () => {
  const folder = join(temporary, "for-cdk-terrain");
  const neutral = (text: string): string => text.replaceAll(/cdkt[fn]/g, "cdkt_");
  const read = (file: string): string => readFileSync(join(folder, "package", file), "utf8");
  let tarballOfCdkTerrain: string;

  beforeAll(() => {
    mkdirSync(folder);
    const packed = join(checkout, "dist", CDK_TERRAIN.modules);
    run(checkout, "npm", ["pack", packed, "--pack-destination", folder]);
    tarballOfCdkTerrain = join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "");
    run(folder, "tar", ["-xzf", tarballOfCdkTerrain]);
  });

  test("holds the same files, which differ in the names of what they import and in nothing else", () => {
    expect(filesBelow(join(folder, "package"))).toEqual(files);
    for (const file of files.filter((name) => name !== "package.json"))
      expect([file, neutral(read(file))]).toEqual([
        file,
        neutral(project.read(`node_modules/${NAME}/${file}`)),
      ]);
  });

  test("has no link to a file or a heading that is not in it", () => {
    expect(linksOf(join(folder, "package"), filesBelow(join(folder, "package"))).dead).toEqual([]);
  });

  test("imports the packages of CDK Terrain alone", () => {
    const imported = /\b(?:from |require\(|import\()"([^"]+)"/g;
    const names = files
      .filter((file) => file.startsWith("dist/"))
      .flatMap((file) => [...read(file).matchAll(imported)].map(([, name = ""]) => name))
      .filter((name) => !name.startsWith(".") && !name.startsWith("node:"))
      .map((name) => (name.startsWith(CDK_TERRAIN.bindings) ? CDK_TERRAIN.bindings : name));
    expect([...new Set(names)].sort()).toEqual([CDK_TERRAIN.bindings, CDK_TERRAIN.library, "constructs"]);
  });

  test("has programs on its pages that import them, too", () => {
    expect(read("docs/package.md")).toContain(`from "${CDK_TERRAIN.modules}";`);
    expect(read("docs/package.md")).toContain(`from "${CDK_TERRAIN.library}";`);
  });

  test("has what the other one has in its manifest, but for name, peers and Node.js", () => {
    const manifest = JSON.parse(read("package.json")) as Record<string, unknown>;
    const other = JSON.parse(project.read(`node_modules/${NAME}/package.json`)) as Record<string, unknown>;
    for (const field of ["version", "exports", "main", "types", "typesVersions", "license"])
      expect([field, manifest[field]]).toEqual([field, other[field]]);
    expect(manifest).toMatchObject({
      name: CDK_TERRAIN.modules,
      engines: { node: "^22.11.0 || ^24.0.0 || >=26.0.0" },
      peerDependencies: {
        [CDK_TERRAIN.library]: "^0.24.0",
        [CDK_TERRAIN.bindings]: "^25.7.0",
        constructs: ">=10.6.0 <10.8.0",
      },
    });
    for (const field of ["scripts", "dependencies", "devDependencies", "workspaces", "overrides"])
      expect(manifest).not.toHaveProperty(field);
  });

  test("brings CDK Terrain to an app that has nothing yet, and nothing of CDKTF", async () => {
    // what npm resolves is in their manifests; installing them would take half a GB
    const { packages } = JSON.parse(
      readFileSync(join(ROOT, "compatibility", "cdk-terrain", "package-lock.json"), "utf8"),
    ) as { packages: Record<string, { version: string; peerDependencies: Record<string, string> }> };
    for (const name of ["cdktf", PROVIDER]) {
      const { version, peerDependencies } = packages[`node_modules/${name}`] ?? {};
      registry.publishAs(name, { name: name.replace("cdktf", "cdktn"), version, peerDependencies });
    }
    const app = newProject("new", {});
    const asked = registry.unknown.length;
    await registry.npm(app, "install", "--package-lock-only", tarballOfCdkTerrain);
    expect(Object.keys(installed(app))).toEqual([
      CDK_TERRAIN.bindings,
      CDK_TERRAIN.library,
      CDK_TERRAIN.modules,
      "constructs",
    ]);
    expect(registry.unknown.slice(asked)).toEqual([]);
  });
});

describe("npm", () => {
  test("adds the bindings of the provider to the template's packages, one copy of each, and nothing else", () => {
    expect(installed(project.path())).toEqual({
      [NAME]: versionOf("."),
      [PROVIDER]: versionOf(`node_modules/${PROVIDER}`),
      "@types/node": versionOf("node_modules/@types/node"),
      cdktf: versionOf("node_modules/cdktf"),
      constructs: versionOf("node_modules/constructs"),
      "undici-types": versionOf("node_modules/undici-types"),
    });
    expect(registry.unknown).toEqual([]);
  });

  test("adds all peers to a project that has none of them", async () => {
    const folder = newProject("empty", {});
    await registry.npm(folder, "install", "--package-lock-only", tarball);
    expect(Object.keys(installed(folder))).toEqual([PROVIDER, "cdktf", NAME, "constructs"]);
  });

  test("refuses the package beside bindings that are too old for it", async () => {
    registry.publishAs(PROVIDER, { version: "20.1.0" });
    const folder = newProject("old", { [PROVIDER]: "20.1.0" });
    const install = registry.npm(folder, "install", "--package-lock-only", tarball);
    await expect(install).rejects.toThrow(
      /ERESOLVE[^]*peer @cdktf\/provider-aws@.* from cdktf-ecs-discovery@/,
    );
  });
});

describe("a project of CDKTF's template", () => {
  const names = Object.keys(STACKS);
  const synthesized = (stack: string): string => project.read(`cdktf.out/stacks/${stack}/cdk.tf.json`);

  beforeAll(() => {
    run(checkout, process.execPath, ["--import", TSX, "main.ts"], { STACKS: "all", BACKEND: "local" });
    const page = readFileSync(join(ROOT, "docs", "package.md"), "utf8");
    project.write("documented.ts", /```ts\n(.*?)```/s.exec(page)?.[1] ?? "");
    for (const file of ["main.ts", "main.mjs"]) project.write(file, allStacks(CDKTF));
    for (const file of ["consumer.ts", "consumer.mts"]) project.write(file, allEntryPoints(CDKTF));
  });

  test("compiles with the template's options, which find types as node10 does", () => {
    expect(project.compile()).toBe("");
  });

  test.each(Object.entries(RESOLUTIONS))("finds the types with moduleResolution %s", (resolution, more) => {
    const options = ["--noEmit", "--strict", "--target", "es2022", "--types", "node", "--skipLibCheck"];
    expect(project.compile(...options, "--moduleResolution", resolution, ...more)).toBe("");
  });

  test.each(["main.js", "main.mjs"])("%s synthesizes byte for byte what this project does", (main) => {
    rmSync(project.path("cdktf.out"), { recursive: true, force: true });
    project.node(main);
    for (const stack of names) {
      const expected = readFileSync(join(checkout, "cdktf.out", "stacks", stack, "cdk.tf.json"), "utf8");
      expect(synthesized(stack)).toBe(expected);
    }
  });

  test("the program of docs/package.md makes its two services", () => {
    project.node("documented.js");
    const { resource } = JSON.parse(synthesized("trading")) as {
      resource: Record<string, Record<string, unknown>>;
    };
    expect(Object.keys(resource.aws_ecs_service ?? {})).toEqual([
      "signal_processing_service",
      "stock_service",
    ]);
  });
});

describe("importing", () => {
  test("and requiring give the same objects, under the same names", () => {
    project.write(
      "same.mjs",
      `import { createRequire } from "node:module";
       const require = createRequire(import.meta.url);
       const different = [];
       for (const specifier of ${JSON.stringify(SPECIFIERS)}) {
         const imported = await import(specifier), required = require(specifier);
         const names = new Set([...Object.keys(imported), ...Object.keys(required)]);
         if (names.size < 5) different.push(specifier);
         for (const name of names) if (imported[name] !== required[name]) different.push(specifier + " " + name);
       }
       console.log(JSON.stringify(different));`,
    );
    expect(JSON.parse(project.node("same.mjs"))).toEqual([]);
  });

  test("the root gives all of core and services", () => {
    const exported = (specifier: string): string[] =>
      JSON.parse(project.node("-p", `JSON.stringify(Object.keys(require("${specifier}")))`)) as string[];
    const parts = [...exported(`${NAME}/core`), ...exported(`${NAME}/services`)];
    expect(exported(NAME).sort()).toEqual(parts.sort());
  });

  test("anything else is refused", () => {
    expect(() => project.node("-e", `require("${NAME}/dist/modules/core/check")`)).toThrow(
      "ERR_PACKAGE_PATH_NOT_EXPORTED",
    );
  });

  /** Packages that are loaded with an entry point, and the folders of its own. */
  const loadedBy = (specifier: string): string[] => {
    const code = `require("${specifier}"); console.log(Object.keys(require.cache).join("\\n"))`;
    const loaded = project.node("-e", code).trim().split("\n");
    const places = loaded.map((file) => {
      const [name = "", ...inside] = file.slice(project.path("node_modules/").length).split("/");
      if (name === NAME) return inside.slice(1, -1).slice(0, 2).join("/");
      return name.startsWith("@") ? `${name}/${inside[0]}` : name;
    });
    return [...new Set(places)].sort();
  };

  test.each([
    ["core", ["@cdktf/provider-aws", "cdktf", "constructs", "modules/core", "modules/rules"]],
    ["testing", ["cdktf", "constructs", "modules/core", "modules/rules", "testing"]],
  ])("%s loads no more than it needs", (name, expected) => {
    expect(loadedBy(`${NAME}/${name}`)).toEqual(expected);
  });
});

describe("the public surface", () => {
  test("is what api-report/ says", () => {
    run(checkout, process.execPath, ["--import", TSX, "scripts/api-report.ts", "--check"]);
  });
});

/** Versions by the folder below `node_modules` where npm has put the package, of a project's lock file. */
function installed(folder: string): Record<string, string> {
  const lock = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")) as {
    packages: Record<string, { version: string; inBundle?: true }>;
  };
  const own = Object.entries(lock.packages).filter(([path, { inBundle }]) => path !== "" && !inBundle);
  return Object.fromEntries(own.map(([path, { version }]) => [path.slice("node_modules/".length), version]));
}

function newProject(name: string, dependencies: Readonly<Record<string, string>>): string {
  const folder = join(temporary, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, private: true, dependencies }));
  return folder;
}

/** Of the package in a folder of this project. */
function versionOf(folder: string): string {
  return (JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8")) as { version: string })
    .version;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** How many relative links the pages of a package have, and which of them lead nowhere. */
function linksOf(folder: string, files: readonly string[]): { links: number; dead: string[] } {
  const page = (path: string): MarkdownPage =>
    new MarkdownPage(path, readFileSync(join(folder, path), "utf8"));
  const anchors = new Map<string, ReadonlySet<string>>();
  const links = files
    .filter((file) => file.endsWith(".md"))
    .flatMap((file) => page(file).links)
    .filter(({ target }) => !/^[a-z][a-z0-9+.-]*:/i.test(target));
  const isDead = ({ page: from, target }: Link): boolean => {
    const [path = "", anchor] = target.split("#");
    const file = path === "" ? from : posix.join(posix.dirname(from), path);
    if (!files.includes(file)) return true;
    if (anchor === undefined) return false;
    if (!anchors.has(file)) anchors.set(file, page(file).anchors);
    return anchors.get(file)?.has(anchor) !== true;
  };
  return {
    links: links.length,
    dead: links.filter(isDead).map(({ page: from, target }) => `${from}: ${target}`),
  };
}

/** The resources whose bindings the compiled files import. */
function providerImports(folder: string): Set<string> {
  const imported = /@cdktf\/provider-aws\/lib\/([a-z0-9-]+)/g;
  return new Set(
    filesBelow(folder).flatMap((file) =>
      [...readFileSync(join(folder, file), "utf8").matchAll(imported)].map(([, resource]) => resource ?? ""),
    ),
  );
}
