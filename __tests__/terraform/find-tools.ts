import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeMissing, findMissingTools } from "../../local/tools";

const PROVIDERS = { aws: { source: "hashicorp/aws", version: ">= 5.100.0, < 7.0.0" } };

/**
 * Looks once per run for what these tests need, and installs the AWS provider once for all of them. What is missing
 * makes them skipped on a user's machine and the run fail in CI.
 */
export default function findTools(): void {
  const providers = mkdtempSync(join(tmpdir(), "terraform-providers-"));
  process.env.TEST_PROVIDERS = providers;
  writeFileSync(
    join(providers, "main.tf.json"),
    JSON.stringify({ terraform: { required_providers: PROVIDERS } }),
  );
  const missing = findMissingTools(providers);
  if (missing.length === 0) {
    // every other `terraform init` takes the provider from there
    process.env.TF_CLI_ARGS_init = `-plugin-dir=${join(providers, ".terraform", "providers")}`;
    return;
  }
  const text = `Terraform or the emulator is missing:\n${describeMissing(missing)}`;
  if (process.env.CI === "true") throw new Error(text);
  process.stderr.write(`\n${text}\nThe tests that need them are skipped.\n\n`);
  process.env.TEST_TOOLS_MISSING = "true";
}
