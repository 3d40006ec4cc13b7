import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const PROJECT = join(__dirname, "..", "..", "..");
const FOLDERS = [
  "__tests__",
  "benchmarks",
  "docs",
  "examples",
  "local",
  "modules",
  "scripts",
  "stacks",
  "testing",
];
const TEXT = /\.(ts|tf|hcl|json|md|py|sh)$/;
const IMPORT = /@cdktf\/provider-aws\/lib\/(?:data-aws-)?([a-z0-9-]+)/g;
const NAME = /\baws_[a-z0-9_]+/g;

/** Types of resources and data sources that the project names anywhere: by an import of the provider's binding, or in Terraform's words. */
export function mentionedTypes(): ReadonlySet<string> {
  const types = new Set<string>();
  for (const folder of FOLDERS) {
    for (const file of readdirSync(join(PROJECT, folder), { recursive: true, encoding: "utf8" })) {
      if (!TEXT.test(file) || file.includes("node_modules")) continue;
      const text = readFileSync(join(PROJECT, folder, file), "utf8");
      for (const [, name = ""] of text.matchAll(IMPORT)) types.add(`aws_${name.replaceAll("-", "_")}`);
      for (const [name] of text.matchAll(NAME)) types.add(name);
    }
  }
  return types;
}
