import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { readApi } from "../../scripts/docs/api";
import { GENERATED_FOLDER, generatedPages, UndocumentedError } from "../../scripts/docs/pages";
import { ROOT } from "./pages";

describe("the pages that `npm run docs` writes", () => {
  let pages: ReadonlyMap<string, string>;
  beforeAll(async () => {
    pages = await generatedPages();
  });

  test("are what is in the repository", () => {
    const outdated = [...pages].filter(
      ([path, text]) => !existsSync(join(ROOT, path)) || readFileSync(join(ROOT, path), "utf8") !== text,
    );
    expect(outdated.map(([path]) => path)).toEqual([]);
  });

  test("are all that is in their folder", () => {
    const there = readdirSync(join(ROOT, GENERATED_FOLDER)).map((name) => `${GENERATED_FOLDER}/${name}`);
    expect(there.filter((path) => !pages.has(path))).toEqual([]);
  });

  test("have no path of the machine", () => {
    expect([...pages].filter(([, text]) => text.includes(ROOT)).map(([path]) => path)).toEqual([]);
  });

  const page = (name: string): string => pages.get(`${GENERATED_FOLDER}/${name}.md`) ?? "";

  test("list inputs with type, default and words, those of a base interface too", () => {
    const text = page("ecs-service");
    expect(text).toMatch(/^\| `serviceName` \| `string` \| required \| Letters, digits.+ \|$/m);
    expect(text).toMatch(/^\| `cpu` \| `number` \| `256` \| CPU units.+ \|$/m);
    expect(text).toMatch(/^\| `placementStrategies` \| <code>readonly \[PlacementStrategy\]\(placement.md#/m);
  });

  test("list outputs, those of a base class too, and say where an inherited method is described", () => {
    const text = page("stock-data-service");
    expect(text).toMatch(/^## Outputs$/m);
    expect(text).toMatch(/^\| `securityGroupId` \| `string` \| The service's own group.+ \|$/m);
    expect(text).toContain("- `connectTo`, `mount`: see [EcsService](ecs-service.md#ecsservice)");
    expect(text).not.toContain("taskNetwork");
  });

  test("say of which inputs one is to be given", () => {
    expect(page("cloud-map-dns")).toContain("Either `namespaceId` or `namespace`.");
    expect(page("load-balanced")).toContain("Either `host` or `zone` with `name` or none of them.");
  });

  test("have neither private nor protected members", () => {
    expect(page("ecs-service")).not.toContain("executionRole:");
    expect(page("testing-synthesized-stack")).not.toContain("new SynthesizedStack");
  });

  test("have a way of being reached for each call in the pictures", () => {
    const text = pages.get("docs/stacks.md") ?? "";
    for (const way of ["DNS", "Service Connect", "load balancer"]) expect(text).toContain(`| ${way} |`);
    expect(text).not.toContain("outside the stack");
  });
});

describe("what says nothing of itself", () => {
  const SOURCES = {
    "undocumented.ts": [
      "/** The inputs. */",
      "export interface ThingProps {",
      "  /** Has words. @default - none */",
      "  readonly good?: string;",
      "  /** @default 1 */",
      "  readonly bad: number;",
      "}",
      "export class Thing {",
      "  public readonly output = 1;",
      "  private readonly hidden = 2;",
      "  /** Says what it does. */",
      "  public verb(): number {",
      "    return this.hidden;",
      "  }",
      "}",
    ],
    "documented.ts": [
      "/** A role. */",
      "export interface IThing {",
      "  /** What it is. */",
      "  readonly id: string;",
      "}",
      "/** A thing, which the role describes. */",
      "export class OtherThing implements IThing {",
      '  public readonly id = "x";',
      "}",
    ],
  };
  const folder = mkdtempSync(join(tmpdir(), "undocumented-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("is named with its place, unless an interface says it for the class", () => {
    const files = Object.entries(SOURCES).map(([name, lines]) => {
      writeFileSync(join(folder, name), `${lines.join("\n")}\n`);
      return relative(ROOT, join(folder, name));
    });
    const { problems } = readApi(files);
    expect(problems.map((problem) => problem.replace(/^.*\//, ""))).toEqual([
      "undocumented.ts:6 ThingProps.bad has no documentation comment",
      "undocumented.ts:8 Thing has no documentation comment",
      "undocumented.ts:9 Thing.output has no documentation comment",
    ]);
  });

  test("stops the generator, which lists all of it", () => {
    const problems = ["A", "B"].map((name) => `a.ts:1 ${name} has no documentation comment`);
    const { message } = new UndocumentedError(problems);
    expect(message).toMatch(
      /^2 public things have no documentation\n {2}a\.ts:1 A.+\n {2}a\.ts:1 B.+\n {4}mend: /,
    );
  });
});
