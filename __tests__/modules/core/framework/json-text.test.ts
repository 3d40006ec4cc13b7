import { TerraformOutput } from "cdktf";
import { freeText, jsonText } from "../../../../modules/core/framework/json-text";
import { stackOf, variable, type SmallStack } from "../../stack-of";

/** The text as Terraform gets it, for a value that may hold references to variables of the stack. */
function written(make: (stack: SmallStack) => unknown): string {
  const stack = stackOf((stack) => {
    new TerraformOutput(stack, "text", { value: jsonText(make(stack)) });
  });
  return stack.output("text") as string;
}

describe("free text without references", () => {
  const text = (literal: string): string => written(() => ({ value: freeText(literal) }));

  test("is a JSON string", () => expect(text("plain")).toBe('{"value":"plain"}'));
  test("may be empty", () => expect(text("")).toBe('{"value":""}'));
  test("is a string for a number too: ECS takes nothing else", () => {
    expect(written(() => ({ value: freeText(8080) }))).toBe('{"value":"8080"}');
  });

  test.each([
    ["quotes", 'say "hi"'],
    ["backslashes", "C:\\data\\"],
    ["newlines and tabs", "one\n\ttwo\r\n"],
    ["text beyond ASCII", "größe → 日本"],
    ["a lone dollar and percent sign", "$HOME 100%"],
    ["an apostrophe and angle brackets", "it's <b>"],
  ])("may hold %s", (_, literal) => {
    expect(JSON.parse(text(literal))).toEqual({ value: literal });
  });

  test("keeps ${HOME} literal: Terraform would take it for a reference", () => {
    expect(text("echo ${HOME}")).toBe('{"value":"echo $${HOME}"}');
  });

  test("keeps each ${ literal where there are several", () => {
    expect(text("${A}${B} ${C}")).toBe('{"value":"$${A}$${B} $${C}"}');
  });

  test("keeps %{if} literal: Terraform would take it for a directive", () => {
    expect(text("%{if} %{else}")).toBe('{"value":"%%{if} %%{else}"}');
  });
});

describe("free text with references", () => {
  test("that is one reference becomes a string in Terraform, whatever the variable's type is", () => {
    expect(written((stack) => [freeText(variable(stack, "count", "number").stringValue)])).toBe(
      "[${jsonencode(tostring(var.count))}]",
    );
  });

  test("may have a number in it", () => {
    const text = written((stack) => [freeText(`${variable(stack, "count", "number").numberValue}`)]);
    expect(text).toBe('["${var.count}"]');
  });

  test("has each reference escaped by Terraform, without the quotes that jsonencode adds", () => {
    const text = written((stack) => [freeText(`a ${variable(stack, "name").stringValue} z`)]);
    expect(text).toBe('["a ${element(regex("^\\"(.*)\\"$", jsonencode(tostring(var.name))), 0)} z"]');
  });

  test("keeps what is literal beside them literal: quotes, newlines and ${HOME}", () => {
    const text = written((stack) => [freeText(`"\n\${HOME}${variable(stack, "name").stringValue}%{x}`)]);
    expect(text).toMatch(/^\["\\"\\n\$\$\{HOME\}\$\{element\(.*var\.name.*\)\}%%\{x\}"\]$/);
  });

  test("may have one reference beside the other", () => {
    const text = written((stack) => {
      const [a, b] = [variable(stack, "a").stringValue, variable(stack, "b").stringValue];
      return [freeText(`${a}${b}`)];
    });
    expect(text.match(/var\.[ab]/g)).toEqual(["var.a", "var.b"]);
    expect(text).toMatch(/^\["\$\{element.*\}\$\{element.*\}"\]$/);
  });
});

describe("what is not marked as free text", () => {
  test("keeps its references between the quotes as they are", () => {
    expect(written((stack) => ({ arn: `${variable(stack, "arn").stringValue}:*` }))).toBe(
      '{"arn":"${var.arn}:*"}',
    );
  });

  test("keeps numbers, booleans and order, and leaves out what is undefined", () => {
    expect(written(() => ({ b: 1, a: true, c: undefined, d: [null] }))).toBe('{"b":1,"a":true,"d":[null]}');
  });

  test("is not mistaken for free text where it looks like its placeholder", () => {
    expect(written(() => [freeText("real"), '"0"'])).toBe('["real","\\"0\\""]');
  });
});
