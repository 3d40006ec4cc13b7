import { TerraformElement, type TerraformStack } from "cdktf";
import type { IsBlock } from "./hcl";

/** Blocks of Terraform's own language, which no provider's schema names. */
const LANGUAGE_BLOCKS = new Set([
  "lifecycle",
  "validation",
  "precondition",
  "postcondition",
  "connection",
  "provisioner",
]);
const TERRAFORM_BLOCKS = new Set(["backend", "cloud", "workspaces", "required_providers"]);

/**
 * Tells blocks from arguments in the configuration of a stack. JSON does not show the difference; the provider's
 * bindings know it and mark it in what they give out for HCL.
 */
export function blocksOf(stack: TerraformStack): IsBlock {
  const paths = new Set<string>();
  for (const element of stack.node.findAll()) {
    if (!TerraformElement.isTerraformElement(element)) continue;
    const fragment = element.toHclTerraform() as Record<string, Record<string, unknown>>;
    for (const kind of ["resource", "data"]) {
      for (const [type, byName] of Object.entries(fragment[kind] ?? {})) {
        for (const body of Object.values(byName as Record<string, unknown>))
          collect(`${kind}.${type}`, body, paths);
      }
    }
    for (const [type, bodies] of Object.entries(fragment.provider ?? {}))
      collect(`provider.${type}`, bodies, paths);
  }
  return (path) => {
    const key = path[path.length - 1] ?? "";
    if (path[0] === "terraform") return TERRAFORM_BLOCKS.has(key);
    if (LANGUAGE_BLOCKS.has(key)) return true;
    // the second label is the resource's own name, which its type's schema does not depend on
    const labels = path[0] === "resource" || path[0] === "data" ? 3 : 2;
    return paths.has([path[0], path[1], ...path.slice(labels)].join("."));
  };
}

function collect(path: string, body: unknown, paths: Set<string>): void {
  if (Array.isArray(body)) {
    body.forEach((item) => collect(path, item, paths));
    return;
  }
  if (typeof body !== "object" || body === null) return;
  for (const [key, attribute] of Object.entries(body as Record<string, unknown>)) {
    if (!isMarkedAsBlock(attribute)) continue;
    paths.add(`${path}.${key}`);
    collect(`${path}.${key}`, attribute.value, paths);
  }
}

function isMarkedAsBlock(attribute: unknown): attribute is { value: unknown } {
  if (typeof attribute !== "object" || attribute === null || !("value" in attribute)) return false;
  return (
    ("isBlock" in attribute && attribute.isBlock === true) ||
    ("is_block" in attribute && attribute.is_block === true)
  );
}
