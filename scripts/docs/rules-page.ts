import { AREAS, catalogue, type Rule } from "../../modules/rules";
import { cell } from "./markdown";

const HELD: Readonly<Record<Rule["held"], string>> = {
  synth: "refused when the app is synthesized",
  plan: "refused when Terraform plans",
  warning: "warned about",
  design: "cannot happen",
  absent: "not offered",
  left: "not checked",
};

/** `docs/rules.md`: one row for each rule of the catalogue. */
export function rulesPage(): string {
  const lines = [
    "# Rules",
    "",
    "What AWS and Terraform demand of the things in this library, and what becomes of input that breaks a rule. Each error and",
    "each warning ends with the id of its rule, which is the name of a row here. [Checks](checks.md) shows how they are reported.",
    "`npm run docs` makes this page of `modules/rules/`.",
    "",
    "| | Rules |",
    "|---|---|",
    ...Object.entries(HELD).map(([held, text]) => `| ${text} | ${count(held)} |`),
    "",
    "A warning about something that is meant is acknowledged by the rule's id, for a construct and all that is in it:",
    "",
    "```ts",
    'import { acknowledge } from "cdktf-ecs-discovery";',
    "",
    'acknowledge(stockService, "cloud-map-ttl-unwise");',
    "```",
  ];
  for (const { title, rules } of AREAS) {
    lines.push("", `## ${title}`, "", "| Rule | What it says | |", "|---|---|---|");
    lines.push(...Object.values(rules).map(row));
  }
  return `${lines.join("\n")}\n`;
}

function row(rule: Rule): string {
  const what =
    "how" in rule
      ? `${capitalized(HELD[rule.held])}: ${rule.how}`
      : `${capitalized(HELD[rule.held])}. Allowed: ${rule.allowed}. Mend: ${rule.mend}.`;
  const source = rule.source === undefined ? "" : ` [Source](${rule.source})`;
  return `| <a id="${rule.id}"></a>\`${rule.id}\` | ${cell(rule.about)}${source} | ${cell(what)} |`;
}

function count(held: string): number {
  return catalogue().filter((rule) => rule.held === held).length;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
