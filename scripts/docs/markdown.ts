/** A text in a cell of a table: one line, with nothing that would end the cell or vanish as HTML. */
export function cell(text: string): string {
  return text
    .replace(/```\w*\n([^]*?)\s*```/g, "`$1`")
    .replace(/\s+/g, " ")
    .split(/(`[^`]*`)/)
    .map((part) =>
      part.startsWith("`") ? part : part.replace(/[<*]/g, (mark) => (mark === "<" ? "&lt;" : "\\*")),
    )
    .join("")
    .replaceAll("|", "\\|");
}

/** A table; nothing where there are no rows. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`.replaceAll("|  |", "| |");
  return ["", line(header), `|${header.map(() => "---|").join("")}`, ...rows.map(line)];
}

/** The anchor that GitHub makes of a heading, without the number that a second one of the same text gets. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
    .replaceAll(" ", "-");
}

/** The text up to the end of its first sentence, on one line. */
export function firstSentence(text: string): string {
  const [paragraph = ""] = text.split("\n\n");
  const [sentence = ""] = paragraph.replace(/\s+/g, " ").split(/(?<=\.) (?=[A-Z`])/);
  return sentence;
}
