/** What begins the transcript of the demo on a page. */
const BLOCK = /<!-- npm run demo -->\n+```text\n([\s\S]*?)\n```/;
/** Stands for lines that are left out. */
const LEFT_OUT = "[...]";

/** The transcript of the demo on a page, without its fences; undefined if the page has none. */
export function transcriptOn(page: string): string | undefined {
  return BLOCK.exec(page)?.[1];
}

/** A line of a transcript that was not printed where the transcript has it. */
export interface MissingLine {
  readonly line: string;
  /** Whether it was printed, but before a line that it follows in the transcript. */
  readonly isElsewhere: boolean;
}

/**
 * The first line of a transcript that was not printed, or not in the transcript's order; undefined if all were.
 * Numbers, ids and durations differ from run to run, and count as alike.
 */
export function missingLine(transcript: string, printed: string): MissingLine | undefined {
  const lines = printed.split("\n").map(withoutNumbers);
  let next = 0;
  for (const line of transcript.split("\n")) {
    if (line.trim() === LEFT_OUT || line.trim() === "") continue;
    const at = lines.indexOf(withoutNumbers(line), next);
    if (at === -1) return { line, isElsewhere: lines.includes(withoutNumbers(line)) };
    next = at + 1;
  }
  return undefined;
}

function withoutNumbers(line: string): string {
  return line
    .replace(/\b[0-9a-f]{8,}\b/g, "#")
    .replace(/\d+(\.\d+)?/g, "#")
    .replace(/-{2,}/g, "--")
    .replace(/\s+/g, " ")
    .trim();
}
