import { chmodSync, rmSync } from "node:fs";
import { join } from "node:path";
import extractZip from "extract-zip";
import { download } from "./download";
import { MissingTool } from "./missing-tool";
import { runProgram } from "./program";
import { TERRAFORM_VERSION, terraformPlatform } from "./terraform-release";
import { OFFLINE, type ToolsContext } from "./tools-context";

const PROGRAM = "terraform";
/** The oldest Terraform that the stacks can be applied with. */
const OLDEST = [1, 5] as const;
const INSTALL = "install Terraform 1.5 or newer (https://developer.hashicorp.com/terraform/install)";

/** A Terraform that can be run. */
export interface Terraform {
  /** Name or path of the program. */
  readonly program: string;
  /** Folder to put before the PATH. Undefined if the program is on the PATH. */
  readonly folder?: string;
}

/**
 * Finds the Terraform of the PATH, or the program that TERRAFORM_BINARY_NAME names. Fetches a release if the PATH has none, or
 * only one that is too old.
 *
 * @throws MissingTool
 */
export async function findTerraform(context: ToolsContext): Promise<Terraform> {
  const program = context.env.TERRAFORM_BINARY_NAME ?? PROGRAM;
  const found = await versionOf(program, context);
  if (found !== undefined && !isTooOld(found)) return { program };
  const why =
    found === undefined ? "is not on the PATH, or cannot be run" : `is version ${found}, which is too old`;
  if (program !== PROGRAM)
    throw new MissingTool(
      `${program}, which TERRAFORM_BINARY_NAME names, ${why}`,
      "name a program that is there, or unset TERRAFORM_BINARY_NAME",
    );
  const folder = await fetchTerraform(context, `Terraform ${why}`);
  return { program, folder };
}

async function fetchTerraform(context: ToolsContext, why: string): Promise<string> {
  const { folder, offline, release, report, signal } = context;
  if (release === undefined)
    throw new MissingTool(`${why}, and no release is known for ${terraformPlatform()}`, INSTALL);
  const name = `${PROGRAM}-${TERRAFORM_VERSION}`;
  try {
    return await folder.keep(name, async (partial) => {
      if (offline) throw new Error(OFFLINE);
      report.line(`${why}. Fetching ${release.url} into ${folder.place(name)}`);
      const zip = join(partial, "release.zip");
      await download({ ...release, to: zip, report, signal });
      await extractZip(zip, { dir: partial });
      rmSync(zip);
      chmodSync(join(partial, PROGRAM), 0o755);
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw new MissingTool(
      `${why}, and it was not fetched: ${(error as Error).message}`,
      `${INSTALL}, or let this command download it. TERRAFORM_RELEASES_URL names a mirror of the release site`,
    );
  }
}

async function versionOf(program: string, { env, signal }: ToolsContext): Promise<string | undefined> {
  const { exitCode, stdout } = await runProgram(program, ["version"], { env: quiet(env), signal });
  if (exitCode !== 0) return undefined;
  // the first line is "Terraform v1.11.4" or "OpenTofu v1.12.6"
  return /^\w+ v(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1];
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}

/** Without Terraform's question to HashiCorp whether there is a newer version. */
export function quiet(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1", TF_INPUT: "0" };
}
