import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { allPages, MarkdownPage, ROOT, type Link } from "./pages";

const known = new Map<string, ReadonlySet<string>>();

function anchorsOf(file: string): ReadonlySet<string> {
  const anchors = known.get(file) ?? new MarkdownPage(file).anchors;
  known.set(file, anchors);
  return anchors;
}

/** What is wrong with a link; undefined where nothing is. */
function problemOf({ page, target, isImage }: Link): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return externalProblem(target, isImage);
  const [path = "", anchor] = target.split("#");
  if (path.startsWith("/")) return "begins with a slash, which leads out of the repository";
  const file =
    path === "" ? page : posix.normalize(posix.join(posix.dirname(page), decodeURIComponent(path)));
  if (file.startsWith("..")) return "leads out of the repository";
  if (!existsSync(join(ROOT, file))) return `there is no ${file}`;
  if (anchor === undefined) return undefined;
  if (!file.endsWith(".md")) return `${file} is no page, so nothing in it can be led to`;
  const anchors = anchorsOf(file);
  return anchors.has(anchor) ? undefined : `${file} has no #${anchor}; it has ${[...anchors].join(", ")}`;
}

/** No network here: only the form is looked at. */
function externalProblem(target: string, isImage: boolean): string | undefined {
  if (isImage) return "is on another server, which may be gone tomorrow";
  if (!URL.canParse(target)) return "is no address";
  const { protocol, hostname } = new URL(target);
  if (protocol !== "https:") return `is ${protocol}, not https:`;
  return hostname.includes(".") ? undefined : "has no host that anybody else can reach";
}

describe("the links of the documentation", () => {
  const links = allPages().flatMap((page) => page.links);

  test("are found", () => {
    expect(links.length).toBeGreaterThan(100);
  });

  test("lead somewhere", () => {
    const dead = links.flatMap((link) => {
      const problem = problemOf(link);
      return problem === undefined ? [] : [`${link.page}:${link.line} ${link.target} ${problem}`];
    });
    expect(dead).toEqual([]);
  });
});

describe("the pages in docs/", () => {
  test("are all in docs/README.md, and those of the reference in its own", () => {
    const pages = allPages().filter(({ path }) => path.startsWith("docs/"));
    const listed = new Set(
      pages
        .filter(({ path }) => path.endsWith("/README.md"))
        .flatMap((page) =>
          page.links.map(({ target }) => [posix.dirname(page.path), target.split("#")[0] ?? ""]),
        )
        .map(([folder = "", file = ""]) => posix.join(folder, file)),
    );
    const lost = pages.filter(({ path }) => path !== "docs/README.md" && !listed.has(path));
    expect(lost.map(({ path }) => path)).toEqual([]);
  });
});

describe("a link that is dead", () => {
  const link = (target: string, isImage = false): Link => ({
    page: "docs/layout.md",
    line: 1,
    target,
    isImage,
  });

  test.each([
    ["missing.md", "there is no docs/missing.md"],
    ["rules.md#no-such-rule", "docs/rules.md has no #no-such-rule"],
    ["#no-such-heading", "docs/layout.md has no #no-such-heading"],
    ["/docs/rules.md", "begins with a slash"],
    ["../../elsewhere.md", "leads out of the repository"],
    ["http://docs.aws.amazon.com/", "not https:"],
    ["https://localhost/", "has no host"],
  ])("%s is told", (target, problem) => {
    expect(problemOf(link(target))).toContain(problem);
  });

  test("is none where it leads to a heading, a rule or a file", () => {
    expect(problemOf(link("#a-module"))).toBeUndefined();
    expect(problemOf(link("rules.md#cloud-map-ttl"))).toBeUndefined();
    expect(problemOf(link("../stacks/trading-platform.ts"))).toBeUndefined();
  });
});

describe("anchors", () => {
  test("are those that GitHub makes: lower case, no punctuation, repeats numbered", () => {
    const page = new MarkdownPage(
      "x.md",
      '# `connectTo`, and A & B\n\n## Über "uns"\n\n## Why?\n\n## Why?\n\n<a id="own"></a>\n',
    );
    expect([...page.anchors]).toEqual(["connectto-and-a--b", "über-uns", "why", "why-1", "own"]);
  });
});
