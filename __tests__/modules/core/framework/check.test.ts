import { Token } from "cdktf";
import {
  check,
  checkInteger,
  checkLiteral,
  checkPort,
  InvalidInputError,
} from "../../../../modules/core/framework/check";
import { checkFindings, InvalidAppError } from "../../../../modules/core/framework/findings";
import { judging, SmallStack, testApp, variable } from "../../stack-of";

const stack = new SmallStack(testApp(), "trading-platform");

/** What is found wrong by the time an app with the stack is synthesized. */
function messageOf(act: (stack: SmallStack) => void): string {
  const stack = new SmallStack(testApp(), "trading-platform");
  let thrown: unknown;
  try {
    act(stack);
  } catch (error) {
    thrown = error;
  }
  try {
    checkFindings(stack.node.root, thrown);
  } catch (error) {
    if (error instanceof InvalidAppError) return error.message;
  }
  throw new Error("nothing was refused");
}

describe("a refusal", () => {
  const expectation = {
    allowed: "an even number",
    mend: "double it",
    source: "https://example.com/even",
    id: "even",
  };

  test("names construct path, property, given, allowed, mend, source and rule, a line each", () => {
    expect(messageOf((stack) => check(stack, "count", 3, (n) => n % 2 === 0, expectation))).toBe(
      [
        "trading-platform: count is 3",
        "    allowed: an even number",
        "    mend:    double it",
        "    source:  https://example.com/even",
        "    rule:    even (docs/rules.md)",
      ].join("\n"),
    );
  });

  test("has no line for a source that is not there", () => {
    const message = messageOf((stack) =>
      check(stack, "count", 3, () => false, { allowed: "a", mend: "b", id: "c" }),
    );
    expect(message.split("\n")).toHaveLength(4);
  });

  test("says app where the path is empty", () => {
    expect(messageOf((stack) => check(stack.node.root, "x", 1, () => false, expectation))).toMatch(
      /^app: x is 1/,
    );
  });

  test("shows texts in quotes and says what was not given", () => {
    expect(messageOf((stack) => check(stack, "name", "a b", () => false, expectation))).toContain('is "a b"');
    const error = new InvalidInputError({ scope: stack, property: "x", value: undefined }, expectation);
    expect(error.message).toContain("x is not given");
    expect(error.name).toBe("InvalidInputError");
  });

  test("shows a number that is none as what it is", () => {
    expect(messageOf((stack) => checkPort(stack, "port", Number("eighty")))).toContain("port is NaN");
  });
});

describe("a check", () => {
  const never = { allowed: "nothing", mend: "none", id: "never" };

  test("does not judge what is not given", () => {
    expect(judging((stack) => check(stack, "x", undefined, () => false, never))).not.toThrow();
  });

  test("does not judge what only Terraform knows: a text, a number and a list", () => {
    const { stringValue, numberValue, listValue } = variable(stack, "unknown");
    expect(judging((stack) => check(stack, "x", stringValue, () => false, never))).not.toThrow();
    expect(judging((stack) => check(stack, "x", `prefix-${stringValue}`, () => false, never))).not.toThrow();
    expect(judging((stack) => checkPort(stack, "x", numberValue))).not.toThrow();
    expect(judging((stack) => check(stack, "x", listValue, () => false, never))).not.toThrow();
    expect(judging((stack) => check(stack, "x", Token.asString({ a: 1 }), () => false, never))).not.toThrow();
  });
});

test("what other names are made of must be known here, and the refusal shows no placeholder", () => {
  expect(judging((stack) => checkLiteral(stack, "serviceName", "stock"))).not.toThrow();
  for (const unknown of [variable(stack, "a").stringValue, variable(stack, "b").numberValue]) {
    const message = messageOf((stack) => checkLiteral(stack, "serviceName", unknown));
    expect(message).toMatch(
      /^trading-platform: serviceName is "a reference[^]*known when the app is synthesized/,
    );
    expect(message).not.toContain("TfToken");
  }
});

describe("a port", () => {
  test.each([1, 80, 65535])("may be %s", (port) => {
    expect(judging((stack) => checkPort(stack, "port", port))).not.toThrow();
  });
  test.each([0, -1, 65536, 80.5, Infinity])("cannot be %s", (port) => {
    expect(messageOf((stack) => checkPort(stack, "port", port))).toContain("a whole number from 1 to 65535");
  });
});

describe("a whole number in a range", () => {
  const range = { min: 3, max: 5 };
  test.each([3, 4, 5])("may be %s", (n) => {
    expect(judging((stack) => checkInteger(stack, "n", n, range, { mend: "", id: "range" }))).not.toThrow();
  });
  test.each([2, 6, 3.5])("cannot be %s", (n) => {
    expect(messageOf((stack) => checkInteger(stack, "n", n, range, { mend: "", id: "range" }))).toContain(
      "from 3 to 5",
    );
  });
  test("may describe itself in other words", () => {
    const allowed = "between three and five";
    expect(
      messageOf((stack) => checkInteger(stack, "n", 9, range, { mend: "", allowed, id: "range" })),
    ).toContain(allowed);
  });
});
