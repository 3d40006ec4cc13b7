import { TerraformStack, Token } from "cdktf";
import type { IConstruct } from "constructs";
import { refuse, type Expectation } from "./check";

/** Per app: where names must be unique -> name -> who has it. */
const claimsByApp = new WeakMap<IConstruct, Map<unknown, Map<string, IConstruct>>>();

/**
 * Takes a name for a construct wherever AWS wants it to be there once, in all stacks of the app.
 * @param spaces - all that the place can be recognised by: `identityOf` an id, the construct that stands for it
 * @returns who has the name in one of them already
 */
export function claim(owner: IConstruct, spaces: readonly unknown[], name: string): IConstruct | undefined {
  const { root } = owner.node;
  const claims = claimsByApp.get(root) ?? new Map<unknown, Map<string, IConstruct>>();
  claimsByApp.set(root, claims);
  let present: IConstruct | undefined;
  for (const space of spaces) {
    const names = claims.get(space) ?? new Map<string, IConstruct>();
    claims.set(space, names);
    const other = names.get(name);
    if (other === undefined) names.set(name, owner);
    else if (other !== owner) present ??= other;
  }
  return present;
}

/**
 * Refuses a name that something else of its kind has in the stack, if an account has it once in a region. Another stack
 * may be in another account or region.
 * @param kind - what has such names: `log group`
 */
export function claimInStack(
  owner: IConstruct,
  property: string,
  kind: string,
  name: string,
  rule: Expectation,
): void {
  if (Token.isUnresolved(name)) return;
  const other = claim(owner, [TerraformStack.of(owner)], `${kind} ${name}`);
  if (other === undefined) return;
  const allowed = `${rule.allowed}; ${other.node.path} has this one`;
  refuse({ scope: owner, property, value: name }, { ...rule, allowed });
}
