import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { App, TerraformStack } from "cdktf";
import { readConfiguration } from "./configuration";
import { checkFindings } from "./modules/core/framework/findings";
import { warningsOf } from "./modules/core/framework/warnings";
import { STACKS } from "./stacks";
import { hclModule } from "./stacks/hcl-module";

const HELP = `Writes the stacks as Terraform configuration: JSON into cdktf.out/, or HCL into hcl.out/.

  npm run synth
  npm run synth:hcl -- [--module]

  --module  also writes each stack as a module that HCL can call, into hcl.out/modules/

STACKS=all, or names joined by commas, chooses the stacks.`;

/** Makes the stacks that are asked for and writes them as Terraform configuration. */
async function main(): Promise<void> {
  const flag = { type: "boolean" } as const;
  const { values } = parseArgs({ options: { hcl: flag, module: flag, help: { ...flag, short: "h" } } });
  if (values.help) {
    process.stdout.write(`${HELP}\n`);
    return;
  }
  const { hcl: isHcl = false, module: isModule = false } = values;
  if (isModule && !isHcl)
    throw new Error("--module is given without --hcl\n    fix: npm run synth:hcl -- --module");
  const { stacks, ...configuration } = readConfiguration(process.env, __dirname);
  // CDKTF decides by the environment in which syntax it writes
  if (isHcl) process.env.SYNTH_HCL_OUTPUT = "true";
  // a folder of its own: HCL beside the JSON of cdktf.out would declare every resource twice
  const outdir = process.env.CDKTF_OUTDIR ?? (isHcl ? "hcl.out" : "cdktf.out");
  const outdirWasThere = existsSync(outdir);
  mkdirSync(outdir, { recursive: true });
  try {
    const app = new App({ outdir });
    await build(app, async () => {
      for (const name of stacks) await STACKS[name]?.(app, configuration);
    });
    app.synth();
    if (isModule) writeModules(app, join(outdir, "modules"));
    // where the `cdktf` command runs this, it prints them itself
    if (process.env.CDKTF_OUTDIR === undefined) printWarnings(app);
  } catch (error) {
    if (!outdirWasThere) rmSync(outdir, { recursive: true, force: true });
    throw error;
  }
}

/** Fills the app and, before any stack is written, throws all that is wrong with it, also where it could not be completed. */
async function build(app: App, fill: () => Promise<void>): Promise<void> {
  let thrown: unknown;
  try {
    await fill();
  } catch (error) {
    thrown = error;
  }
  checkFindings(app, thrown);
}

/** Each stack as a module that a `module` block can call, in a folder of its name. */
function writeModules(app: App, folder: string): void {
  for (const stack of app.node.children.filter((child) => TerraformStack.isStack(child))) {
    const files = Object.entries(hclModule(stack));
    mkdirSync(join(folder, stack.node.id), { recursive: true });
    for (const [name, text] of files) writeFileSync(join(folder, stack.node.id, name), text);
  }
}

function printWarnings(app: App): void {
  for (const warning of app.node.findAll().flatMap(warningsOf))
    process.stderr.write(`\nwarning: ${warning}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n\n`);
  process.exitCode = 1;
});
