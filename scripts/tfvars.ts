import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_STACK, STACKS } from "../stacks";
import { fromCaller, indented, ScriptError, ROOT } from "./commands";
import { FLAG, readFlags, TEXT } from "./flags";
import { descriptionsOf, templateOf, type Variable } from "./tfvars-template";

const ENDING = ".tfvars.json";

const HELP = `Writes a template for the Terraform variables of a stack: what must be given stands there as a placeholder that
Terraform refuses, what may be given with its default.

  npm run tfvars -- [--stack <name>] [--out <file>${ENDING}] [--force]

  --stack <name>  ${Object.keys(STACKS).join(", ")}; default: ${DEFAULT_STACK}
  --out <file>    where to write it, its name ending with ${ENDING}, and beside it a page <file>.tfvars.md that describes each
                  variable; default: to standard output, without the page
  --force         overwrites files that are there
`;

interface Options {
  readonly stack: string;
  readonly out: string | undefined;
  readonly force: boolean;
}

function main(): void {
  const options = readOptions();
  if (options === undefined) {
    process.stdout.write(HELP);
    return;
  }
  const { stack, out, force } = options;
  if (out === undefined) {
    process.stdout.write(templateOf(variablesOf(stack)));
    return;
  }
  const file = fromCaller(out);
  const page = file.replace(/\.json$/, ".md");
  if (!force) [file, page].forEach(checkIsNew);
  const variables = variablesOf(stack);
  try {
    writeFileSync(file, templateOf(variables));
    writeFileSync(page, descriptionsOf(stack, variables));
  } catch (error) {
    throw new ScriptError(`--out: ${(error as Error).message}`, {
      mend: "give a file in a folder that is there and can be written to",
    });
  }
  process.stdout.write(`${file}\n${page}\n`);
}

/** Undefined where help is asked for. */
function readOptions(): Options | undefined {
  const {
    help,
    stack,
    out,
    force = false,
  } = readFlags("npm run tfvars", {
    stack: { ...TEXT, default: DEFAULT_STACK },
    out: TEXT,
    force: FLAG,
  });
  if (help) return undefined;
  const known = Object.keys(STACKS);
  if (!known.includes(stack)) {
    throw new ScriptError(`--stack is ${JSON.stringify(stack)}`, {
      allowed: known.join(", "),
      mend: "name one of these",
    });
  }
  if (out !== undefined && !out.endsWith(ENDING)) {
    throw new ScriptError(`--out is ${JSON.stringify(out)}`, {
      allowed: `a file whose name ends with ${ENDING}: Terraform reads JSON from no other`,
      mend: `give for example production${ENDING}`,
    });
  }
  return { stack, out, force };
}

function checkIsNew(file: string): void {
  if (!existsSync(file)) return;
  throw new ScriptError(`${file} is there already`, {
    mend: "give --out another file, or --force to overwrite it",
  });
}

/** The variables of the stack as it is synthesized now, in the configuration that the environment gives. */
function variablesOf(stack: string): readonly Variable[] {
  const outdir = mkdtempSync(join(tmpdir(), "tfvars-"));
  try {
    const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", "main.ts"], {
      cwd: ROOT,
      encoding: "utf8",
      env: { ...process.env, STACKS: stack, CDKTF_OUTDIR: outdir },
    });
    if (status !== 0) {
      throw new ScriptError(`the stack ${stack} cannot be synthesized:\n${indented(stderr)}`, {
        mend: "mend what it says; npm run synth shows it too",
      });
    }
    const file = join(outdir, "stacks", stack, "cdk.tf.json");
    const { variable = {} } = JSON.parse(readFileSync(file, "utf8")) as {
      readonly variable?: Readonly<Record<string, Omit<Variable, "name">>>;
    };
    return Object.entries(variable).map(([name, declared]) => ({ name, ...declared }));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

try {
  main();
} catch (error) {
  process.stderr.write(`\n${error instanceof ScriptError ? error.message : String(error)}\n\n`);
  process.exitCode = 1;
}
