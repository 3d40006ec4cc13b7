import { existsSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import { STACKS } from "../../stacks";
import { ROOT } from "./pages";
import type { Command } from "./shell";

/** Variables of the tools that are not ours. */
const OF_TOOLS =
  /^(?:AWS_[A-Z0-9_]+|TF_(?:LOG|CLI_CONFIG_FILE|TOKEN_\w+|DATA_DIR|PLUGIN_CACHE_DIR|IN_AUTOMATION|INPUT|WORKSPACE|CLI_ARGS\w*|CLOUD_\w+)|TERRAFORM_BINARY_NAME|CDKTF_LOG_LEVEL|CHECKPOINT_DISABLE|DISABLE_VERSION_CHECK|CI|PATH|NODE_OPTIONS|PYTHON|DOCKER_[A-Z_]+|GITHUB_[A-Z_]+)$/;

/** What the variables of the environment that a page sets are read by. */
export class KnownVariables {
  public static async read(): Promise<KnownVariables> {
    const app = new App({ outdir: tmpdir() });
    for (const make of Object.values(STACKS)) await make(app, {});
    const stacks = app.node.findAll().filter((node) => TerraformStack.isStack(node));
    const variables = stacks.flatMap((stack) => {
      const { variable = {} } = stack.toTerraform() as { variable?: Record<string, unknown> };
      return Object.keys(variable);
    });
    return new KnownVariables(new Set(variables));
  }

  /** What synthesis reads. */
  private readonly ofSynthesis = readBy(["configuration.ts", "main.ts"]);
  private readonly ofPrograms = new Set([
    ...this.ofSynthesis,
    ...readBy([
      ...filesIn("local", ".ts"),
      ...filesIn("scripts", ".ts"),
      ...filesIn("benchmarks", ".ts"),
      ...filesIn("apps", ".ts"),
      ...filesIn("examples", ".sh"),
    ]),
  ]);

  private constructor(private readonly ofTerraform: ReadonlySet<string>) {}

  /** What is wrong with the variables of a command. @param page text of its page, which may use them itself */
  public problemsOf({ environment, words }: Command, page: string): string[] {
    const [program = "", ...args] = words;
    const isSynthesis =
      (program === "npm" && args.some((word) => word.startsWith("synth"))) ||
      (program === "npx" && args.includes("cdktf"));
    const read = isSynthesis ? this.ofSynthesis : this.ofPrograms;
    return Object.keys(environment).flatMap((name) => {
      const [, variable] = /^TF_VAR_(\w+)$/.exec(name) ?? [];
      if (variable !== undefined) {
        return this.ofTerraform.has(variable) ? [] : [`no stack has a variable ${variable}`];
      }
      const isUsed = words.length === 0 && new RegExp(`\\$\\{?${name}\\b`).test(page);
      if (OF_TOOLS.test(name) || read.has(name) || isUsed) return [];
      return [`${name} is read by nothing that is started here; known are ${[...read].sort().join(", ")}`];
    });
  }
}

/** Names after `env.`, in a script after `$`, and those in the configuration of an app: keys of a table, or texts. */
function readBy(files: readonly string[]): ReadonlySet<string> {
  const names = files.flatMap((file) => {
    const text = readFileSync(join(ROOT, file), "utf8");
    const direct = [...text.matchAll(/\benv(?:ironment)?\.([A-Z][A-Z0-9_]+)/g)];
    const isApps = file.endsWith("src/configuration.ts");
    const keys = isApps ? [...text.matchAll(/^ {2}([A-Z][A-Z0-9_]+):|"([A-Z][A-Z0-9_]+)"/gm)] : [];
    const inScript = file.endsWith(".sh") ? [...text.matchAll(/\$\{?([A-Z][A-Z0-9_]+)/g)] : [];
    return [...direct, ...keys, ...inScript].map(([, name, quoted]) => name ?? quoted ?? "");
  });
  return new Set(names);
}

function filesIn(folder: string, ending: string): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .filter((path) => !/(?:^|\/)(?:node_modules|dist|__tests__)\//.test(path));
}
