import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import ts from "typescript";
import { CallGraph } from "../../modules/services/calls/call-graph";
import { STACKS } from "../../stacks";
import { ProductsPaymentsStack } from "../../stacks/products-payments";
import { SynthesizedStack } from "../../testing";
import { ROOT } from "../commands";
import { architectureOf, type Architecture } from "./architecture";
import { StackConfiguration, text } from "./configuration";
import { flowchart } from "./flowchart";
import { cell, table } from "./markdown";

interface Subject {
  readonly title: string;
  readonly make: (app: Construct) => Promise<void> | void;
  /** Said in the place of the class's own words. */
  readonly about?: string;
}

/** The same stack, reached in its two other ways. */
const VARIANTS: readonly Subject[] = (["dns", "service-connect"] as const).map((reachPaymentsBy) => ({
  title: `products-payments with reachPaymentsBy: "${reachPaymentsBy}"`,
  about:
    "The same two services and the same `connectTo`; only the way in which `payments` is reached is another one.",
  make: (app) => {
    new ProductsPaymentsStack(app, "products-payments", { reachPaymentsBy });
  },
}));

/** `docs/stacks.md`: each stack as a picture, with what is called, open, asked for and given out. */
export async function stacksPage(): Promise<string> {
  const own = Object.entries(STACKS).map(([title, make]): Subject => ({
    title,
    make: (app) => make(app, {}),
  }));
  const lines = [
    "# Stacks",
    "",
    "Made by `npm run docs` of what is synthesized and of the call graph that `connectTo` fills. An arrow leads from whatever opens",
    "a connection to what it connects to; a dotted one shows where a name is registered, or where it leads. Nothing is open but the",
    "arrows and what is listed below them.",
    "",
    "`trading-platform` is synthesized unless `STACKS` [names others](commands.md#settings).",
  ];
  for (const subject of [...own, ...VARIANTS]) lines.push(...(await section(subject)));
  return `${lines.join("\n")}\n`;
}

async function section({ title, make, about }: Subject): Promise<string[]> {
  const app = new App({ outdir: tmpdir() });
  await make(app);
  const calls = CallGraph.of(app).calls;
  const lines = ["", `## ${title}`];
  for (const stack of app.node.findAll().filter((node) => TerraformStack.isStack(node))) {
    const synthesized = SynthesizedStack.from(stack);
    const config = new StackConfiguration(synthesized.toJson());
    const ofStack = calls.filter((call) => call.stack === stack.node.id);
    const architecture = architectureOf(config, ofStack, synthesized.openPorts());
    lines.push("", about ?? docOf(stack.constructor.name));
    lines.push("", "```mermaid", flowchart(architecture), "```");
    lines.push(...callTable(architecture), ...openTable(architecture));
    if (about === undefined) lines.push(...variableTable(config), ...outputTable(config));
  }
  return lines;
}

function callTable({ calls, services }: Architecture): string[] {
  const rows = calls.map(({ caller, callee, endpoint, environment }) => [
    `\`${caller}\``,
    `\`${callee}\``,
    services.find(({ name }) => name === callee)?.way ?? "outside the stack",
    `\`${endpoint.host}:${endpoint.port}\``,
    environment.map((name) => `\`${name}\``).join(", "),
  ]);
  return table(["Caller", "Callee", "By", "At", "URL in the variable"], rows);
}

function openTable({ openPorts: { between, fromAddresses, toAddresses } }: Architecture): string[] {
  const rows = [...fromAddresses, ...between, ...toAddresses].map((line) => {
    const [, from = "", to = "", port = ""] = /^(\S+) -> (\S+):(\S+)$/.exec(line) ?? [];
    return [`\`${from}\``, `\`${to}\``, port];
  });
  return table(["Open from", "to", "Port"], rows);
}

function variableTable(config: StackConfiguration): string[] {
  const rows = config.variables.map(([name, { default: value, description }]) => [
    `\`${name}\``,
    value === undefined ? "required" : `\`${text(value)}\``,
    cell(text(description)),
  ]);
  return table(["Variable", "Default", ""], rows);
}

function outputTable(config: StackConfiguration): string[] {
  return table(
    ["Output", ""],
    config.outputs.map(([name, { description }]) => [`\`${name}\``, cell(text(description))]),
  );
}

/** The documentation comment of a class in `stacks/`. */
function docOf(className: string): string {
  const folder = join(ROOT, "stacks");
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".ts"))) {
    const source = ts.createSourceFile(
      file,
      readFileSync(join(folder, file), "utf8"),
      ts.ScriptTarget.Latest,
      true,
    );
    for (const statement of source.statements) {
      if (!ts.isClassDeclaration(statement) || statement.name?.text !== className) continue;
      const [comment] = ts.getJSDocCommentsAndTags(statement);
      const words = comment?.comment;
      if (words !== undefined)
        return `${ts.getTextOfJSDocComment(words) ?? ""}\n\nSource: [stacks/${file}](../stacks/${file}).`;
    }
  }
  throw new Error(`the class ${className} in stacks/ has no documentation comment`);
}
