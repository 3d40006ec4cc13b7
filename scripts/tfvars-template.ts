import { cell } from "./docs/markdown";

/** A variable as the synthesized configuration declares it. */
export interface Variable {
  readonly name: string;
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly sensitive?: boolean;
  readonly validation?: readonly unknown[];
}

/**
 * The text of a `*.tfvars.json`: required variables first, each as a placeholder that no plan accepts, then the
 * optional ones with their defaults. What is sensitive does not belong into a file and is left out, and so is a
 * required variable for which every placeholder would be a value: without a line, Terraform asks for it by name.
 */
export function templateOf(variables: readonly Variable[]): string {
  const lines = inOrder(variables).flatMap((variable): [string, unknown][] => {
    const value = lineOf(variable);
    return value === undefined ? [] : [[variable.name, value]];
  });
  return `${JSON.stringify(Object.fromEntries(lines), null, 2)}\n`;
}

/** The page beside it, since JSON has no comments and Terraform warns about keys that it does not know. */
export function descriptionsOf(stack: string, variables: readonly Variable[]): string {
  const rows = inOrder(variables).map((variable) => {
    const { name, type = "any", description = "" } = variable;
    return `| \`${name}\` | \`${type}\` | ${defaultOf(variable)} | ${cell(description)} |`;
  });
  return [
    `# Variables of ${stack}`,
    "",
    "| Variable | Type | Default | |",
    "|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

function lineOf(variable: Variable): unknown {
  if (variable.sensitive) return undefined;
  if (!isRequired(variable)) return variable.default;
  const placeholder = `<${variable.name}>`;
  // the variable's own validation refuses it, and says what it wants
  if (variable.validation !== undefined && variable.validation.length > 0) {
    if (variable.type === "string") return placeholder;
    if (variable.type === "list(string)" || variable.type === "set(string)") return [placeholder];
  }
  return variable.nullable === false ? null : undefined;
}

function defaultOf(variable: Variable): string {
  const where = variable.sensitive ? `, as \`TF_VAR_${variable.name}\` in the environment` : "";
  if (isRequired(variable)) return `required${where}`;
  return variable.sensitive ? `has one${where}` : `\`${cell(JSON.stringify(variable.default))}\``;
}

function isRequired(variable: Variable): boolean {
  return variable.default === undefined;
}

function inOrder(variables: readonly Variable[]): readonly Variable[] {
  return [...variables.filter(isRequired), ...variables.filter((variable) => !isRequired(variable))];
}
