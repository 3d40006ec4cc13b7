import { basename, dirname, posix } from "node:path";
import type { Api, Entry, Member, Method } from "./api";
import type { DocComment } from "./doc-comment";
import { anchorOf, cell, firstSentence, table } from "./markdown";

/** Where the pages are, from the root of the repository. */
export const REFERENCE = "docs/reference";

/** The sections of the index, in its order: each has what is exported from one folder. */
const AREAS: readonly { readonly folder: string; readonly title: string }[] = [
  { folder: "modules/services/ecs-service", title: "ECS services" },
  { folder: "modules/services/discovery", title: "Discovery: how a service is reached" },
  { folder: "modules/services/calls", title: "Calls between services" },
  { folder: "modules/services/task", title: "Tasks and their containers" },
  { folder: "modules/services/networking", title: "Networking of tasks" },
  { folder: "modules/services/observability", title: "Observability of services" },
  { folder: "modules/services/article", title: "The article's services" },
  { folder: "modules/core/network", title: "Network and security groups" },
  { folder: "modules/core/compute", title: "Clusters and capacity" },
  { folder: "modules/core/cloud-map", title: "Cloud Map and private zones" },
  { folder: "modules/core/load-balancing", title: "Load balancing" },
  { folder: "modules/core/storage", title: "File systems, images and secrets" },
  { folder: "modules/core/iam", title: "Roles and policies" },
  { folder: "modules/core/cloudwatch", title: "Logs, metrics and alarms" },
  { folder: "modules/core/framework", title: "Names, tags, errors and warnings" },
  { folder: "testing", title: "Tests of stacks" },
];

/** The page that a file's exports are on: a file of props or of attributes goes with the thing itself. */
function pageOf({ file }: Pick<Entry, "file">): string {
  const name = basename(file, ".ts").replace(/-(?:props|attributes)$/, "");
  return dirname(file).startsWith("testing") ? `testing-${name}` : name;
}

/** The API reference: a page for each module, and one that lists them. By path. */
export function referencePages({ entries }: Api): Map<string, string> {
  const links = new Links(entries);
  const pages = new Map<string, string>();
  for (const [name, onPage] of grouped(entries)) {
    pages.set(`${REFERENCE}/${name}.md`, new Page(onPage, links).text());
  }
  pages.set(`${REFERENCE}/README.md`, indexPage(entries, links));
  return pages;
}

function grouped(entries: readonly Entry[]): Map<string, Entry[]> {
  const pages = new Map<string, Entry[]>();
  for (const entry of entries) pages.set(pageOf(entry), [...(pages.get(pageOf(entry)) ?? []), entry]);
  return pages;
}

/** Leads from the names in a text to where they are described. */
class Links {
  private readonly byName: ReadonlyMap<string, string>;

  public constructor(private readonly entries: readonly Entry[]) {
    this.byName = new Map(
      entries.map((entry) => [entry.name, `${pageOf(entry)}.md#${this.anchorOf(entry)}`]),
    );
  }

  public has(name: string): boolean {
    return this.byName.has(name);
  }

  public to(name: string): string {
    return `[${name}](${this.byName.get(name) ?? ""})`;
  }

  /** Code in which each name that is exported is a link, but for that of the thing itself. */
  public code(text: string, self = ""): string {
    const isLinked = (word: string): boolean => word !== self && this.byName.has(word);
    const words = text.split(/("[^"]*"|\b[A-Z]\w*)/);
    if (!words.some(isLinked)) return `\`${text}\``;
    const marked = words.map((word) => (isLinked(word) ? this.to(word) : escaped(word)));
    return `<code>${marked.join("")}</code>`;
  }

  /** The class whose inputs these are, where it is on the same page. */
  public madeWith(props: Entry): Entry | undefined {
    return this.entries.find((entry) => entry.props === props.name && pageOf(entry) === pageOf(props));
  }

  private anchorOf(entry: Entry): string {
    return this.madeWith(entry) === undefined ? anchorOf(entry.name) : anchorOf(inputsHeading(entry.name));
  }
}

/** What Markdown or HTML would take for its own in code that has links in it. */
function escaped(code: string): string {
  return code
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[[\]*_]/g, "\\$&");
}

