import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { writeCdkTerrainPackage } from "./cdk-terrain-package";
import { ROOT } from "./commands";
import { entryPoints, type EntryPoint } from "./entry-points";
import { runScript } from "./flags";

const load = createRequire(__filename);

/**
 * Builds what the npm packages hold into `dist/`: CommonJS with its types, and for each entry point a thin ES module; and of
 * that the package for CDK Terrain.
 *
 * The ES modules hold no code. `cdktf` and the provider are CommonJS without an `exports` map, so an ES module cannot
 * import `@cdktf/provider-aws/lib/<resource>`; and a second build would be a second copy of every class and of what
 * the modules know about an app, beside the first as soon as one dependency requires what another one imports.
 */
function main(): void {
  rmSync(join(ROOT, "dist"), { recursive: true, force: true });
  const compiler = load.resolve("typescript/bin/tsc");
  const { status } = spawnSync(process.execPath, [compiler, "--project", "tsconfig.build.json"], {
    cwd: ROOT,
    stdio: "inherit",
  });
  if (status !== 0) throw new Error("the package was not built: the compiler found errors");
  for (const entryPoint of entryPoints()) writeWrapper(entryPoint);
  writeCdkTerrainPackage();
}

function writeWrapper({ require: commonJs, import: esModule }: EntryPoint): void {
  const specifier = `./${relative(join(esModule.default, ".."), commonJs.default).replaceAll("\\", "/")}`;
  const names = Object.keys(load(commonJs.default) as object).sort();
  writeFileSync(esModule.default, `export {\n  ${names.join(",\n  ")},\n} from "${specifier}";\n`);
  writeFileSync(esModule.types, `export * from "${specifier}";\n`);
}

void runScript({
  command: "npm run build:package",
  help: "Builds what the npm package holds into dist/.",
  flags: {},
  main,
});
