import { existsSync, mkdirSync, rmSync } from "node:fs";
import { App, TerraformStack } from "cdktf";
import { readConfiguration } from "./configuration";
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
    // validated below, all stacks together and before any of them is written
    const app = new App({ outdir, skipValidation: true });
    for (const name of stacks) await STACKS[name]?.(app, { backend });
    validate(app);
    app.synth();
  } catch (error) {
    if (!outdirWasThere) rmSync(outdir, { recursive: true, force: true });
    throw error;
  }
}

function validate(app: App): void {
  const stacks = app.node.children.filter((child) => TerraformStack.isStack(child));
  stacks.forEach((stack) => stack.prepareStack());
  const findings = app.node.findAll().flatMap((construct) => construct.node.validate());
  if (findings.length > 0) throw new Error(findings.join("\n\n"));
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n\n`);
  process.exitCode = 1;
});
