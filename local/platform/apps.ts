import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { runCommand, type CommandOptions } from "../command";

const PROJECT = join(__dirname, "..", "..");
const APPS = join(PROJECT, "apps");

/**
 * Compiles the programs of `apps/` where that was not done since they were changed, as building their images would.
 * Returns whether there was something to do.
 */
export async function buildApps(options: Omit<CommandOptions, "cwd">): Promise<boolean> {
  if (areBuilt()) return false;
  const npm = process.env.npm_execpath;
  const command = npm === undefined ? ["npm"] : [process.execPath, npm];
  await runCommand([...command, "run", "build", "--workspaces"], { ...options, cwd: PROJECT });
  return true;
}

function areBuilt(): boolean {
  const packages = readdirSync(APPS).filter((name) => existsSync(join(APPS, name, "package.json")));
  return packages.every((name) => {
    const [sources, compiled] = [times(join(APPS, name, "src")), times(join(APPS, name, "dist"))];
    return compiled.length > 0 && Math.min(...compiled) >= Math.max(...sources);
  });
}

/** When the files of a folder were last written. */
function times(folder: string): number[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { encoding: "utf8", recursive: true })
    .map((path) => statSync(join(folder, path)))
    .filter((file) => file.isFile())
    .map((file) => file.mtimeMs);
}
