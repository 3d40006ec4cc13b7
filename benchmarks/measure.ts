import { spawn } from "node:child_process";
import { join } from "node:path";

/** What a process took from its start to its end. */
export interface Usage {
  readonly wallMs: number;
  readonly cpuMs: number;
  /** The most memory that it had at once. */
  readonly peakMiB: number;
}

export interface Command {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

const USAGE = join(__dirname, "..", "..", "synth", "usage.mjs");

/** Runs a Node program in a fresh process. @throws Error with what it printed where it fails */
export function measure({ argv, cwd, env }: Command): Promise<Usage> {
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    const child = spawn(process.execPath, ["--import", USAGE, ...argv], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    let [printed, told] = ["", ""];
    child.stdout?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    child.stderr?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    child.stdio[3]?.on("data", (chunk: Buffer) => (told += chunk.toString()));
    child.once("error", reject);
    child.once("close", (code) => {
      const wallMs = Number(process.hrtime.bigint() - started) / 1e6;
      if (code === 0) resolve({ wallMs, ...(JSON.parse(told) as Omit<Usage, "wallMs">) });
      else reject(new Error(`${argv.join(" ")} ended with exit code ${code}:\n${printed.slice(-4000)}`));
    });
  });
}
