import { TerraformStack, Token } from "cdktf";
import { check, checkInteger, checkLiteral, checkPort, InvalidInputError } from "../../../modules/core/check";
import { SmallStack, testApp, variable } from "../stack-of";

const stack = new SmallStack(testApp(), "trading-platform");
const scope = new TerraformStack(testApp(), "other");

function messageOf(act: () => void): string {
  try {
    act();
  } catch (error) {
    if (error instanceof InvalidInputError) return error.message;
  }
  throw new Error("nothing was refused");
}

describe("a refusal", () => {
  const expectation = { allowed: "an even number", mend: "double it", source: "https://example.com/even" };

  test("names construct path, property, given, allowed, mend and source, a line each", () => {
    expect(messageOf(() => check(stack, "count", 3, (n) => n % 2 === 0, expectation))).toBe(
      [
        "trading-platform: count is 3",
        "    allowed: an even number",
        "    mend:    double it",
        "    source:  https://example.com/even",
      ].join("\n"),
    );
  });

  test("has no line for a source that is not there", () => {
    const message = messageOf(() => check(stack, "count", 3, () => false, { allowed: "a", mend: "b" }));
    expect(message.split("\n")).toHaveLength(3);
  });

  test("says app where the path is empty", () => {
    const app = testApp();
    expect(messageOf(() => check(app, "x", 1, () => false, expectation))).toMatch(/^app: x is 1/);
  });

  test("shows texts in quotes and says what was not given", () => {
    expect(messageOf(() => check(stack, "name", "a b", () => false, expectation))).toContain('is "a b"');
    const error = new InvalidInputError({ scope: stack, property: "x", value: undefined }, expectation);
    expect(error.message).toContain("x is not given");
    expect(error.name).toBe("InvalidInputError");
  });

  test("shows a number that is none as what it is", () => {
    expect(messageOf(() => checkPort(stack, "port", Number("eighty")))).toContain("port is NaN");
  });
});

describe("a check", () => {
  const never = { allowed: "nothing", mend: "none" };

  test("does not judge what is not given", () => {
    expect(() => check(stack, "x", undefined, () => false, never)).not.toThrow();
  });

  test("does not judge what only Terraform knows: a text, a number and a list", () => {
    const { stringValue, numberValue, listValue } = variable(stack, "unknown");
    expect(() => check(stack, "x", stringValue, () => false, never)).not.toThrow();
    expect(() => check(stack, "x", `prefix-${stringValue}`, () => false, never)).not.toThrow();
    expect(() => checkPort(stack, "x", numberValue)).not.toThrow();
    expect(() => check(stack, "x", listValue, () => false, never)).not.toThrow();
    expect(() => check(stack, "x", Token.asString({ a: 1 }), () => false, never)).not.toThrow();
  });
});

test("what other names are made of must be known here, and the refusal shows no placeholder", () => {
  expect(() => checkLiteral(stack, "serviceName", "stock")).not.toThrow();
  for (const unknown of [variable(stack, "a").stringValue, variable(stack, "b").numberValue]) {
    const message = messageOf(() => checkLiteral(stack, "serviceName", unknown));
    expect(message).toMatch(
      /^trading-platform: serviceName is "a reference[^]*known when the app is synthesized/,
    );
    expect(message).not.toContain("TfToken");
  }
});

describe("a port", () => {
  test.each([1, 80, 65535])("may be %s", (port) => {
    expect(() => checkPort(scope, "port", port)).not.toThrow();
  });
  test.each([0, -1, 65536, 80.5, Infinity])("cannot be %s", (port) => {
    expect(messageOf(() => checkPort(scope, "port", port))).toContain("a whole number from 1 to 65535");
  });
});

describe("a whole number in a range", () => {
  const range = { min: 3, max: 5 };
  test.each([3, 4, 5])("may be %s", (n) => {
    expect(() => checkInteger(scope, "n", n, range, { mend: "" })).not.toThrow();
  });
  test.each([2, 6, 3.5])("cannot be %s", (n) => {
    expect(messageOf(() => checkInteger(scope, "n", n, range, { mend: "" }))).toContain("from 3 to 5");
  });
  test("may describe itself in other words", () => {
    const allowed = "between three and five";
    expect(messageOf(() => checkInteger(scope, "n", 9, range, { mend: "", allowed }))).toContain(allowed);
  });
});
