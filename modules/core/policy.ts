import type { IConstruct } from "constructs";
import { resolved } from "./resolved";

/** Who a resource policy or a trust policy is about. */
export type Principal = "*" | { readonly Service: string } | { readonly AWS: readonly string[] };

/** A statement of an IAM policy. `sid` is its identity: statements with one sid are merged. */
export interface Statement {
  /** Letters and digits only, unique in its document. */
  readonly sid: string;
  /** @default "Allow" */
  readonly effect?: "Allow" | "Deny";
  /** Only in resource policies and trust policies. @default - none */
  readonly principal?: Principal;
  /** For example `["ecr:BatchGetImage"]`. */
  readonly actions: readonly string[];
  /** ARNs; `"*"` only for actions that know no resource. @default - none, as in trust policies */
  readonly resources?: readonly string[];
  /** @default - none */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** The statements of one policy, collected while the constructs of a stack are made and written when it is synthesized. */
export class PolicyStatements {
  private readonly bySid = new Map<string, Statement[]>();

  /** @param scope whose stack the policy is in */
  public constructor(private readonly scope: IConstruct) {}

  /** Adds a statement. One with a sid that is there already only adds its resources and principals. */
  public add(statement: Statement): void {
    const present = this.bySid.get(statement.sid);
    if (present === undefined) this.bySid.set(statement.sid, [statement]);
    else present.push(statement);
  }

  /** @throws Error where two statements of one sid say different things */
  public toJson(): string {
    return policyDocument([...this.bySid.values()].map((statements) => this.merge(statements)));
  }

  private merge(statements: readonly Statement[]): Statement {
    const [first, ...others] = statements as [Statement, ...Statement[]];
    if (others.length === 0) return first;
    if (new Set(statements.map((statement) => this.text(meaning(statement)))).size > 1) {
      throw new Error(
        `two statements of one policy of ${this.scope.node.path} have the sid ${first.sid} and say different things`,
      );
    }
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
  return JSON.stringify({
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

function renderPrincipal(principal: Principal | undefined): unknown {
  return typeof principal === "object" && "AWS" in principal ? { AWS: oneOrMany(principal.AWS) } : principal;
}

/** IAM gives back a list of one as the bare value; writing it so keeps second plans empty. */
function oneOrMany(values: readonly string[]): string | readonly string[] {
  const [first] = values;
  return values.length === 1 && first !== undefined ? first : values;
}
