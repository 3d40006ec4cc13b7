import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { arn, awsContext } from "../../../../modules/core/framework/aws-context";
import { dataOf, stackOf } from "../../stack-of";

const stack = stackOf((stack) => {
  const inner = new Construct(stack, "inner");
  expect(awsContext(inner)).toBe(awsContext(stack));
  new TerraformOutput(stack, "arn", { value: arn(inner, "ecs", "cluster/x") });
});

test("account, region and partition are asked for once per stack", () => {
  const { data } = JSON.parse(stack.toJson()) as { data: Record<string, Record<string, unknown>> };
  expect(
    Object.entries(data)
      .map(([type, byName]) => [type, Object.keys(byName)])
      .sort(),
  ).toEqual([
    ["aws_caller_identity", ["current"]],
    ["aws_partition", ["current"]],
    ["aws_region", ["current"]],
  ]);
  expect(dataOf(stack, "aws_region.current")).toBeDefined();
});

test("an ARN names no partition, region or account that only one deployment has", () => {
  expect(stack.output("arn")).toBe(
    "arn:${data.aws_partition.current.partition}:ecs:${data.aws_region.current.id}:" +
      "${data.aws_caller_identity.current.account_id}:cluster/x",
  );
});

test("two stacks have a context each", () => {
  stackOf((one) => {
    stackOf((other) => expect(awsContext(one)).not.toBe(awsContext(other)));
  });
});
