import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fromCaller, indented, ROOT, ScriptError } from "./commands";
import { runScript, TEXT } from "./flags";
import { missingLine, transcriptOn } from "./transcript";

const PAGE = "docs/local.md";
/** What the demo prints where it is root on Linux, as when the transcript was made; elsewhere addresses and notes differ. */
const AS_ROOT = "Security groups are enforced between tasks.";

void runScript({
  command: "node --import tsx scripts/check-transcript.ts",
  help: `Compares the transcript in ${PAGE} with what npm run demo has printed: each line of the transcript must
be there, in the same order. Numbers, ids and durations may differ.

  node --import tsx scripts/check-transcript.ts --printed <file>

  --printed  what npm run demo has printed`,
  flags: { printed: TEXT },
  main: ({ printed: file }) => {
    if (file === undefined)
      throw new ScriptError("--printed is missing", {
        mend: "give the file with what npm run demo has printed",
      });
    const transcript = transcriptOn(readFileSync(join(ROOT, PAGE), "utf8"));
    if (transcript === undefined)
      throw new ScriptError(`${PAGE} has no transcript of npm run demo`, {
        mend: "put one into a text block below <!-- npm run demo -->",
      });
    const printed = readFileSync(fromCaller(file), "utf8");
    if (!printed.includes(AS_ROOT)) {
      process.stdout.write(
        `The transcript in ${PAGE} is one of root's on Linux, and is not compared with this one.\n`,
      );
      return;
    }
    const missing = missingLine(transcript, printed);
    if (missing === undefined) return;
    throw new ScriptError(
      `${PAGE} has a line that npm run demo did not print${missing.isElsewhere ? " at that place" : ""}:\n${indented(missing.line)}`,
      { mend: "put a transcript there that it printed" },
    );
  },
});
