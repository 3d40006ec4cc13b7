import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "../still-there";

const PARTIAL = /^\.partial-(\d+)-/;

/**
 * The folder that fetched tools are kept in. Each tool is made in a temporary folder beside its place and moved there when it
 * is complete, so that a tool that is there is whole, whatever ended an earlier run.
 */
export class ToolsFolder {
  public constructor(public readonly path: string) {}

  /** The place of a tool. It exists only if the tool was fetched. */
  public place(name: string): string {
    return join(this.path, name);
  }

  /**
   * Makes a tool, unless it is there, and returns its place.
   *
   * @param make fills the folder that it is given
   * @throws what `make` throws; nothing is left of the tool then
   */
  public async keep(name: string, make: (folder: string) => Promise<void>): Promise<string> {
    const place = this.place(name);
    if (existsSync(place)) return place;
    mkdirSync(this.path, { recursive: true });
    this.removeAbandoned();
    const partial = mkdtempSync(join(this.path, `.partial-${process.pid}-`));
    try {
      await make(partial);
      renameSync(partial, place);
    } catch (error) {
      // another process has made the same tool meanwhile
      if (!isTaken(error)) throw error;
    } finally {
      rmSync(partial, { recursive: true, force: true });
    }
    return place;
  }

  /** Removes what processes have left that ended before they were done. */
  private removeAbandoned(): void {
    for (const name of readdirSync(this.path)) {
      const owner = PARTIAL.exec(name)?.[1];
      if (owner !== undefined && !isAlive(Number(owner)))
        rmSync(join(this.path, name), { recursive: true, force: true });
    }
  }
}

function isTaken(error: unknown): boolean {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return syscall === "rename" && (code === "ENOTEMPTY" || code === "EEXIST");
}
