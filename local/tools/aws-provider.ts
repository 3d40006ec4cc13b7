import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MissingTool } from "./missing-tool";
import { runProgram } from "./program";
import { providerMirrors, REGISTRY } from "./provider-mirrors";
import { quiet, type Terraform } from "./terraform";
import { terraformPlatform } from "./terraform-release";
import { OFFLINE, type ToolsContext } from "./tools-context";

const PROVIDER = "hashicorp/aws";
/** The version that the emulator was written for. The stacks take newer ones, too. */
const VERSION = "5.100.0";
const NAME = `provider-aws-${VERSION}`;
const CONFIGURATION = JSON.stringify({
  terraform: { required_providers: { aws: { source: PROVIDER, version: VERSION } } },
});

/**
 * Installs the AWS provider once, and returns the path of a CLI configuration that makes every `terraform init` take it from
 * there. The user's own configuration is read for the installation and not changed.
 *
 * @param terraform what installs it. It may be missing if the provider is already there
 * @throws MissingTool
 */
export async function installAwsProvider(
  context: ToolsContext,
  terraform: Terraform | MissingTool,
): Promise<string> {
  const { folder } = context;
  const place = folder.place(NAME);
  // a link into a mirror that is no longer there
  if (existsSync(place) && !existsSync(packageIn(place))) rmSync(place, { recursive: true });
  await folder.keep(NAME, (partial) => install(context, terraform, partial));
  const file = folder.place("terraform.rc");
  const text = configuration(place, "direct");
  // another process may be reading it
  if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text);
  return file;
}

async function install(
  context: ToolsContext,
  terraform: Terraform | MissingTool,
  folder: string,
): Promise<void> {
  if (terraform instanceof MissingTool)
    throw new MissingTool(
      `the AWS provider ${VERSION} is missing, too`,
      "install Terraform, which fetches it",
    );
  const { offline, report } = context;
  const reasons: string[] = [];
  if (offline) reasons.push(OFFLINE);
  else {
    report.line(
      `Fetching the AWS provider ${VERSION} (about 150 MB) from ${REGISTRY}, or from where your configuration of Terraform says`,
    );
    const failure = await initialize(context, terraform, folder);
    if (failure === undefined) return;
    reasons.push(failure);
  }
  for (const mirror of providerMirrors(PROVIDER, context)) {
    report.line(`Taking the AWS provider ${VERSION} from ${mirror}`);
    const failure = await initialize(context, terraform, folder, mirror);
    if (failure === undefined) return;
    reasons.push(`${mirror}: ${failure}`);
  }
  throw new MissingTool(
    `the AWS provider ${VERSION} cannot be installed:\n${reasons.join("\n").replaceAll(/^/gm, "      ")}`,
    `let Terraform reach ${REGISTRY}, or set TF_PLUGIN_CACHE_DIR to a folder with the provider`,
  );
}

/** Has Terraform put the provider into the folder. Returns what it says if it cannot. */
async function initialize(
  { env, signal }: ToolsContext,
  { program, folder: path }: Terraform,
  folder: string,
  mirror?: string,
): Promise<string | undefined> {
  const work = join(folder, "init");
  mkdirSync(work);
  try {
    writeFileSync(join(work, "main.tf.json"), CONFIGURATION);
    const more: NodeJS.ProcessEnv = {};
    if (mirror !== undefined) {
      more.TF_CLI_CONFIG_FILE = join(work, "terraform.rc");
      writeFileSync(more.TF_CLI_CONFIG_FILE, configuration(mirror));
    }
    const { exitCode, stderr } = await runProgram(
      path === undefined ? program : join(path, program),
      ["init", "-input=false", "-no-color", "-backend=false"],
      {
        cwd: work,
        env: { ...quiet(env), TF_CLI_ARGS: "", TF_CLI_ARGS_init: "", TF_DATA_DIR: "", ...more },
        signal,
      },
    );
    if (exitCode !== 0) return firstError(stderr);
    renameSync(join(work, ".terraform", "providers", REGISTRY), join(folder, REGISTRY));
    return undefined;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** A CLI configuration that takes the provider from one folder, and other providers from their registries (`direct`) or nowhere. */
function configuration(mirror: string, others?: "direct"): string {
  const isAws = `["${REGISTRY}/${PROVIDER}"]`;
  return [
    "provider_installation {",
    "  filesystem_mirror {",
    `    path    = ${JSON.stringify(mirror)}`,
    `    include = ${isAws}`,
    "  }",
    ...(others === undefined ? [] : ["  direct {", `    exclude = ${isAws}`, "  }"]),
    "}",
    "",
  ].join("\n");
}

function packageIn(place: string): string {
  return join(place, REGISTRY, PROVIDER, VERSION, terraformPlatform());
}

/** The first error of Terraform as one line. */
function firstError(stderr: string): string {
  const [, text = stderr] = /Error: ([\s\S]*?)(?:\n\n\n|\nTo see which|$)/.exec(stderr) ?? [];
  return text.replaceAll(/\s+/g, " ").trim();
}
