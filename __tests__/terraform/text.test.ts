import { Fn, TerraformOutput, TerraformVariable } from "cdktf";
import fc from "fast-check";
import { freeText, jsonText } from "../../modules/core/framework/json-text";
import { argumentText, text } from "../../modules/core/framework/text";
import { policyDocument } from "../../modules/core/iam/policy";
import { TerraformFolder } from "../../testing";
import { stackOf, type SmallStack } from "../modules/stack-of";

/** What variables of Terraform hold: all that could be taken for something else on the way to a container. */
const VALUES = [
  "eu",
  "",
  "$",
  "%",
  "${x}",
  "%{if}",
  'say "hi"',
  "C:\\new",
  "a\nb\tc",
  "größe 日本",
  "{",
  "}",
  "<&>",
];
const NUMBERS = [8080, 0, -1, 0.5];

/** A piece of a text: a literal, or a variable by its number among `VALUES` or `NUMBERS`. */
type Piece = { literal: string } | { value: number } | { number: number };

const LITERALS = [
  "$",
  "$$",
  "%",
  "%%",
  "{",
  "}",
  "${",
  "%{",
  "$${",
  "${HOME}",
  "${NAME:-",
  "${aws:username}",
  '"',
  "\\",
  "\n",
  "~",
];
const literal = fc.oneof(
  fc.constantFrom(...LITERALS),
  fc.string({ unit: fc.constantFrom(...Array.from('$%{}"\\ab:- 1.e+')) }),
  fc.string({ unit: "binary", maxLength: 5 }).filter((given) => !given.includes("\0")),
);
const piece: fc.Arbitrary<Piece> = fc.oneof(
  literal.map((given) => ({ literal: given })),
  fc.nat(VALUES.length - 1).map((value) => ({ value })),
  fc.nat(NUMBERS.length - 1).map((number) => ({ number })),
);
const pieces = fc.array(piece, { minLength: 1, maxLength: 6 });

function meant(given: readonly Piece[]): string {
  return given
    .map((part) =>
      "literal" in part ? part.literal : "value" in part ? VALUES[part.value] : String(NUMBERS[part.number]),
    )
    .join("");
}

type Write = (parts: readonly (string | number)[]) => unknown;

const joined = (parts: readonly (string | number)[]): string => parts.map(String).join("");
/** As the tagged template gets it: literals and values by turns. */
const tagged = (parts: readonly (string | number)[]): string => {
  const literals = Array.from({ length: parts.length + 1 }, () => "");
  return text(literals as unknown as TemplateStringsArray, ...parts);
};
const json = (value: string): unknown => jsonText([freeText(value)]);
const decoded = (output: string): string => (JSON.parse(output) as string[])[0] ?? "";

/** Each way in which the modules and their users write a text, and how AWS reads it. */
const WAYS: Readonly<Record<string, { write: Write; read: (output: string) => string }>> = {
  "a container's JSON": { write: (parts) => json(joined(parts)), read: decoded },
  "a container's JSON, made by `text`": { write: (parts) => json(tagged(parts)), read: decoded },
  "an argument": { write: (parts) => argumentText(joined(parts)), read: (output) => output },
  "an argument, made by `text`": { write: (parts) => argumentText(tagged(parts)), read: (output) => output },
  "an argument of a user's own resource, made by `text`": { write: tagged, read: (output) => output },
  "a function of Terraform, made by `text`": {
    write: (parts) => Fn.join("", ["<", tagged(parts), ">"]),
    read: (output) => output.slice(1, -1),
  },
};

/** What Terraform makes of the texts, in the ways above: one process for all of them. */
async function evaluated(texts: readonly (readonly Piece[])[]): Promise<Record<string, string>> {
  return outputsOf((stack) => {
    const of = variablesIn(stack);
    texts.forEach((given, index) => {
      Object.values(WAYS).forEach(({ write }, way) => {
        new TerraformOutput(stack, `text_${index}_${way}`, { value: write(given.map(of)) });
      });
    });
  });
}

async function outputsOf(fill: (stack: SmallStack) => void): Promise<Record<string, string>> {
  const stack = stackOf(fill);
  const { variable, output } = JSON.parse(stack.toJson()) as Record<string, unknown>;
  const folder = TerraformFolder.withFiles({ "cdk.tf.json": JSON.stringify({ variable, output }) });
  try {
    await folder.apply();
    return (await folder.outputs()) as Record<string, string>;
  } finally {
    folder.dispose();
  }
}

function variablesIn(stack: SmallStack): (part: Piece) => string | number {
  const texts = VALUES.map(
    (value, index) => new TerraformVariable(stack, `value_${index}`, { type: "string", default: value }),
  ).map(({ stringValue }) => stringValue);
  const numbers = NUMBERS.map(
    (value, index) => new TerraformVariable(stack, `number_${index}`, { type: "number", default: value }),
  ).map(({ numberValue }) => numberValue);
  return (part) => {
    if ("literal" in part) return part.literal;
    return "value" in part ? (texts[part.value] ?? "") : (numbers[part.number] ?? NaN);
  };
}

async function expectMeant(texts: readonly (readonly Piece[])[]): Promise<void> {
  const outputs = await evaluated(texts);
  const wrong = texts.flatMap((given, index) =>
    Object.entries(WAYS).flatMap(([name, { read }], way) => {
      // an output that is one number stays a number
      const got = read(String(outputs[`text_${index}_${way}`]));
      // Terraform composes characters
      return got === meant(given).normalize("NFC") ? [] : [{ way: name, meant: meant(given), got }];
    }),
  );
  expect(wrong).toEqual([]);
}

const value = (index: number): Piece => ({ value: index });
const words = (given: string): Piece => ({ literal: given });

describe("texts with values that Terraform computes reach AWS as they are written", () => {
  test("of shells, prices, percentages and directives", async () => {
    await expectMeant([
      [words("${NAME:-"), value(0), words("}")],
      [words("US$"), value(0)],
      [words("100%"), value(0)],
      [words("${"), value(0), words("}")],
      [words("%{"), value(0), words("}")],
      [words("${aws:username}")],
      [words("$$"), value(0), words("$"), value(1)],
      [words("echo ${"), value(0), words(" and "), value(2)],
      [words("port-"), { number: 0 }, words(".5")],
      [words("US$"), { number: 0 }, words("9")],
      [words("12"), { number: 0 }],
    ]);
  });

  test("of policies, with IAM's own variables beside values", async () => {
    const bucket = [
      words("arn:aws:s3:::"),
      value(0),
      words("/${aws:PrincipalTag/team}/"),
      value(0),
      words("$"),
    ];
    const outputs = await outputsOf((stack) => {
      const text = bucket.map(variablesIn(stack)).join("");
      const conditions = { StringLike: { "s3:prefix": [text, "${*}"] } };
      const policy = policyDocument([
        { sid: "Read", actions: ["s3:GetObject"], resources: [text], conditions },
      ]);
      new TerraformOutput(stack, "policy", { value: policy });
    });
    const { Statement } = JSON.parse(outputs.policy ?? "") as { Statement: [Record<string, unknown>] };
    expect(Statement[0]).toMatchObject({
      Resource: meant(bucket),
      Condition: { StringLike: { "s3:prefix": [meant(bucket), "${*}"] } },
    });
  });

  test("of any mix of literals and values", async () => {
    const texts = fc.sample(pieces, { numRuns: 300, seed: 15 });
    await expectMeant(texts);
  });
});
