import { TerraformStack } from "cdktf";
import { Construct, type IConstruct } from "constructs";
import { general } from "../../rules/general";
import { refuse } from "./check";

/** Per app: stack -> the stacks that it refers to. */
const referencesByApp = new WeakMap<IConstruct, Map<TerraformStack, Set<TerraformStack>>>();

/**
 * Notes that a construct refers to another one, which may be in another stack. Refuses it if that stack refers to this
 * one already, in whatever way: of two stacks one must be deployed first.
 * @returns whether it may refer to it; CDKTF ends the run without a word about either of them if it does all the same
 */
export function mayReferTo(scope: Construct, property: string, used: unknown): boolean {
  if (!Construct.isConstruct(used)) return true;
  const [own, other] = [TerraformStack.of(scope), TerraformStack.of(used)];
  if (own === other) return true;
  const { root } = scope.node;
  const references = referencesByApp.get(root) ?? new Map<TerraformStack, Set<TerraformStack>>();
  referencesByApp.set(root, references);
  if (leadsTo(other, own, references)) {
    const allowed = `${general.stackCircle.allowed}; ${other.node.path} refers to ${own.node.path} already`;
    refuse({ scope, property, value: used.node.path }, { ...general.stackCircle, allowed });
    return false;
  }
  references.set(own, (references.get(own) ?? new Set<TerraformStack>()).add(other));
  return true;
}

function leadsTo(
  from: TerraformStack,
  to: TerraformStack,
  references: ReadonlyMap<TerraformStack, ReadonlySet<TerraformStack>>,
): boolean {
  const seen = new Set<TerraformStack>();
  const pending = [from];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next === to) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    pending.push(...(references.get(next) ?? []), ...next.dependencies);
  }
  return false;
}
