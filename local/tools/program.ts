import { spawn } from "node:child_process";

/** What became of a program. */
export interface Ended {
  /** Undefined if the program could not be started. */
  readonly exitCode: number | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/** Runs a program to its end, without input. @throws the signal's reason */
export function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env, signal }: ProgramOptions,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], { cwd, env, signal, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.on("error", (error) => {
      if (signal?.aborted) reject(signal.reason as Error);
      else resolve({ exitCode: undefined, stdout, stderr: error.message });
    });
    child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}
