import { renderHcl, type HclDocument } from "../../stacks/hcl";
import type { Adoption } from "./adoption";
import type { Difference } from "./differences";
import { textOf, valuesAt, type JsonObject } from "./json";
import type { Match } from "./match";
import { RESOURCE_TYPES } from "./resource-types";
import { instanceAddress, type ExistingResource } from "./state";

/** `adopt.tf`: read once, by the apply that adopts. */
export function adoptFile({
  way,
  adopted,
  forgotten,
}: Pick<Adoption, "way" | "adopted" | "forgotten">): string {
  const document: HclDocument =
    way === "import"
      ? { import: adopted.map(({ existing, to }) => ({ to, id: importId(existing) })) }
      : {
          // destroy = false
          ...(forgotten.length > 0 ? { terraform: { required_version: ">= 1.7.0" } } : {}),
          moved: moves(adopted),
          removed: [...new Set(forgotten.map(({ address }) => address))].map((from) => ({
            from,
            lifecycle: { destroy: false },
          })),
        };
  return renderHcl(document, (path) => path.at(-1) === "lifecycle");
}

/** `adopt_override.tf`: stays as long as what it keeps. Undefined where there is nothing to keep, or the stack does it. */
export function overrideFile({ kept }: Pick<Adoption, "kept">): string | undefined {
  const ignored = ignoredChanges(kept);
  if (ignored.size === 0) return undefined;
  const resource: Record<string, Record<string, HclDocument>> = {};
  for (const [address, attributes] of ignored) {
    const [type = "", name = ""] = address.split(".");
    resource[type] = { ...resource[type], [name]: { lifecycle: { ignore_changes: attributes } } };
  }
  return renderHcl({ resource }, (path) => path.at(-1) === "lifecycle");
}

/** By address: what Terraform must not look at, where the stack does not leave all of it alone by itself. */
export function ignoredChanges(kept: readonly Difference[]): ReadonlyMap<string, readonly string[]> {
  const ignored = new Map<string, readonly string[]>();
  for (const { match, path } of kept) {
    const { address, body } = match.configured;
    const attributes = ignored.get(address) ?? ignoredBy(body);
    const [attribute = path] = path.split(".");
    if (!attributes.includes(attribute)) ignored.set(address, [...attributes, attribute]);
  }
  return ignored;
}

function ignoredBy(body: JsonObject): readonly string[] {
  return valuesAt(body, "lifecycle.ignore_changes").map(String);
}

/** Whole resources where their keys stay, single objects where they change. */
function moves(adopted: readonly Match[]): { from: string; to: string }[] {
  const all = adopted.map(({ existing, target, to }) => {
    const keepsKey = to === instanceAddress(target, existing.key);
    return keepsKey
      ? { from: existing.address, to: target }
      : { from: instanceAddress(existing.address, existing.key), to };
  });
  const moved = new Map(all.filter(({ from, to }) => from !== to).map((move) => [move.from, move]));
  return [...moved.values()];
}

function importId({ type, values }: ExistingResource): string {
  // what the text holds is a value, never a template
  return (RESOURCE_TYPES[type]?.importId?.(values) ?? textOf(values, "id")).replaceAll("${", "$${");
}