function inputsHeading(props: string): string {
  return `Inputs: ${props}`;
}

class Page {
  private readonly lines: string[] = [];

  public constructor(
    private readonly entries: readonly Entry[],
    private readonly links: Links,
  ) {}

  public text(): string {
    const described = this.entries.filter((entry) => this.links.madeWith(entry) === undefined);
    const [first, ...others] = described.sort((a, b) => rank(a) - rank(b));
    if (first !== undefined) this.add(first, "#");
    for (const entry of others) this.add(entry, "##");
    return `${this.lines.join("\n")}\n`;
  }

  private add(entry: Entry, mark: string): void {
    const { name, doc, signature, kind, file } = entry;
    if (this.lines.length > 0) this.lines.push("");
    this.lines.push(`${mark} ${name}`);
    this.addText(doc);
    if (signature !== undefined) this.lines.push("", this.links.code(signature, name));
    this.addThrows(doc);
    this.lines.push("", `Source: [${file}](${posix.relative(REFERENCE, file)})${this.basesOf(entry)}.`);
    if (doc.sources.length > 0) this.lines.push(`See ${doc.sources.map((url) => `<${url}>`).join(", ")}.`);
    const sub = `${mark === "#" ? "" : "#"}##`;
    const props = this.entries.find((other) => other.name === entry.props);
    if (props !== undefined && this.links.madeWith(props) === entry)
      this.addInputs(props, `${sub} ${inputsHeading(props.name)}`);
    if (kind === "class" || isRole(entry)) this.addOutputs(entry, sub);
    else this.addMembers(entry);
    this.addMethods(entry.statics, entry, `${sub} Static methods`);
    this.addMethods(entry.methods, entry, `${sub} Methods`);
  }

  private basesOf({ bases }: Entry): string {
    const known = bases.filter((base) => this.links.has(base)).map((base) => this.links.to(base));
    return known.length === 0 ? "" : `; it is also ${article(known)}`;
  }

  private addText({ text, examples }: DocComment): void {
    if (text !== "") this.lines.push("", text);
    for (const example of examples) this.lines.push("", example);
  }

  private addThrows({ throws }: DocComment): void {
    for (const what of throws) this.lines.push("", `Throws ${cell(what)}.`);
  }

  private addInputs(props: Entry, heading: string): void {
    this.lines.push("", heading);
    if (props.doc.text !== "") this.lines.push("", props.doc.text);
    if (props.signature !== undefined)
      this.lines.push("", `The same as ${this.links.code(props.signature)}.`);
    this.addMembers(props);
  }

  private addMembers({ members, choices }: Entry): void {
    const order = (member: Member): number => (isChoice(member, choices) ? 1 : member.isOptional ? 2 : 0);
    const rows = [...members]
      .sort((a, b) => order(a) - order(b))
      .map((member) => [
        this.named(member),
        this.typed(member),
        defaultOf(member, choices),
        cell(member.doc.text),
      ]);
    this.lines.push(...table(["Name", "Type", "Default", ""], rows));
    const either = choices.map((choice) => `either ${choice.map(setOf).join(" or ")}`).join("; ");
    if (either !== "") this.lines.push("", `E${either.slice(1)}.`);
  }

  private addOutputs({ members, kind }: Entry, mark: string): void {
    if (members.length === 0) return;
    const rows = members.map((member) => [this.named(member), this.typed(member), cell(member.doc.text)]);
    if (kind === "class") this.lines.push("", `${mark} Outputs`);
    this.lines.push(...table(["Name", "Type", ""], rows));
  }

  private named({ name }: Member): string {
    return `\`${name}\``;
  }

