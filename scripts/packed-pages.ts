import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "./commands";
import { FLAG, runScript } from "./flags";
import { packedFiles } from "./packed-files";
import { pageInPackage } from "./page-links";

/** Keeps the pages of the repository while npm packs. Its list of files is written last, so that a list means that all are there. */
const KEPT = join(ROOT, ".packing");
const LIST = join(KEPT, "pages.json");

/** Puts the pages in the place of the repository's that the npm package has: npm takes what it finds at their paths. */
function replacePages(): void {
  restorePages();
  const files = packedFiles();
  const pages = files.filter((file) => file.endsWith(".md"));
  for (const page of pages) write(join(KEPT, page), readFileSync(join(ROOT, page), "utf8"));
  write(LIST, JSON.stringify(pages));
  for (const page of pages)
    write(join(ROOT, page), pageInPackage(readFileSync(join(KEPT, page), "utf8"), page, new Set(files)));
}

/** Puts the repository's own pages back, those of a run too that was killed. */
function restorePages(): void {
  const pages = existsSync(LIST) ? (JSON.parse(readFileSync(LIST, "utf8")) as string[]) : [];
  for (const page of pages) write(join(ROOT, page), readFileSync(join(KEPT, page), "utf8"));
  rmSync(KEPT, { recursive: true, force: true });
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

void runScript({
  command: "node --import tsx scripts/packed-pages.ts",
  help: `Takes the links out of the pages that lead to what the npm package does not have. npm pack runs it before and after.

  --restore  puts the pages of the repository back`,
  flags: { restore: FLAG },
  main: ({ restore }) => (restore === true ? restorePages() : replacePages()),
});
