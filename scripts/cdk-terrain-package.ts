import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "./commands";
import { packedFiles } from "./packed-files";
import { pageInPackage } from "./page-links";

/** Below `dist/`, and not in the package that is made of it. */
export const CDK_TERRAIN_PACKAGE = join(ROOT, "dist", "cdktn-ecs-discovery");

/** What CDK Terrain calls them. */
const NAMES: Readonly<Record<string, string>> = {
  cdktf: "cdktn",
  "@cdktf/provider-aws": "@cdktn/provider-aws",
  "cdktf-ecs-discovery": "cdktn-ecs-discovery",
};
/** `from "cdktf"`, `require("@cdktf/provider-aws/lib/vpc")`, `import("cdktf")`. */
const IMPORTED = /(?<=\b(?:from |require\(|import\())"((?:@cdktf\/)?[a-z-]+)(\/[^"]*)?"/g;

const PEERS = {
  "@cdktn/provider-aws": "^25.7.0",
  cdktn: "^0.24.0",
  constructs: ">=10.6.0 <10.8.0",
};
/** What the bindings ask for, as far as it is tested. */
const NODE = "^22.11.0 || ^24.0.0 || >=26.0.0";
const TAKEN_OVER = [
  "version",
  "description",
  "license",
  "main",
  "types",
  "exports",
  "typesVersions",
  "files",
] as const;

type Manifest = Readonly<Record<(typeof TAKEN_OVER)[number], unknown>> & {
  readonly name: string;
  readonly keywords: readonly string[];
};

/**
 * Writes the package for CDK Terrain: every file of the one for CDKTF as it was compiled, with the names under which CDK
 * Terrain's packages are imported.
 */
export function writeCdkTerrainPackage(): void {
  const files = packedFiles();
  const packed = new Set(files);
  for (const file of files) {
    const source = readFileSync(join(ROOT, file), "utf8");
    const text = file.endsWith(".md") ? pageInPackage(source, file, packed) : source;
    const target = join(CDK_TERRAIN_PACKAGE, file);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, file === "package.json" ? manifestFor(text) : importingCdkTerrain(text));
  }
}

function importingCdkTerrain(text: string): string {
  return text.replace(IMPORTED, (whole, name: string, rest = "") => {
    const other = NAMES[name];
    return other === undefined ? whole : `"${other}${rest}"`;
  });
}

function manifestFor(text: string): string {
  const manifest = JSON.parse(text) as Manifest;
  const taken = Object.fromEntries(TAKEN_OVER.map((field) => [field, manifest[field]]));
  const own = {
    name: NAMES[manifest.name],
    ...taken,
    keywords: manifest.keywords.map((word) => NAMES[word] ?? word),
    engines: { node: NODE },
    peerDependencies: PEERS,
  };
  return `${JSON.stringify(own, undefined, 2)}\n`;
}