  private typed({ type }: Member): string {
    return this.links.code(type).replaceAll("|", "\\|");
  }

  private addMethods(methods: readonly Method[], { name }: Entry, heading: string): void {
    const isInherited = ({ owner }: Method): boolean => owner !== name && this.links.has(owner);
    const own = methods.filter((method) => !isInherited(method));
    const inherited = methods.filter(isInherited);
    if (methods.length > 0) this.lines.push("", heading);
    for (const { signature, doc } of own) {
      const params = Object.entries(doc.params).map(([param, text]) => `\`${param}\`: ${text}.`);
      const result = doc.returns === undefined ? [] : [`Returns ${doc.returns}.`];
      const thrown = doc.throws.map((what) => `Throws ${cell(what)}.`);
      const text = [doc.text, ...params, ...result, ...thrown].filter((part) => part !== "").join("\n\n");
      this.lines.push("", `- ${this.links.code(signature, name)}`);
      if (text !== "") this.lines.push("", indented(text));
    }
    const owners = [...new Set(inherited.map(({ owner }) => owner))];
    for (const owner of owners) {
      const names = inherited
        .filter((method) => method.owner === owner)
        .map((method) => `\`${method.name}\``);
      this.lines.push("", `- ${names.join(", ")}: see ${this.links.to(owner)}`);
    }
  }
}

/** What something can be used as: everything in it is given out. */
function isRole({ kind, name }: Entry): boolean {
  return kind === "interface" && /^I[A-Z]/.test(name);
}

function isChoice({ name }: Member, choices: Entry["choices"]): boolean {
  return choices.some((sets) => sets.flat().includes(name));
}

function article(links: readonly string[]): string {
  return links.map((link) => `${/^\[[AEIO]/.test(link) ? "an" : "a"} ${link}`).join(", ");
}

function rank({ kind }: Entry): number {
  return kind === "class" ? 0 : 1;
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}

function setOf(names: readonly string[]): string {
  return names.length === 0 ? "none of them" : names.map((name) => `\`${name}\``).join(" with ");
}

/** A default that is a value is code; one in words is not. */
function defaultOf(member: Member, choices: Entry["choices"]): string {
  const { defaultText } = member.doc;
  if (defaultText === undefined && isChoice(member, choices)) return "see below";
  if (defaultText === undefined) return member.isOptional ? "none" : "required";
  const isValue = /^(?:"[^"]*"|-?[\d.]+|true|false|\[.*\]|\{.*\})$/.test(defaultText);
  return cell(isValue ? `\`${defaultText}\`` : defaultText);
}

function indexPage(entries: readonly Entry[], links: Links): string {
  const lines = [
    "# API reference",
    "",
    "What `cdktf-ecs-discovery` exports, made of the sources by `npm run docs`. What is refused and warned about is in",
    '[rules.md](../rules.md). "The article" is "Microservice communication in AWS ECS without a Load Balancer, using DNS Service',
    'Discovery".',
  ];
  const elsewhere = entries.find(({ file }) => !AREAS.some(({ folder }) => folder === dirname(file)));
  if (elsewhere !== undefined)
    throw new Error(`${elsewhere.file} is in no folder that the API reference lists`);
  for (const { folder, title } of AREAS) {
    const inArea = entries
      .filter(({ file }) => dirname(file) === folder)
      .sort((a, b) => a.name.localeCompare(b.name, "en"));
    const made = inArea.filter(({ kind }) => kind === "class" || kind === "function" || kind === "constant");
    const types = inArea.filter(({ kind }) => kind === "interface" || kind === "type");
    lines.push("", `## ${title}`);
    lines.push(
      ...table(
        ["Name", ""],
        made.map((entry) => [links.to(entry.name), cell(firstSentence(entry.doc.text))]),
      ),
    );
    if (types.length > 0) lines.push("", `Types: ${types.map(({ name }) => links.to(name)).join(", ")}.`);
  }
  return `${lines.join("\n")}\n`;
}
