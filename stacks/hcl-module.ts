import type { TerraformStack } from "cdktf";
import { renderHcl, type HclDocument } from "./hcl";
import { blocksOf } from "./hcl-blocks";

/**
 * A stack as a Terraform module, by file name: what `source` of a `module` block can lead to. It has the variables and
 * outputs of the stack and says which providers it needs. It has no backend and configures no provider, tags for
 * everything included: these are the caller's, and a module that configured one could have neither `for_each` nor
 * `depends_on`.
 * @see https://developer.hashicorp.com/terraform/language/modules/develop/structure
 * @see https://developer.hashicorp.com/terraform/language/modules/develop/providers
 */
export function hclModule(stack: TerraformStack): Readonly<Record<string, string>> {
  const document = stack.toTerraform() as Readonly<Record<string, HclDocument>>;
  const { terraform = {}, variable, output } = document;
  const { required_version, required_providers } = terraform;
  const isInAnotherFile = new Set(["//", "terraform", "provider", "variable", "output"]);
  const main = Object.fromEntries(Object.entries(document).filter(([block]) => !isInAnotherFile.has(block)));
  const files: Readonly<Record<string, HclDocument>> = {
    "versions.tf": { terraform: defined({ required_version, required_providers }) },
    "variables.tf": defined({ variable }),
    "main.tf": main,
    "outputs.tf": defined({ output }),
  };
  const isBlock = blocksOf(stack);
  return Object.fromEntries(
    Object.entries(files)
      .filter(([, content]) => Object.keys(content).length > 0)
      .map(([name, content]) => [name, renderHcl(content, isBlock)]),
  );
}

function defined(document: Readonly<Record<string, HclDocument[string] | undefined>>): HclDocument {
  return Object.fromEntries(
    Object.entries(document).filter(([, value]) => value !== undefined),
  ) as HclDocument;
}
