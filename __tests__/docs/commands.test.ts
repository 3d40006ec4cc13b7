import { readFileSync } from "node:fs";
import { join } from "node:path";
import { KnownVariables } from "./environment";
import { problemOf } from "./known-commands";
import { allPages, ROOT, type Block } from "./pages";
import { commandsOf, SHELLS, type Command } from "./shell";

/** Inline code that is a command, and not a part of one or a pattern. */
const WRITTEN_IN_TEXT = /^(?:npm (?:run )?[a-z]|npx cdktf [a-z])/;

const pages = allPages();
const inBlocks = pages.flatMap(({ blocks }) =>
  blocks.filter(({ language }) => SHELLS.includes(language)).flatMap(commandsOf),
);
const inText = pages.flatMap(({ path, codes }) =>
  codes
    .filter(({ text }) => WRITTEN_IN_TEXT.test(text) && !text.includes("<") && !text.includes("…"))
    .flatMap(({ text, line }) => commandsOf(block(text, { page: path, line: line - 1 }))),
);

function block(text: string, more: Partial<Block> = {}): Block {
  return { page: "README.md", line: 0, language: "shell", settings: {}, text, ...more };
}

const at = ({ page, line, words }: Command, problem: string): string =>
  `${page}:${line} ${words.join(" ")}: ${problem}`;

describe("the commands on the pages", () => {
  let variables: KnownVariables;
  beforeAll(async () => {
    variables = await KnownVariables.read();
  });

  test("are found, in blocks and in the text", () => {
    expect(inBlocks.map(({ words }) => words.join(" "))).toContain("npx cdktf deploy");
    expect(inText.map(({ words }) => words.join(" "))).toContain("npm run docs");
  });

  test("are commands that there are", () => {
    const problems = [...inBlocks, ...inText].flatMap((command) => {
      const problem = problemOf(command);
      return problem === undefined ? [] : [at(command, problem)];
    });
    expect(problems).toEqual([]);
  });

  test("set variables that are read", () => {
    const problems = [...inBlocks, ...inText].flatMap((command) =>
      variables
        .problemsOf(command, readFileSync(join(ROOT, command.page), "utf8"))
        .map((problem) => at(command, problem)),
    );
    expect(problems).toEqual([]);
  });

  test.each([
    ["npm run nothing", "there is no script nothing"],
    ["npm run synth:hcl && npm rum docs", "npm has no command rum"],
    ["npm run images:push -- --platfrom x", "knows no option --platfrom"],
    ["npm run dev --workspace nobody", "there is no script dev in nobody"],
    ["npx cdktf deplyo", "cdktf has no command deplyo"],
    ["npx some-tool", "neither installed here nor of a certain version"],
    ["node --import tsx missing.ts", "there is no missing.ts"],
    ["terraform aply", "terraform has no command aply"],
    ["terraform state remove x", "terraform state has no command remove"],
    ["terraform apply --auto-approve", "one dash"],
    ["aws servicediscovery", "no service and operation"],
    ["dig +short", "asked for no name"],
    ["dig stock-service.trading-platform.local SRX", "SRX is no record type"],
    ["cd nowhere", "there is no folder nowhere"],
    ["frobnicate", "frobnicate is no program"],
    ["terraform output <name>", "<name> is no value"],
    ["echo $(npm run nothing)", "there is no script nothing"],
    ["if true; then npm run nothing; fi", "there is no script nothing"],
  ])("would be told of `%s`", (text, problem) => {
    const problems = commandsOf(block(text)).map((command) => problemOf(command));
    expect(problems).toContainEqual(expect.stringContaining(problem));
  });

  test.each([
    ["NOTHING=1 npm run synth", ["NOTHING is read by nothing"]],
    ["DATABASE_PATH=/tmp/x npm run synth", ["DATABASE_PATH is read by nothing"]],
    ["DATABASE_PATH=/tmp/x npm run dev --workspace stock-service", []],
    ["export TF_VAR_nothing=1", ["no stack has a variable nothing"]],
    ["export TF_VAR_vpc_id=vpc-0a1b2c3d AWS_REGION=eu-central-1", []],
    ["STACKS=all BACKEND=none npm run synth", []],
    ["NAME=x\necho $NAME", []],
    ["NAME=x\necho $OTHER", ["NAME is read by nothing"]],
  ])("would be told of the variables in `%s`", (text, problems) => {
    const found = commandsOf(block(text)).flatMap((command) => variables.problemsOf(command, text));
    expect(found).toEqual(problems.map((problem) => expect.stringContaining(problem) as unknown));
  });
});

describe("the commands of a block", () => {
  const wordsOf = (text: string, language = "shell"): string[][] =>
    commandsOf(block(text, { language })).map(({ words }) => [...words]);

  test("are what a shell would start", () => {
    expect(wordsOf("npm ci && npm run demo    # both")).toEqual([
      ["npm", "ci"],
      ["npm", "run", "demo"],
    ]);
    expect(wordsOf("(cd apps && A=1 node x.js) &\ncurl -d '{\"a\": 1}' \\\n  https://x.y > out")).toEqual([
      ["cd", "apps"],
      ["node", "x.js"],
      ["curl", "-d", '{"a": 1}', "https://x.y"],
    ]);
    expect(wordsOf('echo "$(dig +short a.b)" | grep 1')).toEqual([
      ["dig", "+short", "a.b"],
      ["echo", "$(dig +short a.b)"],
      ["grep", "1"],
    ]);
    expect(wordsOf("kill $(cat a.pid) b")).toEqual([
      ["cat", "a.pid"],
      ["kill", "$(...)", "b"],
    ]);
    expect(wordsOf("cat > x <<'EOF'\nnpm run nothing\nEOF\nnpm ci")).toEqual([["npm", "ci"], ["cat"]]);
  });

  test("are those behind a dollar sign, where what they print is shown too", () => {
    const text = "$ npm ci\nadded 1 package\n$ curl x -d '\n  {\"a\":1}'\n{}\n";
    expect(wordsOf(text, "console")).toEqual([
      ["npm", "ci"],
      ["curl", "x", "-d", '\n  {"a":1}'],
    ]);
  });

  test("know their lines", () => {
    const commands = commandsOf(block("npm ci\n\nnpm test\n", { line: 10 }));
    expect(commands.map(({ line }) => line)).toEqual([11, 13]);
  });
});
