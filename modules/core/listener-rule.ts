import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import type { TerraformResource } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { check, checkLiteral } from "./check";
import type { IListener } from "./listener";
import { Module } from "./module";

const SOURCE =
  "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html";
const MAX_HOSTS = 5;

export interface ListenerRuleProps {
  readonly listener: IListener;
  /** Host names, 1 to 5, known at synth. `*` stands for any characters and `?` for one. */
  readonly hosts: readonly string[];
  /** Where requests for these hosts go. */
  readonly targetGroupArn: string;
  /**
   * 1 to 50000, the lowest that matches wins. Unique on the listener.
   * @default - made of the first host, so that it stays when other rules come and go
   */
  readonly priority?: number;
}

/**
 * A rule that sends the requests for some host names to a target group.
 * @throws InvalidInputError for hosts that a rule cannot have, and for a host or priority that another rule has
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html
 */
export class ListenerRule extends Module {
  /** What an ECS service must wait for: its target group is on the listener from then on. */
  public readonly resource: TerraformResource;

  public constructor(scope: Construct, id: string, props: ListenerRuleProps) {
    super(scope, id);
    checkHosts(this, props.hosts);
    this.resource = new LbListenerRule(this, "listener_rule", {
      listenerArn: props.listener.listenerArn,
      priority: props.listener.addRule({ owner: this, hosts: props.hosts, priority: props.priority }),
      action: [{ type: "forward", targetGroupArn: props.targetGroupArn }],
      condition: [{ hostHeader: { values: [...props.hosts] } }],
    });
  }
}

function checkHosts(scope: IConstruct, hosts: readonly string[]): void {
  for (const host of hosts) {
    checkLiteral(scope, "host", host);
    check(scope, "host", host, (name) => HOST.test(name), {
      allowed:
        "at most 128 letters from a to z, digits, - _ . and the wildcards * and ?, with a dot in it, nothing but " +
        "letters after the last dot and no hyphen at the end of a part",
      mend: 'give a name such as "payments.internal.example", in lower case',
      source: SOURCE,
    });
  }
  check(
    scope,
    "hosts",
    hosts,
    (all) => all.length >= 1 && all.length <= MAX_HOSTS && new Set(all).size === all.length,
    {
      allowed: `1 to ${MAX_HOSTS} different host names in one rule`,
      mend: "use a wildcard, for example *.internal.example, in place of several names",
      source: SOURCE,
    },
  );
}

/** Lower case only: load balancers and DNS know no difference, and two such names would be one. */
const PART = "(?!-)[a-z0-9*?_-]{1,63}(?<!-)";
const HOST = new RegExp(`^(?=.{1,128}$)(?:${PART}\\.)+[a-z]+$`);
