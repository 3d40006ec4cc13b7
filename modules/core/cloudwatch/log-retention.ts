import type { IConstruct } from "constructs";
import { logs, RETENTIONS } from "../../rules/logs";
import { check } from "../framework/check";

/** Days that CloudWatch Logs can keep events for. */
export type LogRetentionDays = (typeof RETENTIONS)[number];

/** Refuses a number of days that CloudWatch Logs does not know. */
export function checkRetention(
  scope: IConstruct,
  property: string,
  days: LogRetentionDays | undefined,
): void {
  check(scope, property, days, (given) => RETENTIONS.includes(given), logs.retention);
}
