import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { CommandResult } from "../../testing";

const PROJECT = join(__dirname, "..", "..");
const SOURCES = [
  "cdktf.json",
  "configuration.ts",
  "examples",
  "main.ts",
  "modules",
  "package.json",
  "scripts",
  "stacks",
  "tsconfig.json",
];

/** A checkout of the project in a temporary folder, with other files beside it, for the commands of the documentation. */
export class Checkout {
  /** @param beside files by their paths, from the folder that the checkout is in */
  public static with(beside: Readonly<Record<string, string>>, environment: NodeJS.ProcessEnv): Checkout {
    const folder = mkdtempSync(join(tmpdir(), "checkout-"));
    const checkout = new Checkout(folder, environment);
    for (const source of SOURCES)
      cpSync(join(PROJECT, source), checkout.path(source), {
        recursive: true,
        filter: (path) => !/\/(cdktf\.out|\.terraform|node_modules)$/.test(path),
      });
    symlinkSync(join(PROJECT, "node_modules"), checkout.path("node_modules"));
    for (const [path, text] of Object.entries(beside)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return checkout;
  }

  private constructor(
    private readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** A path below the checkout. */
  public path(...names: string[]): string {
    return join(this.folder, "project", ...names);
  }

  /** A path below the folder that the checkout is in. */
  public beside(...names: string[]): string {
    return join(this.folder, ...names);
  }

  /** Runs commands as a person would type them, in the checkout or in another folder, up to the first that fails. */
  public run(script: string, cwd = this.path()): Promise<CommandResult> {
    return new Promise((resolve, reject) => {
      const child = spawn("bash", ["-euo", "pipefail", "-c", script], {
        cwd,
        env: {
          ...process.env,
          STACKS: undefined,
          BACKEND: undefined,
          CDKTF_OUTDIR: undefined,
          ...this.environment,
          npm_config_update_notifier: "false",
          TF_INPUT: "0",
          CHECKPOINT_DISABLE: "1",
        },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let [output, errors] = ["", ""];
      child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
      child.on("error", reject);
      child.on("close", (code) => resolve({ exitCode: code ?? 1, output, errors }));
    });
  }

  /** @throws Error with what was printed where a command fails */
  public async succeed(script: string, cwd?: string): Promise<string> {
    const { exitCode, output, errors } = await this.run(script, cwd);
    if (exitCode === 0) return output;
    throw new Error(`exit code ${exitCode} of:\n${script}\n${errors}\n${output.slice(-4000)}`);
  }

  public dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
