import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./commands";

/** Absolute paths of the code and of its types. */
interface Files {
  readonly types: string;
  readonly default: string;
}

/** A module that users import: `cdktf-ecs-discovery/core`. */
export interface EntryPoint {
  /** `index` for the root, otherwise the last part of the specifier. */
  readonly name: string;
  readonly import: Files;
  readonly require: Files;
}

type Exports = Readonly<Record<string, string | { readonly import: Files; readonly require: Files }>>;

/** The entry points that `exports` in package.json names. */
export function entryPoints(): EntryPoint[] {
  const { exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { exports: Exports };
  return Object.entries(exports).flatMap(([path, conditions]) =>
    typeof conditions === "string"
      ? []
      : [
          {
            name: path === "." ? "index" : path.slice("./".length),
            import: absolute(conditions.import),
            require: absolute(conditions.require),
          },
        ],
  );
}

function absolute(files: Files): Files {
  return { types: join(ROOT, files.types), default: join(ROOT, files.default) };
}
