import { parseArgs, type ParseArgsConfig } from "node:util";
import { ScriptError } from "./commands";

type Flags = NonNullable<ParseArgsConfig["options"]>;

export const TEXT = { type: "string" } as const;
export const TEXTS = { type: "string", multiple: true } as const;
export const FLAG = { type: "boolean" } as const;

const HELP = { help: { ...FLAG, short: "h" } } as const;

type Parsed<T extends Flags> = ReturnType<
  typeof parseArgs<{ readonly options: T & typeof HELP; readonly allowPositionals: true }>
>;

/**
 * Reads the flags of a script of package.json; `help` is one of them.
 *
 * @param command as one types it, for example `npm run tfvars`
 * @throws ScriptError for a flag that the command does not have, a value that is missing, and an argument that is not a flag
 */
export function readFlags<T extends Flags>(command: string, flags: T): Parsed<T>["values"] {
  const { values, positionals } = readArguments(command, flags);
  if (positionals.length > 0) throw refused(command, `Unexpected argument '${positionals[0]}'`);
  return values;
}

/** The same for a command that takes other arguments, too. @throws ScriptError */
export function readArguments<T extends Flags>(command: string, flags: T): Parsed<T> {
  try {
    return parseArgs({ options: { ...flags, ...HELP }, allowPositionals: true });
  } catch (error) {
    const [what = ""] = (error as Error).message.split(". To specify a positional");
    throw refused(command, what);
  }
}

function refused(command: string, what: string): ScriptError {
  return new ScriptError(what, { mend: `${command} -- --help lists the options` });
}

/** A script of package.json. */
export interface Script<T extends Flags> {
  /** As one types it, for example `npm run docs`. */
  readonly command: string;
  /** What `--help` prints. */
  readonly help: string;
  readonly flags: T;
  readonly main: (flags: Parsed<T>["values"]) => void | Promise<void>;
}

/** Runs a script. What it throws is printed, and the exit code is 1. */
export async function runScript<T extends Flags>({ command, help, flags, main }: Script<T>): Promise<void> {
  try {
    const values = readFlags(command, flags);
    if ((values as { help?: boolean }).help) process.stdout.write(`${help}\n`);
    else await main(values);
  } catch (error) {
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n\n`);
    process.exitCode = 1;
  }
}
