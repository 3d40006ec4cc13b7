import type { IConstruct } from "constructs";
import { iam } from "../../rules/iam";
import { check, checkText, describe } from "../framework/check";
import { jsonText } from "../framework/json-text";
import { resolved } from "../framework/resolved";
import { partsOf } from "../framework/text";

/** Who a resource policy or a trust policy is about. */
export type Principal = "*" | { readonly Service: string } | { readonly AWS: readonly string[] };

/** A statement of an IAM policy. `sid` is its identity: statements with one sid are merged. */
export interface Statement {
  /** Letters and digits only, unique in its document. */
  readonly sid: string;
  /** Whether it allows or denies. @default "Allow" */
  readonly effect?: "Allow" | "Deny";
  /** Only in resource policies and trust policies. @default - none */
  readonly principal?: Principal;
  /** For example `["ecr:BatchGetImage"]`. */
  readonly actions: readonly string[];
  /**
   * ARNs; `"*"` only for actions that know no resource. Variables of IAM are written as IAM has them: `${aws:username}`.
   * @default - none, as in trust policies
   */
  readonly resources?: readonly string[];
  /** What must hold beside: operators, keys and values as in IAM's `Condition`, variables too. @default - none */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** The statements of one policy, collected while the constructs of a stack are made and written when it is synthesized. */
export class PolicyStatements {
  private readonly bySid = new Map<string, Statement[]>();

  /** @param scope whose stack the policy is in */
  public constructor(private readonly scope: IConstruct) {
    scope.node.addValidation({ validate: () => this.contradictions() });
  }

  /** Adds a statement. One with a sid that is there already only adds its resources and principals. */
  public add(statement: Statement): void {
    check(this.scope, "policy statement", statement.sid, (sid) => /^[A-Za-z0-9]+$/.test(sid), iam.sid);
    checkTexts(this.scope, statement);
    const present = this.bySid.get(statement.sid);
    if (present === undefined) this.bySid.set(statement.sid, [statement]);
    else present.push(statement);
  }

  public toJson(): string {
    const alike = [...this.bySid.values()].flatMap((statements) => this.byMeaning(statements));
    return policyDocument(alike.map((statements) => this.merge(statements)));
  }

  /** IAM wants a sid once, so statements of one sid that cannot be merged are refused. */
  private contradictions(): string[] {
    return [...this.bySid]
      .filter(([, statements]) => this.byMeaning(statements).length > 1)
      .map(([sid]) =>
        describe({ scope: this.scope, property: "policy statement", value: sid }, iam.sidTaken),
      );
  }

  private byMeaning(statements: readonly Statement[]): Statement[][] {
    if (statements.length === 1) return [[...statements]];
    const byMeaning = new Map<string, Statement[]>();
    for (const statement of statements) {
      const meant = this.text(meaning(statement));
      const alike = byMeaning.get(meant);
      if (alike === undefined) byMeaning.set(meant, [statement]);
      else alike.push(statement);
    }
    return [...byMeaning.values()];
  }

  private merge(statements: readonly Statement[]): Statement {
    const [first, ...others] = statements as [Statement, ...Statement[]];
    if (others.length === 0) return first;
    const { principal } = first;
    const arns = statements.flatMap((statement) => awsPrincipals(statement) ?? []);
    return {
      ...first,
      principal: arns.length > 0 ? { AWS: this.distinct(arns) } : principal,
      resources: first.resources && this.distinct(statements.flatMap(({ resources }) => resources ?? [])),
    };
  }

  /** Every reading of an attribute makes a placeholder of its own, so they are compared by what they stand for. */
  private distinct(texts: readonly string[]): string[] {
    const byMeaning = new Map<string, string>();
    for (const text of texts) {
      const meant = this.text(text);
      if (!byMeaning.has(meant)) byMeaning.set(meant, text);
    }
    return [...byMeaning.values()];
  }

  private text(text: string): string {
    return resolved(this.scope, text);
  }
}

/** What two statements must have in common to be one. */
function meaning(statement: Statement): string {
  const { effect = "Allow", actions, conditions, principal } = statement;
  return JSON.stringify([effect, actions, conditions, awsPrincipals(statement) ? "AWS" : principal]);
}

function awsPrincipals({ principal }: Statement): readonly string[] | undefined {
  return typeof principal === "object" && "AWS" in principal ? principal.AWS : undefined;
}

/** A policy document as JSON text. */
export function policyDocument(statements: readonly Statement[]): string {
  return jsonText({
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({
      Sid: statement.sid,
      Effect: statement.effect ?? "Allow",
      Principal: renderPrincipal(statement.principal),
      Action: oneOrMany(statement.actions),
      Resource: statement.resources && oneOrMany(statement.resources),
      Condition: statement.conditions,
    })),
  });
}

/**
 * The least number of characters that IAM will count in a policy: white space is none, and a reference at the beginning
 * of a text stands for an ARN, of which `arn:aws:s3:::abc` is the shortest.
 */
export function shortestLength(policy: string): number {
  const parts = partsOf(policy).map(({ kind, text }) => (kind === "literal" ? text : REFERENCE));
  return parts
    .join("")
    .replace(/#\{TfToken\[[^\]]+\]\}/g, REFERENCE)
    .replaceAll(`"${REFERENCE}`, '"arn:aws:s3:::abc')
    .replace(new RegExp(`${REFERENCE}|\\s`, "g"), "").length;
}

/** Stands for a reference; JSON has no such character. */
const REFERENCE = "\u0000";
/** Variables of IAM are keys of conditions, or one of three characters. */
const VARIABLE = /(?<!\$)\$\{(?:[^${}:]+:[^${}]*|[*?$])\}/g;

function checkTexts(scope: IConstruct, statement: Statement): void {
  const { sid, actions, resources = [], conditions = {} } = statement;
  const at = (part: string): string => `policy statement ${sid}: ${part}`;
  actions.forEach((action) => checkText(scope, at("actions"), action));
  const values = Object.values(conditions).flatMap((keys) => Object.values(keys).flat());
  for (const [part, texts] of Object.entries({ resources, conditions: values })) {
    for (const text of texts) {
      checkText(scope, at(part), text);
      check(scope, at(part), literalOf(text), hasVariablesAlone, iam.policyVariable);
    }
  }
}

function hasVariablesAlone(text: string): boolean {
  return !text.replace(VARIABLE, "").includes("${");
}

function literalOf(text: string): string | undefined {
  if (typeof text !== "string") return undefined;
  return partsOf(text)
    .map((part) => (part.kind === "literal" ? part.text : ""))
    .join(" ");
}

function renderPrincipal(principal: Principal | undefined): unknown {
  return typeof principal === "object" && "AWS" in principal ? { AWS: oneOrMany(principal.AWS) } : principal;
}

/** IAM gives back a list of one as the bare value; writing it so keeps second plans empty. */
function oneOrMany(values: readonly string[]): string | readonly string[] {
  const [first] = values;
  return values.length === 1 && first !== undefined ? first : values;
}
