import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** A Chromium that can be started. */
export interface Chromium {
  readonly executablePath: string;
  readonly env: Record<string, string | undefined>;
}

const PROGRAMS = ["chromium", "chromium-browser", "google-chrome"];
const FETCH = join(__dirname, "fetch-chromium.ts");

/**
 * Finds the Chromium that CHROMIUM names or the PATH has, or fetches one into `.tools/`.
 *
 * @throws Error that says why there is none, and what to do
 */
export function findChromium(): Chromium {
  const { CHROMIUM, PATH = "" } = process.env;
  const found = PATH.split(delimiter).flatMap((folder) => PROGRAMS.map((name) => join(folder, name)));
  const executablePath = [...(CHROMIUM === undefined ? found : [CHROMIUM])].find(isProgram);
  if (executablePath !== undefined) return { executablePath, env: process.env };
  if (CHROMIUM !== undefined) throw missing(`there is no program at ${CHROMIUM}, which CHROMIUM names.`);
  return fetched();
}

function fetched(): Chromium {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", FETCH], {
    encoding: "utf8",
  });
  if (status !== 0) throw missing(`it is not on the PATH, and it was not fetched: ${stderr.trim()}`);
  const env: Record<string, string | undefined> = { ...process.env };
  // the machine's own libraries and fonts come first
  env.LD_LIBRARY_PATH = [env.LD_LIBRARY_PATH, "/usr/lib/x86_64-linux-gnu", "/usr/lib64", join(stdout, "lib")]
    .filter((folder) => folder !== undefined)
    .join(delimiter);
  if (!existsSync("/etc/fonts/fonts.conf")) env.FONTCONFIG_PATH = stdout;
  return { executablePath: join(stdout, "chromium"), env };
}

function missing(why: string): Error {
  return new Error(
    `Chromium is missing: ${why}\n` +
      "  - install it (Debian, Ubuntu: apt-get install chromium), or name one that is there: CHROMIUM=/path/to/chrome\n",
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
