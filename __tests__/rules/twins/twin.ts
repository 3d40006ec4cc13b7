import type { CheckedRule } from "../../../modules/rules";
import type { SmallStack } from "../../modules/stack-of";

/** Two inputs that differ by the smallest change: one breaks a rule and the other one keeps all of them. */
export interface Twin {
  readonly rule: CheckedRule;
  /** What the bad one is, where a rule has more than one pair. */
  readonly title?: string;
  readonly bad: (stack: SmallStack) => void;
  readonly good: (stack: SmallStack) => void;
}

/** A pair that differs in one value. */
export function twin<T>(
  rule: CheckedRule,
  make: (stack: SmallStack, value: T) => void,
  values: { readonly bad: T; readonly good: T },
): Twin {
  return {
    rule,
    title: values.bad === undefined ? "without" : JSON.stringify(values.bad).slice(0, 40),
    bad: (stack) => make(stack, values.bad),
    good: (stack) => make(stack, values.good),
  };
}
