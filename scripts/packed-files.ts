import { indented, run, ScriptError } from "./commands";

/** Paths of what npm puts into the package for CDKTF, from the root of the repository. @throws ScriptError */
export function packedFiles(): string[] {
  const { status, stdout, stderr } = run(["npm", "pack", "--dry-run", "--json", "--ignore-scripts"]);
  if (status !== 0)
    throw new ScriptError(`npm pack ended with exit code ${status}`, { mend: indented(stderr) });
  const [packed] = JSON.parse(stdout) as { readonly files: readonly { readonly path: string }[] }[];
  return (packed?.files ?? []).map(({ path }) => path);
}
