import { delimiter, join } from "node:path";
import { installAwsProvider } from "./aws-provider";
import { MissingTool, MissingTools } from "./missing-tool";
import { findMoto } from "./moto";
import { reportTo, type Report } from "./report";
import { findTerraform } from "./terraform";
import { terraformPlatform, terraformRelease, type TerraformRelease } from "./terraform-release";
import { ToolsFolder } from "./tools-folder";

export { MissingTools } from "./missing-tool";

/** The project's own folder for tools. It is ignored by git. */
const TOOLS = join(__dirname, "..", "..", ".tools");

export interface ToolsOptions {
  /** Folder that fetched tools are kept in. @default - `.tools` in the project */
  readonly folder?: string;
  /** Forbids downloads. @default - whether npm was called with --offline */
  readonly offline?: boolean;
  /** The Terraform to fetch if the machine has none. @default - a release from HashiCorp's site, or from TERRAFORM_RELEASES_URL */
  readonly release?: TerraformRelease;
  /** Folders to look through for a mirror of the registry, beside the home folder. @default - where systems keep shared files */
  readonly searched?: readonly string[];
  /** @default - the user's home folder */
  readonly home?: string;
  /** @default - the environment of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** @default - the error stream */
  readonly report?: Report;
  /** Ends the search and all downloads. */
  readonly signal?: AbortSignal;
}

/**
 * Finds what a deployment to emulated AWS needs: Terraform, the AWS provider, and a Python with the emulator's packages. What
 * this machine does not have is fetched, once, into a folder of the project.
 *
 * @returns the variables that lead commands to the tools
 * @throws MissingTools with everything that is missing
 */
export async function findTools(options: ToolsOptions = {}): Promise<Record<string, string>> {
  const { env = process.env, folder = TOOLS, report = reportTo(), signal } = options;
  const { offline = env.npm_config_offline === "true" } = options;
  const { release = terraformRelease(terraformPlatform(), env.TERRAFORM_RELEASES_URL) } = options;
  const { home, searched } = options;
  const context = { env, folder: new ToolsFolder(folder), offline, release, home, searched, report, signal };
  const installer = unlessMissing(findTerraform(context));
  const [terraform, configuration, python] = await Promise.all([
    installer,
    installer.then((found) => unlessMissing(installAwsProvider(context, found))),
    unlessMissing(findMoto(context)),
  ]);
  if (isMissing(terraform) || isMissing(configuration) || isMissing(python))
    throw new MissingTools([terraform, configuration, python].filter(isMissing));
  const path = [terraform.folder, env.PATH].filter((part) => part !== undefined);
  return { PATH: path.join(delimiter), PYTHON: python, TF_CLI_CONFIG_FILE: configuration };
}

/** Finds the tools and leads this process, and all that it starts, to them. @throws MissingTools */
export async function useTools(options: Omit<ToolsOptions, "env"> = {}): Promise<void> {
  Object.assign(process.env, await findTools(options));
}

/** A tool, or what is said of it if it is missing: all that is missing is told at once. */
async function unlessMissing<T>(tool: Promise<T>): Promise<T | MissingTool> {
  try {
    return await tool;
  } catch (error) {
    if (isMissing(error)) return error;
    throw error;
  }
}

function isMissing(tool: unknown): tool is MissingTool {
  return tool instanceof MissingTool;
}
