import { existsSync, readdirSync, type Dirent } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** The host of Terraform's registry; it is the first folder in a mirror. */
export const REGISTRY = "registry.terraform.io";

/** Folders that are looked through for a mirror, each with what it has below it. */
const SEARCHED = ["/opt", "/usr/local", "/usr/share", "/usr/lib", "/var/lib", "/srv"];
const DEPTH = 5;
/** So that a home folder with millions of files costs no more than a second. */
const MOST_FOLDERS = 20_000;
/** Folders that are large and hold no mirror. `.terraform` is the working folder of somebody's configuration. */
const SKIPPED = new Set(["node_modules", ".git", ".terraform", "proc", "sys", "site-packages"]);

export interface MirrorSearch {
  readonly env: NodeJS.ProcessEnv;
  /** @default - the user's home folder */
  readonly home?: string;
  /** Folders to look through, beside the home folder. @default - where systems keep shared files */
  readonly searched?: readonly string[];
}

/**
 * Folders of this machine that hold packages of a provider, as a filesystem mirror of Terraform does: first
 * TF_PLUGIN_CACHE_DIR, then Terraform's implied local mirrors, then what a bounded search finds. Each is a folder that has
 * `registry.terraform.io` in it.
 *
 * @param provider for example `hashicorp/aws`
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
 */
export function* providerMirrors(provider: string, search: MirrorSearch): Generator<string> {
  const { env, home = homedir(), searched = SEARCHED } = search;
  const seen = new Set<string>();
  const isNew = (folder: string): boolean => {
    if (seen.has(folder) || !existsSync(join(folder, REGISTRY, provider))) return false;
    seen.add(folder);
    return true;
  };
  for (const folder of [...pluginCache(env), ...impliedMirrors(env, home)]) if (isNew(folder)) yield folder;
  for (const folder of below([...searched, home])) if (isNew(folder)) yield folder;
}

function pluginCache({ TF_PLUGIN_CACHE_DIR }: NodeJS.ProcessEnv): string[] {
  return TF_PLUGIN_CACHE_DIR ? [TF_PLUGIN_CACHE_DIR] : [];
}

function impliedMirrors({ XDG_DATA_HOME, XDG_DATA_DIRS }: NodeJS.ProcessEnv, home: string): string[] {
  if (process.platform === "darwin")
    return [
      join(home, ".terraform.d", "plugins"),
      join(home, "Library", "Application Support", "io.terraform", "plugins"),
      "/Library/Application Support/io.terraform/plugins",
    ];
  const shared = nonEmpty(XDG_DATA_DIRS) ?? "/usr/local/share:/usr/share";
  const data = [nonEmpty(XDG_DATA_HOME) ?? join(home, ".local", "share"), ...shared.split(delimiter)];
  return [
    join(home, ".terraform.d", "plugins"),
    ...data.map((folder) => join(folder, "terraform", "plugins")),
  ];
}

/** A variable of the XDG base directories that is empty counts as not set. */
function nonEmpty(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}

/** Folders with a mirror in them, the nearest to the roots first. Links are not followed. */
function* below(roots: readonly string[]): Generator<string> {
  let level = [...roots];
  let looked = 0;
  for (let depth = 0; depth <= DEPTH; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      if (++looked > MOST_FOLDERS) return;
      for (const entry of entriesOf(folder)) {
        if (!entry.isDirectory() || SKIPPED.has(entry.name)) continue;
        if (entry.name === REGISTRY) yield folder;
        else next.push(join(folder, entry.name));
      }
    }
    level = next;
  }
}

/** Nothing for a folder that cannot be read. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
