import { imageTagVariable } from "../../stacks/variables";
import { stackOf } from "../modules/stack-of";

describe("the variable for an image's tag", () => {
  const conditions = (options?: Parameters<typeof imageTagVariable>[2]): unknown[] => {
    const stack = stackOf((stack) => imageTagVariable(stack, "stock_service", options));
    const { validation } = stack.variable("stock_service_image_tag") as {
      validation: { condition: string }[];
    };
    return validation.map(({ condition }) => condition);
  };
  const notLatest = '${var.stock_service_image_tag != "latest"}';

  test("cannot be latest", () => expect(conditions()).toContain(notLatest));
  test("may be latest where that is allowed", () => {
    expect(conditions({ allowLatest: true })).toHaveLength(1);
    expect(conditions({ allowLatest: true })).not.toContain(notLatest);
  });
});
