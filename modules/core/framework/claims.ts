import type { IConstruct } from "constructs";

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
