import { AnnotationMetadataEntryType, Aspects, TerraformStack, Token, type IAspect } from "cdktf";
import type { IConstruct } from "constructs";
import { catalogue } from "../../rules";
import { general } from "../../rules/general";
import type { CheckedRule } from "../../rules/rule";
import { describe, InvalidInputError, type Expectation, type Given } from "./check";

const WARNINGS = Symbol.for("cdktf-ecs-discovery.warnings");
const ACKNOWLEDGED = Symbol.for("cdktf-ecs-discovery.acknowledged");

interface Warning {
  readonly id: string;
  readonly message: string;
}

interface Marked extends IConstruct {
  [WARNINGS]?: Warning[];
  [ACKNOWLEDGED]?: Set<string>;
}

/** Warns when the app is synthesized, unless the rule is acknowledged on the construct or above it. */
export function warn(given: Given, rule: CheckedRule, more: Partial<Expectation> = {}): void {
  const scope: Marked = given.scope;
  scope[WARNINGS] ??= [];
  scope[WARNINGS].push({ id: rule.id, message: describe(given, { ...rule, ...more }) });
  const aspects = Aspects.of(TerraformStack.of(scope));
  if (!aspects.all.includes(ANNOTATE)) aspects.add(ANNOTATE);
}

/** Warns unless `holds(value)`. A value that only Terraform knows is not judged. */
export function warnUnless<T>(
  scope: IConstruct,
  property: string,
  value: T | undefined,
  holds: (value: T) => boolean,
  rule: CheckedRule,
): void {
  if (value === undefined || Token.isUnresolved(value) || holds(value)) return;
  warn({ scope, property, value }, rule);
}

/**
 * Says that something unwise is meant: the warnings of a rule stay away for a construct and all that is in it.
 *
 * ```ts
 * acknowledge(this.stockService, "efs-one-writer");
 * ```
 * @param ids - ids of rules that warn, as the warnings and `docs/rules.md` name them
 * @throws InvalidInputError for an id that no such rule has
 */
export function acknowledge(scope: IConstruct, ...ids: readonly string[]): void {
  const marked: Marked = scope;
  const known = catalogue().filter(({ held }) => held === "warning");
  for (const id of ids) {
    if (!known.some((rule) => rule.id === id)) {
      throw new InvalidInputError(
        { scope, property: "acknowledged rule", value: id },
        { ...general.acknowledged, allowed: known.map((rule) => rule.id).join(", ") },
      );
    }
    (marked[ACKNOWLEDGED] ??= new Set()).add(id);
  }
}

/** True where the rule is acknowledged for the construct. */
export function isAcknowledged(construct: IConstruct, id: string): boolean {
  return construct.node.scopes.some((scope: Marked) => scope[ACKNOWLEDGED]?.has(id));
}

/** The warnings about a construct itself that nobody has acknowledged. */
export function warningsOf(construct: IConstruct): string[] {
  const warnings = (construct as Marked)[WARNINGS] ?? [];
  const open = warnings.filter(({ id }) => !isAcknowledged(construct, id));
  return [...new Set(open.map(({ message }) => message))];
}

/** Makes the warnings known to CDKTF, whose command line prints them. */
const ANNOTATE: IAspect = {
  visit(construct) {
    for (const message of warningsOf(construct)) {
      // the command line prints the path itself
      const text = message.slice(`${construct.node.path}: `.length);
      // not by `Annotations`: that writes a stack trace, with the paths of this machine, into the manifest
      construct.node.addMetadata(AnnotationMetadataEntryType.WARN, text);
    }
  },
};
