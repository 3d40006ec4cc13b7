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

  /**
   * Adds a statement. One with a sid that is there already only adds its resources and principals.
   * @throws Error where the two say different things
   */
  public add(statement: Statement): void {
    const present = this.bySid.get(statement.sid);
    if (present === undefined) this.bySid.set(statement.sid, [statement]);
    else if (present[0] && meaning(present[0]) === meaning(statement)) present.push(statement);
    else
      throw new Error(`two statements of one policy have the sid ${statement.sid} and say different things`);
  }

  public toJson(): string {
    return policyDocument([...this.bySid.values()].flatMap(merge));
  }
}

/** What two statements must have in common to be one. */
function meaning({ effect = "Allow", actions, conditions, principal }: Statement): string {
  const kind = typeof principal === "object" && "AWS" in principal ? "AWS" : principal;
  return JSON.stringify([effect, actions, conditions, kind]);
}

function merge([first, ...others]: readonly Statement[]): Statement[] {
  if (first === undefined) return [];
  if (others.length === 0) return [first];
  const all = [first, ...others];
  const arns = all.flatMap(({ principal }) =>
    typeof principal === "object" && "AWS" in principal ? principal.AWS : [],
  );
  return [
    {
      ...first,
      principal: arns.length > 0 ? { AWS: [...new Set(arns)] } : first.principal,
      resources: first.resources && [...new Set(all.flatMap(({ resources }) => resources ?? []))],
    },
  ];
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
