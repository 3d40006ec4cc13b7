import { spawnSync } from "node:child_process";
import { python } from "./emulator-process";

/** Something that a deployment to emulated AWS needs and this machine does not have. */
export interface MissingTool {
  readonly tool: string;
  /** What to do about it. */
  readonly install: string;
}

/**
 * Looks for Terraform, the provider that the configuration in `folder` wants, and the emulator. The folder is
 * initialized by that. Synth needs none of them.
 */
export function findMissingTools(folder: string): MissingTool[] {
  return [...terraform(folder), ...emulator()];
}

/** The missing tools as text for a terminal. */
export function describeMissing(missing: readonly MissingTool[]): string {
  return missing
    .map(({ tool, install }) => `  - ${tool}\n      ${install.replaceAll("\n", "\n      ")}`)
    .join("\n");
}

function terraform(folder: string): MissingTool[] {
  const version = spawnSync("terraform", ["version"], { encoding: "utf8" });
  if (version.error) {
    return [
      {
        tool: "Terraform 1.5 or newer is not on the PATH",
        install: "install it from https://developer.hashicorp.com/terraform/install",
      },
    ];
  }
  const init = spawnSync("terraform", ["init", "-input=false", "-no-color"], {
    cwd: folder,
    encoding: "utf8",
  });
  if (init.status === 0) return [];
  return [
    {
      tool: "Terraform cannot install the AWS provider",
      install:
        "let it reach registry.terraform.io, or name a mirror in a `provider_installation` block of the file in TF_CLI_CONFIG_FILE;\n" +
        `it says:\n${init.stderr.trim()}`,
    },
  ];
}

function emulator(): MissingTool[] {
  const check = spawnSync(python(), ["-c", "import moto.server"], { encoding: "utf8" });
  if (check.status === 0) return [];
  return [
    {
      tool: check.error
        ? `Python 3.9 or newer is not on the PATH as ${python()}`
        : "moto, the AWS emulator, is not installed",
      install: check.error
        ? "install it from https://www.python.org/downloads/, then: python3 -m pip install 'moto[server]==5.2.1'"
        : `${python()} -m pip install 'moto[server]==5.2.1'`,
    },
  ];
}
