import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The article's HCL, by its paths below this folder. */
export function articleFiles(under = ""): Record<string, string> {
  const paths = readdirSync(join(__dirname, under), { recursive: true, encoding: "utf8" });
  return Object.fromEntries(
    paths
      .filter((path) => path.endsWith(".tf"))
      .map((path) => join(under, path))
      .map((path) => [path, readFileSync(join(__dirname, path), "utf8")]),
  );
}
