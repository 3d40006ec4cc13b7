import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "../still-there";

/** Says whose folder it is: the id of the process that uses it, or used it last. */
const OWNER = "process-id";

/**
 * Makes an empty folder for this process alone. What an earlier run left there is removed; in a folder of this project's
 * own (`isOwn`) that is everything.
 *
 * @throws Error where another process uses it, and where there is something in it that no run has left
 */
export function takeScratch(folder: string, { isOwn = false }: { readonly isOwn?: boolean } = {}): void {
  const file = join(folder, OWNER);
  if (existsSync(file)) {
    const owner = Number(readFileSync(file, "utf8"));
    if (owner !== process.pid && isAlive(owner))
      throw new Error(`${folder} is used by process ${owner}: end that first, or use another folder`);
  } else if (!isOwn && existsSync(folder) && readdirSync(folder).length > 0) {
    throw new Error(
      `${folder} has files in it that are none of a local platform's: give an empty folder, or one that is not there`,
    );
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${process.pid}\n`);
}
