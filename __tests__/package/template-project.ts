import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "../../scripts/checkout";
import type { NpmRegistry } from "./npm-registry";

const CDKTF = require.resolve("cdktf-cli/bundle/bin/cdktf");
const TSC = require.resolve("typescript/bin/tsc");
/** Ends without having done anything, and says what it was to do. */
const NO_NPM = '#!/bin/sh\necho "$@" >> "$NPM_CALLS"\n';
/** Of the template's tools what compiling needs; the compiler is this project's. */
const NEEDED_TOOL = "@types/node";

/** A project as `cdktf init --template=typescript --local` makes it, with a tarball installed by npm. */
export class TemplateProject {
  /** What the template has npm install, as its two commands say: `["cdktf@^0.21.0", "constructs@10"]`, then tools. */
  private readonly packages: readonly (readonly string[])[];

  public constructor(
    private readonly folder: string,
    private readonly registry: NpmRegistry,
  ) {
    mkdirSync(folder, { recursive: true });
    const noNpm = join(folder, "..", "no-npm");
    const calls = join(noNpm, "calls");
    mkdirSync(noNpm, { recursive: true });
    writeFileSync(join(noNpm, "npm"), NO_NPM);
    chmodSync(join(noNpm, "npm"), 0o755);
    const answers = ["--project-name=app", "--project-description=app", "--enable-crash-reporting=false"];
    run(folder, process.execPath, [CDKTF, "init", "--template=typescript", "--local", ...answers], {
      PATH: `${noNpm}${delimiter}${process.env.PATH}`,
      NPM_CALLS: calls,
    });
    const installs = readFileSync(calls, "utf8").trim().split("\n");
    this.packages = installs.map((args) => args.split(" ").filter((arg) => !/^(install|-.*)$/.test(arg)));
    // a list of things to do, all of it comments, that needs jest
    rmSync(join(folder, "__tests__"), { recursive: true });
  }

  /** Installs what the template asks for, and then a tarball, as a user does. npm refuses a peer out of range. */
  public async install(tarball: string): Promise<void> {
    const [libraries = [], tools = []] = this.packages;
    await this.npm("install", ...libraries);
    await this.npm("install", "--save-dev", ...tools.filter((tool) => tool === NEEDED_TOOL));
    await this.npm("install", tarball);
  }

  /** Runs npm, which knows the registry of the test alone. */
  public npm(...args: readonly string[]): Promise<string> {
    return this.registry.npm(this.folder, ...args);
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
}
