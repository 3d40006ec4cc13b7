import type { IConstruct } from "constructs";
import { check } from "./check";

const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** Days that CloudWatch Logs can keep events for. */
export type LogRetentionDays = (typeof RETENTIONS)[number];

/** Throws unless CloudWatch Logs knows the number of days. */
export function checkRetention(
  scope: IConstruct,
  property: string,
  days: LogRetentionDays | undefined,
): void {
  check(scope, property, days, (given) => RETENTIONS.includes(given), {
    allowed: `one of ${RETENTIONS.join(", ")} (days)`,
    mend: "take the next larger number",
    source:
      "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html",
  });
}
