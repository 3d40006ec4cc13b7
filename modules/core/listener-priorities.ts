import { Lazy } from "cdktf";
import type { IConstruct } from "constructs";
import { checkInteger, InvalidInputError } from "./check";
import { hashOf } from "./load-balancer-names";
import { identityOf } from "./resolved";

/** A rule that somebody wants on a listener. */
export interface WantedRule {
  /** Who wants it; errors name it. */
  readonly owner: IConstruct;
  /** Host names in lower case, at least one, known at synth. The first one decides the priority. */
  readonly hosts: readonly string[];
  /** @default - made of the first host */
  readonly priority?: number;
}

const RULES = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html";
const QUOTAS =
  "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html";

const HIGHEST = 50000;
/** Hosts with wildcards come after all others: a listener takes the first rule that matches. */
const FIRST_FOR_WILDCARDS = 40001;
/** Rules that a load balancer may have, those of the default actions not counted. */
const MAX_RULES = 100;

/**
 * The rules of one listener and their priorities. A priority is made of the rule's first host, so that it stays when
 * other rules come and go and in whatever order they are made; where two hosts make the same one, the host that sorts
 * later gets the next that is free.
 */
export class ListenerPriorities {
  /** The rules that this app puts on a listener which exists already. */
  public static ofImported(scope: IConstruct, listenerArn: string): ListenerPriorities {
    const { root } = scope.node;
    let byArn = imported.get(root);
    if (byArn === undefined) imported.set(root, (byArn = new Map<string, ListenerPriorities>()));
    const key = identityOf(scope, listenerArn);
    let priorities = byArn.get(key);
    if (priorities === undefined) byArn.set(key, (priorities = new ListenerPriorities()));
    return priorities;
  }

  private readonly rules: WantedRule[] = [];

  /**
   * Takes note of a rule and returns its priority, which is decided when the app is synthesized.
   * @throws InvalidInputError for a host or a pinned priority that another rule has, and for one rule too many
   */
  public add(rule: WantedRule): number {
    const { owner, priority } = rule;
    const mend = `leave it out: one is made of the host that stays the same when other services come and go`;
    checkInteger(owner, "priority", priority, { min: 1, max: HIGHEST }, { mend, source: RULES });
    for (const other of this.rules) refuseDuplicate(rule, other);
    if (this.rules.length >= MAX_RULES) {
      throw new InvalidInputError(
        { scope: owner, property: "rules of the load balancer", value: this.rules.length + 1 },
        {
          allowed: `at most ${MAX_RULES} on one load balancer`,
          mend: "put the service behind another load balancer",
          source: QUOTAS,
        },
      );
    }
    this.rules.push(rule);
    return Lazy.numberValue({ produce: () => this.allot().get(rule) ?? HIGHEST });
  }

  private allot(): Map<WantedRule, number> {
    const allotted = new Map<WantedRule, number>();
    const taken = new Set<number>();
    for (const rule of this.rules) {
      if (rule.priority === undefined) continue;
      allotted.set(rule, rule.priority);
      taken.add(rule.priority);
    }
    const others = this.rules.filter(({ priority }) => priority === undefined);
    for (const rule of others.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))) {
      const priority = firstFree(rule, taken);
      allotted.set(rule, priority);
      taken.add(priority);
    }
    return allotted;
  }
}

/** Per app: listener -> its rules. */
const imported = new WeakMap<IConstruct, Map<string, ListenerPriorities>>();

function keyOf({ hosts }: WantedRule): string {
  return hosts[0] ?? "";
}

function firstFree(rule: WantedRule, taken: ReadonlySet<number>): number {
  const hasWildcard = rule.hosts.some((host) => /[*?]/.test(host));
  const first = hasWildcard ? FIRST_FOR_WILDCARDS : 1;
  const size = (hasWildcard ? HIGHEST : FIRST_FOR_WILDCARDS - 1) - first + 1;
  let offset = hashOf(keyOf(rule)) % size;
  while (taken.has(first + offset)) offset = (offset + 1) % size;
  return first + offset;
}

function refuseDuplicate(rule: WantedRule, other: WantedRule): void {
  const host = rule.hosts.find((name) => other.hosts.includes(name));
  if (host !== undefined) {
    throw new InvalidInputError(
      { scope: rule.owner, property: "host", value: host },
      {
        allowed: `a host that no other rule of the listener has; ${other.owner.node.path} has this one`,
        mend: "give one of the two another host: only the rule with the lower priority would get requests",
        source: RULES,
      },
    );
  }
  if (rule.priority === undefined || rule.priority !== other.priority) return;
  throw new InvalidInputError(
    { scope: rule.owner, property: "priority", value: rule.priority },
    {
      allowed: `a priority that no other rule of the listener has; ${other.owner.node.path} has this one`,
      mend: "give one of the two another priority, or leave it out",
      source: RULES,
    },
  );
}
