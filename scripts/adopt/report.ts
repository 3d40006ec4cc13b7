import { addressOf, rootAddresses, type Adoption } from "./adoption";
import type { Difference } from "./differences";
import { ignoredChanges } from "./files";
import type { ExistingResource } from "./state";

/** What becomes of everything, for a person to read. */
export function report(adoption: Adoption): string {
  const { way, adopted, revised, others, created, kept, forgottenByHand, variables } = adoption;
  const sections: [string, readonly string[]][] = [
    [
      "Adopted, with the ids that they have",
      adopted.map(({ existing, to }) =>
        addressOf(existing) === to ? to : `${addressOf(existing)}\n    -> ${to}`,
      ),
    ],
    [
      "Kept as it is: to change it would replace the resource",
      kept.map(
        (difference) =>
          `${difference.match.to}: ${difference.path} stays ${shown(difference.existing)}, not ${shown(difference.configured)}`,
      ),
    ],
    [
      "A new revision beside the old one, which stays active",
      revised.map(({ existing, to }) => `${addressOf(existing)}\n    -> ${to}`),
    ],
    [
      way === "moved"
        ? "Not the stack's: leaves the state, and stays in the account for whoever manages it from now on"
        : "Not the stack's: not imported, and stays in the account for whoever manages it from now on",
      others.map((existing) => `${addressOf(existing)}${idOf(existing)}`),
    ],
    [
      "Take these out of the state before you plan, or Terraform replaces or destroys them",
      way === "moved"
        ? forgottenByHand.map((existing) => `terraform state rm ${quoted(addressOf(existing))}`)
        : [],
    ],
    ["Made anew", created],
    [
      "Variables that keep what is there",
      [...variables].map(([name, value]) => `${name} = ${JSON.stringify(value)}`),
    ],
    [
      "The same as adopt_override.tf, in the code of the app, for who synthesizes before each deployment",
      [...ignoredChanges(kept)].map(
        ([address, attributes]) =>
          `stack.addOverride("resource.${address}.lifecycle.ignore_changes", ${JSON.stringify(attributes)});`,
      ),
    ],
  ];
  return sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => `${title}:\n${lines.map((line) => `  ${line}\n`).join("")}`)
    .join("\n");
}

/** What must be decided or mended first; empty where nothing stands in the way. */
export function obstacles({ blocking, questions }: Adoption): readonly string[] {
  return [
    ...blocking.map(
      (difference) =>
        `${difference.match.to}: ${difference.path} is ${shown(difference.configured)}, ${addressOf(difference.match.existing)} has ${shown(difference.existing)}; Terraform would replace it\n` +
        `    mend:    ${mendOf(difference)}`,
    ),
    ...questions.map(
      ({ existing, configured }) =>
        `nothing tells whether these are the same\n` +
        `    existing:   ${existing.join(", ")}\n` +
        `    configured: ${configured.join(", ")}\n` +
        `    mend:    say so with --map <existing>=<configured>, or --new <configured> for what is to be made anew`,
    ),
  ];
}

/** What takes everything out of the old state, once the new one has it. */
export function forgetCommand(existing: readonly ExistingResource[]): string {
  return ["terraform state rm", ...rootAddresses(existing).map(quoted)].join(" \\\n    ");
}

function mendOf({ unchangeable }: Difference): string {
  return unchangeable === "keep" ? "" : unchangeable.mend;
}

function shown(values: readonly unknown[]): string {
  if (values.length === 0) return "not set";
  return values.map((value) => JSON.stringify(value)).join(", ");
}

/** Never more of a resource than its id: states hold secrets. */
function idOf({ values }: ExistingResource): string {
  return typeof values.id === "string" ? ` (${values.id})` : "";
}

/** As one would type it. */
function quoted(word: string): string {
  return /^[\w.-]+$/.test(word) ? word : `'${word}'`;
}
