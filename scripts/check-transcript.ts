import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./commands";

/** What begins the README's transcript. */
const BLOCK = /<!-- npm run demo -->\n+```text\n([\s\S]*?)\n```/;
/** What the demo prints where it is root on Linux, as when the transcript was made; elsewhere addresses and notes differ. */
const AS_ROOT = "Security groups are enforced between tasks.";
/** Stands for lines that are left out. */
const LEFT_OUT = "[...]";

/**
 * Compares the transcript in README.md with what the demo has printed, which is in the file given: each of its lines must have been
 * printed, in that order. Numbers, ids and durations differ from run to run and count as alike.
 */
function main([file = ""]: readonly string[]): void {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const [, transcript] = BLOCK.exec(readme) ?? [];
  if (transcript === undefined) throw new Error("README.md has no transcript of npm run demo");
  const text = readFileSync(file, "utf8");
  if (!text.includes(AS_ROOT)) {
    process.stdout.write(
      "The README's transcript is one of root's on Linux, and is not compared with this one.\n",
    );
    return;
  }
  const printed = text.split("\n").map(withoutNumbers);
  let next = 0;
  for (const line of transcript.split("\n")) {
    if (line.trim() === LEFT_OUT || line.trim() === "") continue;
    const at = printed.indexOf(withoutNumbers(line), next);
    if (at === -1)
      throw new Error(
        `README.md has a line that npm run demo did not print${printed.includes(withoutNumbers(line)) ? " at that place" : ""}:\n` +
          `  ${line}\nPut a transcript there that it printed.`,
      );
    next = at + 1;
  }
}

function withoutNumbers(line: string): string {
  return line
    .replace(/\b[0-9a-f]{8,}\b/g, "#")
    .replace(/\d+(\.\d+)?/g, "#")
    .replace(/-{2,}/g, "--")
    .replace(/\s+/g, " ")
    .trim();
}

try {
  main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
