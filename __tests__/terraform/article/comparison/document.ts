const SERVICES = ["stock_service", "signal_processing_service"];

/** The rows below the heading of a table, each with its cells. */
export function tableBelow(markdown: string, heading: string): readonly (readonly string[])[] {
  const section = markdown.split(/^#+ /m).find((text) => text.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`the document has no heading "${heading}"`);
  const lines = section.split("\n").filter((line) => line.startsWith("|"));
  // the first two lines are the names of the columns and the rule below them
  return lines.slice(2).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** What a cell quotes: `a` and `b` of "`a`, `b`". */
export function quotedIn(cell = ""): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, quoted]) => quoted ?? "");
}

/** Both services' addresses for one with `<service>` in it, which stands for their names. */
export function expandService(address: string): string[] {
  return address.includes("<service>")
    ? SERVICES.map((service) => address.replaceAll("<service>", service))
    : [address];
}

/** `<service>` for the name of the service that a resource belongs to, in either spelling. */
export function withoutServiceName(text: string, address: string): string {
  const own = SERVICES.find((service) => address.endsWith(`.${service}`));
  return own === undefined
    ? text
    : text.replaceAll(own, "<service>").replaceAll(own.replaceAll("_", "-"), "<service>");
}
