import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The provider's address in Terraform's registry. */
export const ADDRESS = "registry.terraform.io/hashicorp/aws";

/** The folder, laid out as a mirror of the registry, that every `terraform init` of these tests takes the provider from. */
export function providerMirror(): string {
  const file = process.env.TF_CLI_CONFIG_FILE ?? "";
  const [, path] = /filesystem_mirror \{\s*path\s*=\s*(".*")/.exec(readFileSync(file, "utf8")) ?? [];
  if (path === undefined) throw new Error(`${file} names no filesystem_mirror`);
  return JSON.parse(path) as string;
}

/** The provider's program in the mirror. */
export function providerFile(): string {
  const folder = join(providerMirror(), ADDRESS);
  for (const version of readdirSync(folder)) {
    for (const platform of readdirSync(join(folder, version))) {
      const files = readdirSync(join(folder, version, platform));
      const name = files.find((file) => file.startsWith("terraform-provider-aws"));
      if (name !== undefined) return join(folder, version, platform, name);
    }
  }
  throw new Error(`there is no AWS provider in ${folder}`);
}
