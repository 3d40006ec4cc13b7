import { existsSync, mkdirSync, rmSync } from "node:fs";
import { App } from "cdktf";
import { readConfiguration } from "./configuration";
import { checkFindings } from "./modules/core/findings";
import { warningsOf } from "./modules/core/warnings";
import { STACKS } from "./stacks";

/** Makes the stacks that are asked for and writes them as Terraform configuration. */
async function main(): Promise<void> {
  const { stacks, backend } = readConfiguration(process.env, __dirname);
  const isHcl = process.argv.includes("--hcl");
  // CDKTF decides by the environment in which syntax it writes
  if (isHcl) process.env.SYNTH_HCL_OUTPUT = "true";
  // a folder of its own: HCL beside the JSON of cdktf.out would declare every resource twice
  const outdir = process.env.CDKTF_OUTDIR ?? (isHcl ? "hcl.out" : "cdktf.out");
  const outdirWasThere = existsSync(outdir);
  mkdirSync(outdir, { recursive: true });
  try {
    const app = new App({ outdir });
    await build(app, async () => {
      for (const name of stacks) await STACKS[name]?.(app, { backend });
    });
    app.synth();
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

function printWarnings(app: App): void {
  for (const warning of app.node.findAll().flatMap(warningsOf))
    process.stderr.write(`\nwarning: ${warning}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n\n`);
  process.exitCode = 1;
});
