import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { checkOut, run } from "../../scripts/checkout";
import { ROOT } from "../../scripts/commands";
import { runScript } from "../../scripts/flags";
import { NODE_VERSIONS, nodeOf } from "../node/versions";
import { allStacksTwice, CDK_TERRAIN, CDKTF, UNWISE_STACK } from "../programs";
import { differences } from "./differences";
import { PackageApp, resolved } from "./package-app";

/**
 * Synthesizes every stack with CDKTF and with CDK Terrain, from the same sources, and compares what was written; then
 * checks the sources against the types of CDK Terrain. The same again with the two packages that are built of them, in
 * apps of their own. Last comes CDKTF with the oldest and the newest `constructs` that the package allows. Ends with exit
 * code 1 where anything differs.
 */
const TSX = pathToFileURL(require.resolve("tsx")).href;
const TSC = require.resolve("typescript/bin/tsc");
const PACKAGES = ["package.json", "package-lock.json"];
/** Names in package.json, and a module that has `constructs` found under another name. */
const OTHER_CONSTRUCTS = ["constructs-oldest", "constructs-newest"];
const REPLACE_CONSTRUCTS = pathToFileURL(join(__dirname, "replace-constructs.mjs")).href;

function main(): boolean {
  const temporary = mkdtempSync(join(tmpdir(), "cdk-terrain-"));
  try {
    const cdktf = join(temporary, "cdktf");
    checkOut(cdktf);
    symlinkSync(join(ROOT, "node_modules"), join(cdktf, "node_modules"));

    const cdkTerrain = join(temporary, "cdk-terrain");
    checkOut(cdkTerrain);
    for (const file of PACKAGES) cpSync(join(__dirname, file), join(cdkTerrain, file));
    print("installing CDK Terrain and its bindings of the AWS provider (0.5 GB)");
    run(cdkTerrain, "npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);

    const results: boolean[] = [];
    synthesize(cdktf);
    synthesize(cdkTerrain);
    print(`${installed(cdktf)}\n${installed(cdkTerrain)}`);
    for (const stack of stacksOf(cdktf)) results.push(compare(stack, cdktf, cdkTerrain));
    results.push(sameTypes(cdkTerrain));
    results.push(...comparePackages(temporary, cdktf, cdkTerrain));

    for (const constructs of OTHER_CONSTRUCTS) {
      const folder = join(temporary, constructs);
      checkOut(folder);
      symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
      const replacement = join(cdkTerrain, "node_modules", constructs);
      synthesize(folder, ["--import", REPLACE_CONSTRUCTS], { CONSTRUCTS: replacement });
      print(`${nameOf(join(cdktf, "node_modules", "cdktf"))}, ${nameOf(replacement)}`);
      for (const stack of stacksOf(cdktf)) results.push(compare(stack, cdktf, folder));
    }
    return results.every(Boolean);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function synthesize(folder: string, options: readonly string[] = [], env: NodeJS.ProcessEnv = {}): void {
  for (const syntax of [[], ["--hcl"]])
    run(folder, process.execPath, [...options, "--import", TSX, "main.ts", ...syntax], {
      ...env,
      STACKS: "all",
      BACKEND: "none",
    });
}

/** Prints and returns whether the package for CDK Terrain does in its app what the one for CDKTF does. */
function comparePackages(temporary: string, cdktf: string, cdkTerrain: string): boolean[] {
  run(cdktf, "npm", ["run", "build:package"]);
  const packed = join(cdktf, "dist", CDK_TERRAIN.modules);
  const ofCdktf = {
    [CDKTF.library]: join(ROOT, "node_modules", CDKTF.library),
    [CDKTF.bindings]: join(ROOT, "node_modules", CDKTF.bindings),
    constructs: join(ROOT, "node_modules", "constructs"),
    [CDKTF.modules]: cdktf,
  };
  const ofCdkTerrain = {
    [CDK_TERRAIN.library]: join(cdkTerrain, "node_modules", CDK_TERRAIN.library),
    // under its alias
    [CDK_TERRAIN.bindings]: join(cdkTerrain, "node_modules", CDKTF.bindings),
    constructs: join(cdkTerrain, "node_modules", "constructs"),
    [CDK_TERRAIN.modules]: packed,
  };
  const folders = [join(temporary, "app-of-cdktf"), join(temporary, "app-of-cdk-terrain")] as const;
  const app = new PackageApp(folders[0], CDKTF, ofCdktf);
  const other = new PackageApp(folders[1], CDK_TERRAIN, ofCdkTerrain);
  print(`${CDKTF.modules}, ${CDK_TERRAIN.modules}`);
  const elements = app.runProgram(allStacksTwice(CDKTF));
  const otherElements = other.runProgram(allStacksTwice(CDK_TERRAIN));
  other.checkTypes();
  print(`${CDK_TERRAIN.modules}: types are found`);
  const wrong = [
    [CDK_TERRAIN.library, CDKTF, { ...ofCdkTerrain, ...ofCdktf }],
    [CDKTF.library, CDK_TERRAIN, { ...ofCdktf, ...ofCdkTerrain }],
  ] as const;
  return [
    ...stacksOf(folders[0]).map((stack) => compare(stack, ...folders)),
    holds("warnings are the same", () => {
      const found = differences(app.warnings(), other.warnings());
      if (!JSON.stringify(app.warnings()).includes(UNWISE_STACK)) found.push("there are none");
      return found;
    }),
    holds(`all elements are of the app's copy of ${CDK_TERRAIN.library}: ${otherElements}`, () =>
      elements === otherElements && otherElements.endsWith('"foreign":0}') ? [] : [elements, otherElements],
    ),
    ...NODE_VERSIONS.map((version) =>
      holds(`${CDK_TERRAIN.modules} writes the same on Node.js ${version}`, () => {
        const before = written(folders[1]);
        const printed = other.runAgain(join(nodeOf(version), "node"));
        return printed === otherElements ? differences(before, written(folders[1])) : [printed];
      }),
    ),
    holds(`npm adds nothing of CDKTF to ${CDK_TERRAIN.modules}`, () => {
      run(cdktf, "npm", ["pack", packed, "--pack-destination", temporary]);
      const tarball = readdirSync(temporary).find((name) => name.startsWith(CDK_TERRAIN.modules)) ?? "";
      const { dependencies } = JSON.parse(readFileSync(join(__dirname, "package.json"), "utf8")) as {
        readonly dependencies: Readonly<Record<string, string>>;
      };
      const versions = [CDKTF.library, CDKTF.bindings].map(
        (name) => dependencies[name]?.split("@").at(-1) ?? "",
      );
      const own = {
        [CDK_TERRAIN.library]: versions[0] ?? "",
        [CDK_TERRAIN.bindings]: versions[1] ?? "",
        constructs: dependencies.constructs ?? "",
      };
      const expected = Object.keys(ofCdkTerrain).sort();
      return differences(
        expected,
        resolved(join(temporary, "new-app"), own, join(temporary, tarball)).sort(),
      );
    }),
    ...wrong.map(([library, names, packages]) =>
      holds(`an app of ${library} refuses ${names.modules}`, () => {
        const refused = new PackageApp(join(temporary, `wrong-${library}`), names, packages);
        try {
          refused.runProgram(allStacksTwice({ ...names, library }));
          return ["it was synthesized"];
        } catch (error) {
          const message = String(error);
          return message.includes(`library of the app is "${library}"`) && !refused.hasWritten()
            ? []
            : [message];
        }
      }),
    ),
  ];
}

/** What an app has written, by path. */
function written(folder: string): Record<string, string> {
  const files = ["cdktf.out", "hcl.out"].flatMap((name) =>
    readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return Object.fromEntries(files.map((path) => [path, readFileSync(path, "utf8")]));
}

/** Prints and returns whether nothing is found that speaks against it. */
function holds(statement: string, find: () => readonly string[]): boolean {
  const found = find();
  print(found.length === 0 ? statement : `NOT: ${statement}\n  ${found.join("\n  ")}`);
  return found.length === 0;
}

/** The packages that a folder's stacks were made with. */
function installed(folder: string): string {
  const names = ["cdktf", "@cdktf/provider-aws", "constructs"];
  return names.map((name) => nameOf(join(folder, "node_modules", name))).join(", ");
}

/** What a package calls itself, with its version: under an alias, that is not what its folder is called. */
function nameOf(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, string>;
  return `${manifest.name} ${manifest.version}`;
}

function stacksOf(folder: string): string[] {
  return readdirSync(join(folder, "cdktf.out", "stacks")).sort();
}

/** Prints and returns whether a stack is the same in both folders, as JSON and as HCL. */
function compare(stack: string, ...folders: readonly [string, string]): boolean {
  const [json, otherJson] = folders.map((folder) => document(folder, stack));
  const [hcl, otherHcl] = folders.map((folder) =>
    readFileSync(join(folder, "hcl.out", "stacks", stack, "cdk.tf"), "utf8").split("\n"),
  );
  const found = [
    ...differences(json, otherJson),
    ...differences(hcl, otherHcl).map((text) => `line ${text}`),
  ];
  print(
    `${stack}: ${found.length === 0 ? "the same" : `${found.length} differences\n  ${found.join("\n  ")}`}`,
  );
  return found.length === 0;
}

/** The configuration as Terraform reads it, without the version of what wrote it, which is not for Terraform. */
function document(folder: string, stack: string): unknown {
  const text = readFileSync(join(folder, "cdktf.out", "stacks", stack, "cdk.tf.json"), "utf8");
  const parsed = JSON.parse(text) as { "//": { metadata: { version?: string } } };
  delete parsed["//"].metadata.version;
  return parsed;
}

/** Prints and returns whether the sources compile with what is installed in a folder. */
function sameTypes(folder: string): boolean {
  const options = {
    extends: "./tsconfig.json",
    compilerOptions: {
      noEmit: true,
      types: ["node"],
      typeRoots: [join(ROOT, "node_modules", "@types")],
    },
    include: ["main.ts", "configuration.ts", "modules", "package", "stacks", "testing"],
  };
  writeFileSync(join(folder, "tsconfig.types.json"), JSON.stringify(options));
  try {
    run(folder, process.execPath, [TSC, "--project", "tsconfig.types.json"]);
    print("types: the same");
    return true;
  } catch (error) {
    print(`types: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

void runScript({
  command: "npm run compatibility",
  help: "Synthesizes every stack with CDKTF and with CDK Terrain, from the sources and from the packages, and compares what they write.",
  flags: {},
  main: () => {
    if (!main()) process.exitCode = 1;
  },
});
