import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { basename } from "node:path";
import { ROOT } from "./commands";

/** What a fresh clone does not have. */
const LEFT_OUT = new Set([
  ".demo",
  ".git",
  ".local",
  ".packing",
  ".tools",
  "cdktf.out",
  "coverage",
  "dist",
  "hcl.out",
  "node_modules",
]);

/** Copies the project into a folder, as a clone would be before `npm ci`. */
export function checkOut(folder: string): void {
  mkdirSync(folder, { recursive: true });
  cpSync(ROOT, folder, { recursive: true, filter: (source) => !LEFT_OUT.has(basename(source)) });
}

/** Runs a command to its end and gives what it printed. @throws Error with all of it where the command fails */
export function run(
  folder: string,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): string {
  const { status, stdout, stderr, error } = spawnSync(command, [...args], {
    cwd: folder,
    env: { ...inherited(), CHECKPOINT_DISABLE: "1", DISABLE_VERSION_CHECK: "1", CI: "true", ...env },
    encoding: "utf8",
    maxBuffer: 64 * 2 ** 20,
  });
  if (error !== undefined) throw error;
  if (status === 0) return stdout;
  throw new Error(`${command} ${args.join(" ")} ended with exit code ${status}\n${stdout}\n${stderr}`);
}

/** The environment without what `npm test` tells of this project, and without what chooses stacks. */
export function inherited(): NodeJS.ProcessEnv {
  const own =
    /^(npm_package_|npm_lifecycle_|npm_command$|INIT_CWD$|JEST_|NODE_ENV$|STACKS$|BACKEND$|CDKTF_|SYNTH_)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}
