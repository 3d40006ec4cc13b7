import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { join, resolve } from "node:path";

/** The root of the repository, where all commands run. */
export const ROOT = join(__dirname, "..");

/** Something that whoever called can mend. */
export class ScriptError extends Error {
  public constructor(wrong: string, hints: { readonly allowed?: string; readonly mend: string }) {
    const allowed = hints.allowed === undefined ? "" : `\n    allowed: ${hints.allowed}`;
    super(`${wrong}${allowed}\n    mend:    ${hints.mend}`);
  }
}

export type Command = readonly [program: string, ...args: string[]];

const INSTALL: Readonly<Record<string, string>> = {
  aws: "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
  docker: "https://docs.docker.com/engine/install/",
  terraform:
    "https://developer.hashicorp.com/terraform/install; or give --outputs with what it printed elsewhere",
};

/** Runs a command to its end and keeps what it prints. */
export function run([program, ...args]: Command): SpawnSyncReturns<string> {
  const result = spawnSync(program, args, { cwd: ROOT, encoding: "utf8" });
  if (result.error) throw cannotRun(program, result.error);
  return result;
}

function cannotRun(program: string, error: NodeJS.ErrnoException): ScriptError {
  const why = error.code === "ENOENT" ? "is not on the PATH" : `cannot be run: ${error.message}`;
  return new ScriptError(`${program} ${why}`, { mend: `install it: ${INSTALL[program] ?? program}` });
}

/** A command as one would type it. */
export function shell(command: Command): string {
  return command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(" ");
}

/** npm runs scripts in the root of the repository: a path that is given is relative to where npm was called. */
export function fromCaller(path: string): string {
  return resolve(process.env.INIT_CWD ?? process.cwd(), path);
}

/** As it stands below what is wrong. */
export function indented(text: string): string {
  return text.trim().replaceAll(/^/gm, "      ");
}
