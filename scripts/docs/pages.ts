import { rulesPage } from "./rules-page";
import { readApi } from "./api";
import { REFERENCE, referencePages } from "./reference-pages";
import { stacksPage } from "./stacks-page";

/** What users of the package import from. */
const ENTRY_POINTS = ["modules/index.ts", "testing/index.ts"];

/** The folder in which there is nothing but generated pages. */
export const GENERATED_FOLDER = REFERENCE;

/** Thrown where something public says nothing of itself. */
export class UndocumentedError extends Error {
  public override readonly name = "UndocumentedError";

  public constructor(problems: readonly string[]) {
    super(
      `${problems.length} public ${problems.length === 1 ? "thing has" : "things have"} no documentation\n` +
        problems.map((problem) => `  ${problem}`).join("\n") +
        "\n    mend:    say in a comment above it what it is; `@default` says what holds where it is left out",
    );
  }
}

/**
 * Every page that is made of the sources, by its path from the root of the repository.
 * @throws UndocumentedError
 */
export async function generatedPages(): Promise<ReadonlyMap<string, string>> {
  const api = readApi(ENTRY_POINTS);
  if (api.problems.length > 0) throw new UndocumentedError(api.problems);
  return new Map([
    ["docs/rules.md", rulesPage()],
    ["docs/stacks.md", await stacksPage()],
    ...referencePages(api),
  ]);
}
