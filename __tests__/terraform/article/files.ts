import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ARTICLE = join(__dirname);

/** The article's HCL, by its paths below this folder. */
export function articleFiles(under = ""): Record<string, string> {
  const paths = readdirSync(join(ARTICLE, under), { recursive: true, encoding: "utf8" });
  return Object.fromEntries(
    paths
      .filter((path) => path.endsWith(".tf"))
      .map((path) => join(under, path))
      .map((path) => [path, readFileSync(join(ARTICLE, path), "utf8")]),
  );
}
