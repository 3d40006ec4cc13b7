import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { adoption, type Adoption } from "./adopt/adoption";
import { readConfiguration } from "./adopt/configuration";
import { adoptFile, overrideFile } from "./adopt/files";
import { forgetCommand, obstacles, report } from "./adopt/report";
import type { Said } from "./adopt/match";
import { readState } from "./adopt/state";
import { fromCaller, ROOT, ScriptError } from "./commands";
import { FLAG, readFlags, TEXT, TEXTS } from "./flags";

const HELP = `Usage: npm run adopt -- --from <state> [options]

Writes what makes an existing deployment the stack's, with nothing replaced and nothing destroyed: adopt.tf and
adopt_override.tf beside the stack's cdk.tf.json. Changes nothing else; docs/adopt.md has the steps.

  --from <state>      the folder that the deployment was applied in; or a file with what \`terraform state pull\` or
                      \`terraform show -json\` printed, - for standard input
  --to <folder>       the synthesized stack (default: cdktf.out/stacks/trading-platform)
  --import            the stack has a state of its own: import blocks. Otherwise it goes on with the state that is
                      there: moved and removed blocks
  --module <name>=<folder>
                      the stack is called as module "<name>", from that folder: adopt.tf is written where this is called
                      from, adopt_override.tf to the folder
  --map <old>=<new>   these two are the same, where the names do not tell; may be repeated
  --new <new>         this one is to be made anew, whatever else there is; may be repeated
  --dry-run           writes nothing
  -h, --help
`;

interface Options {
  readonly from: string;
  readonly to: string;
  readonly isImport: boolean;
  readonly said: Said;
  /** Where adopt.tf is written, and where adopt_override.tf. */
  readonly folders: readonly [string, string];
  readonly isDryRun: boolean;
}

function main(): void {
  const options = readOptions();
  if (options === undefined) {
    say(HELP);
    return;
  }
  const existing = readState(options.from);
  const whole = readConfiguration(options.to);
  const found = adoption(options.isImport ? "import" : "moved", existing, whole, options.said);
  say(`\n${report(found)}\n`);
  const wrong = obstacles(found);
  if (wrong.length > 0) {
    throw new ScriptError(`Nothing is written:\n\n${wrong.join("\n\n")}\n`, {
      mend: "settle these, synthesize again where the stack changes, and run this again",
    });
  }
  if (!options.isDryRun) write(options.folders, found);
  if (options.isImport)
    say(`\nWhen the import is applied, in the old folder:\n\n  ${forgetCommand(existing)}\n`);
}

function write([adoptFolder, overrideFolder]: Options["folders"], found: Adoption): void {
  const override = overrideFile(found);
  const files = [join(adoptFolder, "adopt.tf"), join(overrideFolder, "adopt_override.tf")] as const;
  writeFileSync(files[0], adoptFile(found));
  if (override === undefined) rmSync(files[1], { force: true });
  else writeFileSync(files[1], override);
  const written = override === undefined ? files.slice(0, 1) : files;
  say(`Written:\n${written.map((file) => `  ${relative(fromCaller("."), file)}\n`).join("")}`);
}

/** Undefined where help is asked for. */
function readOptions(): Options | undefined {
  const values = readFlags("npm run adopt", {
    from: TEXT,
    to: TEXT,
    import: FLAG,
    module: TEXT,
    map: TEXTS,
    new: TEXTS,
    "dry-run": FLAG,
  });
  if (values.help) return undefined;
  if (values.from === undefined) {
    throw new ScriptError("--from is missing", {
      mend: "give the folder that the existing deployment was applied in; npm run adopt -- --help lists the options",
    });
  }
  const to = fromCaller(values.to ?? join(ROOT, "cdktf.out", "stacks", "trading-platform"));
  const [module, folder] = values.module === undefined ? [] : moduleOf(values.module);
  return {
    from: values.from === "-" ? "-" : fromCaller(values.from),
    to,
    isImport: values.import ?? false,
    said: {
      given: Object.fromEntries((values.map ?? []).map(pairOf)),
      anew: new Set(values.new),
      module,
    },
    folders: folder === undefined ? [to, to] : [fromCaller("."), fromCaller(folder)],
    isDryRun: values["dry-run"] ?? false,
  };
}

/** Keys may have an equals sign in them, configured addresses have none. */
function pairOf(text: string): [string, string] {
  const [, from, to] = /^(.+)=([\w.]+)$/.exec(text) ?? [];
  if (from !== undefined && to !== undefined) return [from, to];
  throw new ScriptError(`--map is ${JSON.stringify(text)}`, {
    allowed: "<existing address>=<configured address>",
    mend: "for example --map 'module.efs.aws_efs_file_system.efs=aws_efs_file_system.efs'",
  });
}

function moduleOf(text: string): [string, string] {
  const [, name, folder] = /^([A-Za-z_][\w-]*)=(.+)$/.exec(text) ?? [];
  if (name !== undefined && folder !== undefined && existsSync(fromCaller(folder))) return [name, folder];
  throw new ScriptError(`--module is ${JSON.stringify(text)}`, {
    allowed: "<name of the module block>=<folder that its source leads to>",
    mend: "for example --module platform=hcl.out/modules/trading-platform, which `npm run synth:hcl -- --module` writes",
  });
}

function say(text: string): void {
  process.stdout.write(text);
}

try {
  main();
} catch (error) {
  process.stderr.write(`\n${error instanceof ScriptError ? error.message : String(error)}\n\n`);
  process.exitCode = 1;
}
