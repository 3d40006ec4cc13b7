import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { general } from "../../rules/general";
import { addressCollisions } from "./address";
import { describe, InvalidInputError } from "./check";

/** Thrown with all that is wrong with an app. */
export class InvalidAppError extends Error {
  public override readonly name = "InvalidAppError";

  public constructor(
    /** One text for each finding, sorted by construct path. */
    public readonly findings: readonly string[],
  ) {
    super(findings.join("\n\n"));
  }
}

/**
 * Throws if anything below `root` is wrong: what constructors found in their inputs and what rules across constructs
 * found, all of it together; and elements of one Terraform address, and stacks of one id. `App.synth` of CDKTF does the same, one stack after the other; called before, this leaves
 * nothing half-written behind.
 * @param thrown - what ended the making of the app early, if anything did
 * @throws InvalidAppError
 */
export function checkFindings(root: IConstruct, thrown?: unknown): void {
  const constructs = root.node.findAll();
  const findings = constructs.flatMap((construct) => construct.node.validate());
  // a stack of the user's own may have no such validation
  const stacks = constructs.filter((construct) => TerraformStack.isStack(construct));
  findings.push(...stacks.flatMap(addressCollisions), ...idCollisions(stacks));
  if (thrown instanceof InvalidInputError) findings.push(thrown.message);
  if (findings.length > 0) throw new InvalidAppError(byPath([...new Set(findings)]));
  if (thrown instanceof Error) throw thrown;
  if (thrown !== undefined) throw new Error("something that is no error was thrown", { cause: thrown });
}

/** One message for each stack whose id another stack has. */
function idCollisions(stacks: readonly TerraformStack[]): string[] {
  const owners = new Map<string, TerraformStack>();
  return stacks.flatMap((stack) => {
    const { id: value } = stack.node;
    const owner = owners.get(value);
    if (owner === undefined) {
      owners.set(value, stack);
      return [];
    }
    const allowed = `${general.oneStackId.allowed}; ${owner.node.path} has this one`;
    return [describe({ scope: stack, property: "id", value }, { ...general.oneStackId, allowed })];
  });
}

/** Sorts findings by the construct path that they begin with, a construct before what is in it. */
function byPath(findings: readonly string[]): string[] {
  const keyed = findings.map((text) => ({ text, key: text.replace(/: .*$/s, "").replaceAll("/", "\0") }));
  keyed.sort((a, b) => compare(a.key, b.key) || compare(a.text, b.text));
  return keyed.map(({ text }) => text);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
