import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import type { TerraformResource } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { listenerRule } from "../../rules/listener-rule";
import { check, checkGiven, checkLiteral } from "../framework/check";
import { Module } from "../framework/module";
import { warnUnless } from "../framework/warnings";
import type { IListener } from "./listener";

const MAX_HOSTS = 5;
const MAX_WILDCARDS = 5;

export interface ListenerRuleProps {
  /** The listener that the rule is put on. */
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
 * Synthesis is refused for hosts that a rule cannot have, and for a host or priority that another rule has
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html
 */
export class ListenerRule extends Module {
  /** What an ECS service must wait for: its target group is on the listener from then on. */
  public readonly resource: TerraformResource;

  public constructor(scope: Construct, id: string, props: ListenerRuleProps) {
    super(scope, id);
    checkGiven(this, props, ["listener", "hosts", "targetGroupArn"]);
    const { hosts, priority, targetGroupArn } = props;
    checkHosts(this, hosts);
    this.resource = new LbListenerRule(this, "listener_rule", {
      listenerArn: props.listener.listenerArn,
      priority: props.listener.addRule({ owner: this, hosts, priority, targetGroupArn }),
      action: [{ type: "forward", targetGroupArn }],
      condition: [{ hostHeader: { values: [...hosts] } }],
    });
  }
}

function checkHosts(scope: IConstruct, hosts: readonly string[]): void {
  for (const host of hosts) {
    checkLiteral(scope, "host", host);
    check(scope, "host", host, (name) => HOST.test(name), listenerRule.host);
  }
  check(scope, "hosts", hosts, areFewAndDifferent, listenerRule.hosts);
  warnUnless(scope, "hosts", hosts, (all) => wildcardsIn(all) <= MAX_WILDCARDS, listenerRule.wildcards);
}

function areFewAndDifferent(hosts: readonly string[]): boolean {
  return hosts.length >= 1 && hosts.length <= MAX_HOSTS && new Set(hosts).size === hosts.length;
}

function wildcardsIn(hosts: readonly string[]): number {
  return hosts.join().replace(/[^*?]/g, "").length;
}

/** Lower case only: load balancers and DNS know no difference, and two such names would be one. */
const PART = "(?!-)[a-z0-9*?_-]{1,63}(?<!-)";
const HOST = new RegExp(`^(?=.{1,128}$)(?:${PART}\\.)+[a-z]+$`);
