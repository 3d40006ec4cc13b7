/**
 * The part of Mermaid's flowcharts that the pages keep to. Mermaid itself, with 150 MB of packages, is not installed for
 * it: what fits here was drawn by Mermaid 11.
 */
const ID = String.raw`(?!(?:end|subgraph|flowchart|graph|style|class|classDef|click|linkStyle|direction|default)\b)[A-Za-z]\w*`;
/** Quoted, and without what would end it; a quote is written #quot;. */
const LABEL = String.raw`"[^"\\]+"`;
const SHAPES = [
  ["[", "]"],
  ["(", ")"],
  ["([", "])"],
  ["[(", ")]"],
  ["{{", "}}"],
  ["[/", String.raw`\]`],
] as const;

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
const node = SHAPES.map(([open, close]) => `${escaped(open)}${LABEL}${escaped(close)}`).join("|");
const NODE = new RegExp(`^(${ID})(?:${node})$`);
/** An end of an arrow: a box that is there, or one that is defined on the way. */
const END = `(${ID})(${node})?`;
const LINE = `-->|-- ${LABEL} -->|-\\.->|-\\. ${LABEL} \\.->|==>|== ${LABEL} ==>|<-->|<-- ${LABEL} -->`;
const ARROW = new RegExp(`^${END} (?:${LINE}) ${END}$`);
const SUBGRAPH = new RegExp(`^subgraph (${ID}) \\[${LABEL}\\]$`);

/** What is wrong with a flowchart, one line each. */
export function problemsOf(text: string): string[] {
  const [first = "", ...lines] = text.trimEnd().split("\n");
  if (!/^flowchart (?:LR|RL|TB|TD|BT)$/.test(first))
    return [`does not begin with flowchart and a direction: ${first}`];
  const problems: string[] = [];
  const defined = new Set<string>();
  const used: string[] = [];
  let depth = 0;
  const define = (id: string): void => {
    if (defined.has(id)) problems.push(`${id} is defined twice`);
    defined.add(id);
  };
  lines.forEach((raw, index) => {
    const line = raw.trim();
    if (line === "" || line.startsWith("%%") || /^direction (?:LR|RL|TB|TD|BT)$/.test(line)) return;
    const [, group] = SUBGRAPH.exec(line) ?? [];
    const [, box] = NODE.exec(line) ?? [];
    const [, from, fromBox, to, toBox] = ARROW.exec(line) ?? [];
    if (line === "end") depth -= 1;
    else if (group !== undefined) {
      define(group);
      depth += 1;
    } else if (box !== undefined) define(box);
    else if (from !== undefined && to !== undefined) {
      used.push(from, to);
      if (fromBox !== undefined) define(from);
      if (toBox !== undefined) define(to);
    } else problems.push(`line ${index + 2} is not of a known form: ${line}`);
    if (depth < 0) problems.push(`line ${index + 2} ends a subgraph that is none`);
  });
  for (const id of new Set(used)) if (!defined.has(id)) problems.push(`${id} is not defined`);
  if (depth > 0) problems.push(`${depth} ${depth === 1 ? "subgraph is" : "subgraphs are"} not ended`);
  return problems;
}
