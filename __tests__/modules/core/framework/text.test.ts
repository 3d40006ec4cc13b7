import { Fn, TerraformOutput, type IResolvable } from "cdktf";
import { argumentText, text } from "../../../../modules/core/framework/text";
import { stackOf, variable, type SmallStack } from "../../stack-of";

/** The text as Terraform gets it. */
function written(make: (stack: SmallStack) => string): unknown {
  return stackOf((stack) => {
    new TerraformOutput(stack, "text", { value: make(stack) });
  }).output("text");
}

const name = (stack: SmallStack): string => variable(stack, "name").stringValue;
const port = (stack: SmallStack): number => variable(stack, "port", "number").numberValue;

describe("a text of literals and values", () => {
  test("has numbers that Terraform computes in their places, behind digits and signs too", () => {
    expect(written((stack) => text`a-${port(stack)}.5`)).toBe("a-${var.port}.5");
    expect(written((stack) => text`1${port(stack)}0`)).toBe("1${var.port}0");
  });

  test("has numbers and texts that are known as they are", () => {
    expect(text`http://${"stock"}:${8080}/x`).toBe("http://stock:8080/x");
  });

  test("keeps ${HOME} for a shell, and a dollar before a value", () => {
    expect(written((stack) => text`\${HOME}/${name(stack)}`)).toBe("$${HOME}/${var.name}");
    expect(written((stack) => text`US$${name(stack)}`)).toBe('US${"$"}${var.name}');
  });

  test("can be given to functions of Terraform, with numbers and quotes in it", () => {
    expect(written((stack) => Fn.upper(text`${port(stack)} "${name(stack)}"`))).toMatch(/^\$\{upper\("/);
  });

  test("can have another one in it", () => {
    expect(written((stack) => text`<${text`\${${name(stack)}}`}>`)).toBe("<$${${var.name}}>");
  });

  test.each<[string, (stack: SmallStack) => unknown, RegExp]>([
    ["undefined", () => undefined, /behind "port " is not given; give a text/],
    ["null", () => null, /behind "port " is not given/],
    ["a list", (stack) => variable(stack, "list", "list(string)").listValue[0], /a list or map; join it/],
    ["an object", () => ({}), /is not a text; give a text/],
    [
      "a number after arithmetic",
      (stack) => port(stack) * 2,
      /is calculated; write the arithmetic with `Op`/,
    ],
  ])("rejects %s", (_, make, message) => {
    stackOf((stack) => {
      expect(() => text`port ${make(stack) as string | IResolvable}`).toThrow(message);
    });
  });
});

describe("a text for an argument", () => {
  test("is the text itself if nothing in it means anything to Terraform", () => {
    expect(argumentText("plain $5 100%")).toBe("plain $5 100%");
    expect(argumentText(undefined)).toBeUndefined();
  });

  test("keeps its literals beside references", () => {
    expect(written((stack) => argumentText(`%{if} \${x} ${name(stack)}`))).toBe("%%{if} $${x} ${var.name}");
  });
});
