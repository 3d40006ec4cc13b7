import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { Construct } from "constructs";
import { pascalCase, terraformAddress } from "../framework/address";
import { jsonText } from "../framework/json-text";
import { Module } from "../framework/module";
import { namePrefix } from "../framework/names";
import { Platform } from "../framework/platform";
import { argumentText } from "../framework/text";
import { LogDelivery } from "./log-delivery";
import { checkRetention, type LogRetentionDays } from "./log-retention";

export interface EventLogProps {
  /** What EventBridge is to match. */
  readonly pattern: Readonly<Record<string, unknown>>;
  readonly description: string;
  /** @default 90 */
  readonly retentionInDays?: LogRetentionDays;
}

/** EventBridge allows 64 characters in the name of a rule, the provider keeps 26 of them for itself. */
const RULE_PREFIX_LIMIT = 38;

/**
 * Events of AWS in a log group.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
export class EventLog extends Module {
  public readonly logGroupName: string;

  public constructor(scope: Construct, id: string, props: EventLogProps) {
    super(scope, id);
    const { retentionInDays = 90 } = props;
    checkRetention(this, "retentionInDays", retentionInDays);
    const name = terraformAddress(this);
    const logGroup = new CloudwatchLogGroup(this, "log_group", {
      // EventBridge's console takes names that begin so, and no others
      name: `/aws/events/${Platform.of(this).name}/${name.replaceAll("_", "-")}`,
      retentionInDays,
    });
    const policy = LogDelivery.allow(
      this,
      { sid: pascalCase(name), principal: { Service: "events.amazonaws.com" } },
      logGroup.arn,
    );
    const rule = new CloudwatchEventRule(this, "event_rule", {
      namePrefix: namePrefix(this, name.replaceAll("_", "-"), RULE_PREFIX_LIMIT),
      description: argumentText(props.description),
      eventPattern: jsonText(props.pattern),
    });
    new CloudwatchEventTarget(this, "event_target", {
      rule: rule.name,
      targetId: "log",
      arn: logGroup.arn,
      dependsOn: [policy],
    });
    this.logGroupName = logGroup.name;
  }
}
