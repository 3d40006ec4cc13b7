import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "../../scripts/checkout";
import { ROOT } from "../../scripts/commands";

const CDKTF = require.resolve("cdktf-cli/bundle/bin/cdktf");
const TSC = require.resolve("typescript/bin/tsc");
/** What the template installs, as far as compiling and synthesizing need it, and the provider's bindings. */
const INSTALLED = ["cdktf", "constructs", "@types/node", "undici-types"];
const PROVIDER = "@cdktf/provider-aws";

/**
 * A project as `cdktf init --template=typescript --local` makes it, with a tarball installed by npm.
 *
 * Nothing comes from the network: what the template would have npm fetch is copied from the installation of this project,
 * and of the provider's bindings only `resources`, for there are thousands of files.
 */
export class TemplateProject {
  public constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    const noNpm = join(folder, "..", "no-npm");
    mkdirSync(noNpm, { recursive: true });
    writeFileSync(join(noNpm, "npm"), "#!/bin/sh\nexit 0\n");
    chmodSync(join(noNpm, "npm"), 0o755);
    const answers = ["--project-name=app", "--project-description=app", "--enable-crash-reporting=false"];
    run(folder, process.execPath, [CDKTF, "init", "--template=typescript", "--local", ...answers], {
      PATH: `${noNpm}${delimiter}${process.env.PATH}`,
    });
    // a list of things to do, all of it comments, that needs jest
    rmSync(join(folder, "__tests__"), { recursive: true });
  }

  /** Installs a tarball with npm, which refuses where a peer's version is out of range. */
  public install(tarball: string, resources: readonly string[]): void {
    for (const name of INSTALLED) this.copy(name);
    this.copy(`${PROVIDER}/package.json`);
    for (const resource of resources) this.copy(`${PROVIDER}/lib/${resource}`);
    const dependencies = Object.fromEntries([...INSTALLED, PROVIDER].map((name) => [name, versionOf(name)]));
    const file = join(this.folder, "package.json");
    writeFileSync(
      file,
      JSON.stringify({ ...(JSON.parse(readFileSync(file, "utf8")) as object), dependencies }),
    );
    run(this.folder, "npm", ["install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", tarball]);
  }

  public path(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  public write(file: string, text: string): void {
    writeFileSync(this.path(file), text);
  }

  public read(file: string): string {
    return readFileSync(this.path(file), "utf8");
  }

  /** `npm run build` of the template. */
  public compile(...args: readonly string[]): string {
    return run(this.folder, process.execPath, [TSC, ...args]);
  }

  /** Runs a program of the project. */
  public node(...args: readonly string[]): string {
    return run(this.folder, process.execPath, args);
  }

  private copy(path: string): void {
    const source = join(ROOT, "node_modules", path);
    if (existsSync(source)) cpSync(source, this.path("node_modules", path), { recursive: true });
  }
}

function versionOf(name: string): string {
  const file = join(ROOT, "node_modules", name, "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
