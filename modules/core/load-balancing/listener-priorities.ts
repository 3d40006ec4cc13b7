import { Lazy } from "cdktf";
import type { IConstruct } from "constructs";
import { listenerRule } from "../../rules/listener-rule";
import type { CheckedRule } from "../../rules/rule";
import { check, checkInteger, refuse } from "../framework/check";
import { claim } from "../framework/claims";
import { identityOf } from "../framework/resolved";
import { warnUnless } from "../framework/warnings";
import { hashOf } from "./load-balancer-names";

/** A rule that somebody wants on a listener. */
export interface WantedRule {
  /** Who wants it; errors name it. */
  readonly owner: IConstruct;
  /** Host names in lower case, at least one, known at synth. The first one decides the priority. */
  readonly hosts: readonly string[];
  /** @default - made of the first host */
  readonly priority?: number;
  /** Where requests go. */
  readonly targetGroupArn: string;
}

const HIGHEST = 50000;
/** Hosts with wildcards come after all others: a listener takes the first rule that matches. */
const FIRST_FOR_WILDCARDS = 40001;
/** Rules that a load balancer may have, those of the default actions not counted, and target groups. */
const MAX_RULES = 100;
const MAX_TARGET_GROUPS = 100;

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
  private readonly targetGroups = new Set<string>();

  /**
   * Takes note of a rule and returns its priority, which is decided when the app is synthesized. Refuses a host and a
   * pinned priority that another rule has, and one target group too many.
   */
  public add(rule: WantedRule): number {
    const { owner, priority } = rule;
    checkInteger(owner, "priority", priority, { min: 1, max: HIGHEST }, listenerRule.priority);
    for (const host of rule.hosts) this.checkIsFree(owner, "host", host, listenerRule.hostTaken);
    if (priority !== undefined) this.checkIsFree(owner, "priority", priority, listenerRule.priorityTaken);
    this.rules.push(rule);
    this.targetGroups.add(identityOf(owner, rule.targetGroupArn));
    this.checkCounts(owner);
    return Lazy.numberValue({ produce: () => this.allot().get(rule) ?? HIGHEST });
  }

  private checkIsFree(owner: IConstruct, property: string, value: string | number, rule: CheckedRule): void {
    const other = claim(owner, [this], `${property} ${value}`);
    if (other === undefined) return;
    const allowed = `${rule.allowed}; ${other.node.path} has this one`;
    refuse({ scope: owner, property, value }, { ...rule, allowed });
  }

  /** The first that is one too many is told, not all that come after it. */
  private checkCounts(owner: IConstruct): void {
    const { size } = this.targetGroups;
    const rules = this.rules.length;
    const groupsFit = (count: number): boolean => count !== MAX_TARGET_GROUPS + 1;
    check(owner, "target groups of the load balancer", size, groupsFit, listenerRule.targetGroups);
    warnUnless(owner, "rules of the load balancer", rules, (n) => n !== MAX_RULES + 1, listenerRule.quota);
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
  for (let tries = 0; tries < size && taken.has(first + offset); tries++) offset = (offset + 1) % size;
  return first + offset;
}
