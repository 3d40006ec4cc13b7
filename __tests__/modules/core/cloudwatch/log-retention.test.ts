import { checkRetention, type LogRetentionDays } from "../../../../modules/core/cloudwatch/log-retention";
import { judging } from "../../stack-of";

const give = (days: number) =>
  judging((stack) => checkRetention(stack, "logRetentionInDays", days as LogRetentionDays));

test.each([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
])("logs can be kept for %i days", (days) => expect(give(days)).not.toThrow());

test.each([0, -1, 2, 10, 31, 366, 730, 3654])("logs cannot be kept for %i days", (days) => {
  expect(give(days)).toThrow(/small: logRetentionInDays is .*\n.*one of 1, 3, 5/);
});

test("the number of days may be left out", () => {
  expect(judging((stack) => checkRetention(stack, "logRetentionInDays", undefined))).not.toThrow();
});
