import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "../commands";
import { runScript } from "../flags";
import { GENERATED_FOLDER, generatedPages } from "./pages";

/** Writes the generated pages and removes those of what is no longer there. */
async function main(): Promise<void> {
  const pages = await generatedPages();
  mkdirSync(join(ROOT, GENERATED_FOLDER), { recursive: true });
  for (const name of readdirSync(join(ROOT, GENERATED_FOLDER))) {
    if (!pages.has(`${GENERATED_FOLDER}/${name}`)) rmSync(join(ROOT, GENERATED_FOLDER, name));
  }
  for (const [path, text] of pages) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
  }
  process.stdout.write(`${pages.size} pages in docs/\n`);
}

void runScript({
  command: "npm run docs",
  help: "Writes the generated pages of docs/.",
  flags: {},
  main,
});
