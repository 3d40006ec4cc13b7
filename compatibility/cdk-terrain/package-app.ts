import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "../../scripts/checkout";
import { ROOT } from "../../scripts/commands";
import { allEntryPoints, RESOLUTIONS, type PackageNames } from "../programs";

const TSC = require.resolve("typescript/bin/tsc");
/** Of the template that `cdktf init` and `cdktn init` write. */
const TEMPLATE = ["--module", "commonjs", "--moduleResolution", "node10", "--target", "es2018"];

/** An app that has one of the packages installed, and the libraries by links to where they are. */
export class PackageApp {
  /** @param packages the folder of each package by its name; the one with the modules is copied */
  public constructor(
    private readonly folder: string,
    private readonly names: PackageNames,
    packages: Readonly<Record<string, string>>,
  ) {
    for (const [name, source] of Object.entries(packages)) {
      const target = join(folder, "node_modules", name);
      mkdirSync(dirname(target), { recursive: true });
      // it must find its peers in the app
      if (name === names.modules) cpSync(source, target, { recursive: true });
      else symlinkSync(source, target);
    }
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "app", private: true }));
  }

  /** Compiles a program and runs it. @returns what it printed */
  public runProgram(text: string): string {
    writeFileSync(join(this.folder, "main.ts"), text);
    this.compile(...TEMPLATE, "main.ts");
    return this.runAgain();
  }

  /** Runs what was compiled, on another Node.js than this process. @returns what it printed */
  public runAgain(node: string = process.execPath): string {
    return run(this.folder, node, ["main.js"]);
  }

  /** Compiles what names every entry point, for each way in which types are found. @throws Error with what does not compile */
  public checkTypes(): void {
    for (const file of ["consumer.ts", "consumer.mts"])
      writeFileSync(join(this.folder, file), allEntryPoints(this.names));
    this.compile(...TEMPLATE, "--noEmit", "consumer.ts");
    for (const [resolution, options] of Object.entries(RESOLUTIONS))
      this.compile("--noEmit", "--target", "es2022", "--moduleResolution", resolution, ...options);
  }

  /** What the command line of the library prints as warnings, by stack. */
  public warnings(): unknown {
    const manifest = JSON.parse(readFileSync(join(this.folder, "cdktf.out", "manifest.json"), "utf8")) as {
      readonly stacks: Readonly<Record<string, { readonly annotations: readonly unknown[] }>>;
    };
    return Object.fromEntries(
      Object.entries(manifest.stacks).map(([name, { annotations }]) => [name, annotations]),
    );
  }

  /** True as soon as all of the app was written. */
  public hasWritten(): boolean {
    return existsSync(join(this.folder, "cdktf.out", "manifest.json"));
  }

  private compile(...options: readonly string[]): void {
    const types = ["--types", "node", "--typeRoots", join(ROOT, "node_modules", "@types")];
    run(this.folder, process.execPath, [TSC, "--strict", "--skipLibCheck", ...types, ...options]);
  }
}

/**
 * Folders below `node_modules` into which npm would put packages beside a tarball, in a new app whose own dependencies
 * these are. Nothing is installed.
 */
export function resolved(
  folder: string,
  dependencies: Readonly<Record<string, string>>,
  tarball: string,
): string[] {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "app", private: true, dependencies }));
  run(folder, "npm", ["install", "--package-lock-only", "--no-audit", "--no-fund", tarball]);
  const lock = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, { readonly inBundle?: true }>>;
  };
  return Object.entries(lock.packages)
    .filter(([path, { inBundle }]) => path !== "" && !inBundle)
    .map(([path]) => path.slice("node_modules/".length));
}
