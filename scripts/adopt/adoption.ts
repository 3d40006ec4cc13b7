import type { Configuration } from "./configuration";
import { differences, variablesThatKeep, type Difference } from "./differences";
import type { Json } from "./json";
import { inModule, match, type Match, type Question, type Said } from "./match";
import { RESOURCE_TYPES } from "./resource-types";
import { instanceAddress, type ExistingResource } from "./state";

/** Where the state is: the one that is there goes on, or a new one takes over. */
export type Way = "moved" | "import";

/** What is to be done so that a stack manages what exists. */
export interface Adoption {
  readonly way: Way;
  /** What is managed from now on. */
  readonly adopted: readonly Match[];
  /** What the stack makes a new revision of, beside those that are there. */
  readonly revised: readonly Match[];
  /** What no resource of the stack is for. */
  readonly others: readonly ExistingResource[];
  /** Leaves the state by a `removed` block, and stays in the account. */
  readonly forgotten: readonly ExistingResource[];
  /** Must leave the state by hand: a `removed` block cannot say it. */
  readonly forgottenByHand: readonly ExistingResource[];
  /** Addresses of what the stack makes anew. */
  readonly created: readonly string[];
  /** Attributes that stay as they are, against the configuration. */
  readonly kept: readonly Difference[];
  /** Attributes that cannot stay so: with them Terraform would replace what exists. */
  readonly blocking: readonly Difference[];
  readonly questions: readonly Question[];
  /** Values of the stack's variables with which what is adopted stays as it is. */
  readonly variables: ReadonlyMap<string, Json>;
}

/**
 * Compares what exists with a stack.
 * @throws ScriptError for an address that is not there
 */
export function adoption(
  way: Way,
  existing: readonly ExistingResource[],
  configuration: Configuration,
  said: Said = {},
): Adoption {
  const { matches, questions } = match(existing, configuration, said);
  const revised = matches.filter(({ existing }) => RESOURCE_TYPES[existing.type]?.revisions === true);
  const adopted = matches.filter((one) => !revised.includes(one));
  const matched = new Set(matches.map((one) => one.existing));
  const others = existing.filter((one) => !matched.has(one));
  const leaving = [...revised.map((one) => one.existing), ...others];
  // `removed` knows whole resources only, and only such as the configuration does not have
  const targets = [...configuration.keys()].map((address) => inModule(said.module) + address);
  const staying = new Set([...adopted.map((one) => one.existing.address), ...targets]);
  const taken = new Set(adopted.map(({ configured }) => configured.address));
  const different = differences(matches).filter(({ match }) => adopted.includes(match));
  return {
    way,
    adopted,
    revised,
    others,
    forgotten: leaving.filter(({ address }) => !staying.has(address)),
    forgottenByHand: leaving.filter(({ address }) => staying.has(address)),
    created: [...configuration.keys()].filter((address) => !taken.has(address)),
    kept: different.filter(({ unchangeable }) => unchangeable === "keep"),
    blocking: different.filter(({ unchangeable }) => unchangeable !== "keep"),
    questions,
    variables: variablesThatKeep(matches),
  };
}

/** What `terraform state rm` takes, to forget all of it: modules as a whole. */
export function rootAddresses(existing: readonly ExistingResource[]): readonly string[] {
  const roots = existing.map(({ address }) => /^module\.[^.[]+(?:\[[^\]]*\])?/.exec(address)?.[0] ?? address);
  return [...new Set(roots)].sort();
}

export function addressOf({ address, key }: ExistingResource): string {
  return instanceAddress(address, key);
}
