import type { Rules } from "./rule";

const CREATE = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html";
const GUIDE = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application";
const CONDITIONS = `${GUIDE}/rule-condition-types.html`;
const QUOTAS = `${GUIDE}/load-balancer-limits.html`;

/** Rules that send requests for hosts to target groups. */
export const listenerRule = {
  host: {
    id: "listener-rule-host",
    about:
      "A host in a rule has at most 128 characters, a dot, and only letters after the last dot. The provider checks the length alone.",
    held: "synth",
    allowed:
      "at most 128 letters from a to z, digits, - _ . and the wildcards * and ?, with a dot in it, nothing but " +
      "letters after the last dot and no hyphen at the end of a part",
    mend: 'give a name such as "payments.internal.example", in lower case',
    source: CONDITIONS,
  },
  hosts: {
    id: "listener-rule-hosts",
    about: "All conditions of a rule have five values together, which no quota raises.",
    held: "synth",
    allowed: "1 to 5 different host names in one rule",
    mend: "use a wildcard, for example *.internal.example, in place of several names",
    source: QUOTAS,
  },
  wildcards: {
    id: "listener-rule-wildcards",
    about: "A rule has a small number of wildcards: AWS's page of quotas says 5, and said 6 before.",
    held: "warning",
    allowed: "at most 5 wildcards in all hosts of a rule",
    mend: "let one * stand for several parts: it matches dots too",
    source: QUOTAS,
  },
  hostTaken: {
    id: "listener-rule-host-taken",
    about:
      "AWS takes a host in two rules, and the rule with the lower priority number gets all of its requests.",
    held: "synth",
    allowed: "a host that no other rule of the listener has",
    mend: "give one of the two another host: only the rule with the lower priority would get requests",
    source: CREATE,
  },
  priority: {
    id: "listener-rule-priority",
    about: "A rule's priority is a whole number from 1 to 50000.",
    held: "synth",
    allowed: "a whole number from 1 to 50000",
    mend: "leave it out: one is made of the host that stays the same when other services come and go",
    source: CREATE,
  },
  priorityTaken: {
    id: "listener-rule-priority-taken",
    about:
      "A listener has a priority once: a second rule with it fails with PriorityInUse. Where Terraform gives none, the provider takes the next, which races.",
    held: "synth",
    allowed: "a priority that no other rule of the listener has",
    mend: "give one of the two another priority, or leave it out",
    source: CREATE,
  },
  targetGroups: {
    id: "listener-rule-target-groups",
    about: "A load balancer has 100 target groups, which no quota raises.",
    held: "synth",
    allowed: "at most 100 target groups on one load balancer",
    mend: "put the service behind another load balancer",
    source: QUOTAS,
  },
  quota: {
    id: "listener-rule-quota",
    about: "A load balancer has 100 rules, those of default actions not counted, unless more are asked for.",
    held: "warning",
    allowed: "at most 100 rules on one load balancer",
    mend: "use another load balancer, or ask for a higher quota and acknowledge it",
    source: QUOTAS,
  },
  target: {
    id: "listener-rule-target",
    about: "A rule that forwards needs a target group.",
    held: "design",
    how: "The types demand `targetGroupArn`, and forwarding is all that a rule does here.",
    source: CREATE,
  },
} as const satisfies Rules;
