import { readFileSync } from "node:fs";
import { fromCaller, indented, ScriptError, run } from "./commands";

export type Outputs = Readonly<Record<string, { readonly value?: unknown } | undefined>>;

/**
 * The outputs of a deployment, as `terraform output -json` tells them in the folder that it was applied in, or told
 * them to a file.
 * @throws ScriptError
 */
export function readOutputs({
  folder,
  outputs,
}: {
  readonly folder: string;
  readonly outputs?: string;
}): Outputs {
  const [where, text] = outputs === undefined ? fromTerraform(folder) : fromFile(outputs);
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null) return parsed as Outputs;
  } catch {
    // said below
  }
  throw new ScriptError(`${where} is not what \`terraform output -json\` prints`, {
    mend: "run that where the platform was applied, and give what it prints as it is",
  });
}

function fromTerraform(folder: string): [string, string] {
  const chdir = `-chdir=${fromCaller(folder)}`;
  const { status, stdout, stderr } = run(["terraform", chdir, "output", "-json"]);
  if (status === 0) return [`what Terraform says in ${folder}`, stdout];
  throw new ScriptError(`terraform cannot tell the outputs of ${folder}:\n${indented(stderr)}`, {
    mend: "give --folder the folder that terraform apply was run in, or --outputs a file",
  });
}

function fromFile(file: string): [string, string] {
  if (file === "-") return ["standard input", readFileSync(0, "utf8")];
  try {
    return [file, readFileSync(fromCaller(file), "utf8")];
  } catch (error) {
    throw new ScriptError(`--outputs: ${(error as Error).message}`, {
      mend: "give a file that `terraform output -json` was written to, or - for standard input",
    });
  }
}
