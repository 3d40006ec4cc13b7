// Fetches a Chromium into .tools/ unless it is there, and prints where it is: node --import tsx fetch-chromium.ts
import { spawnSync } from "node:child_process";
import { createReadStream, createWriteStream, rmSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";
import { runInterruptibly } from "../../../local/interruptible";
import { download } from "../../../local/tools/download";
import { reportTo } from "../../../local/tools/report";
import { OFFLINE } from "../../../local/tools/tools-context";
import { ToolsFolder } from "../../../local/tools/tools-folder";

const TOOLS = join(__dirname, "..", "..", "..", ".tools");
/** Chromium alone, without what a desktop needs, for x86-64 Linux. */
const PACKAGE = "@sparticuz/chromium";
const VERSION = "153.0.0";
const SHA256 = "20e5656fcdcf4118ede85edfb9d6bb9cc1bbb7ffb8b75622fffbcf36a835c3c0";
const REGISTRY = "https://registry.npmjs.org/";

async function main(signal: AbortSignal): Promise<void> {
  const folder = new ToolsFolder(TOOLS);
  const name = `chromium-${VERSION}`;
  const place = await folder.keep(name, async (partial) => {
    if (process.env.npm_config_offline === "true") throw new Error(OFFLINE);
    if (process.platform !== "linux" || process.arch !== "x64")
      throw new Error(`no Chromium is known for ${process.platform} ${process.arch}`);
    const report = reportTo();
    const registry = process.env.npm_config_registry ?? REGISTRY;
    const url = new URL(`${PACKAGE}/-/chromium-${VERSION}.tgz`, registry.replace(/\/?$/, "/")).href;
    report.line(`Fetching Chromium (70 MB) from ${url} into ${folder.place(name)}`);
    const archive = join(partial, "package.tgz");
    await download({ url, sha256: SHA256, to: archive, report, signal });
    unpack(archive, partial);
    const packed = (file: string): string => join(partial, "package", "bin", `${file}.br`);
    await decompress(packed("chromium"), join(partial, "chromium"), 0o755);
    // what it is linked with and fonts, for machines that have neither
    for (const file of ["al2023.tar", "fonts.tar"]) {
      await decompress(packed(file), join(partial, file), 0o644);
      unpack(join(partial, file), partial);
      rmSync(join(partial, file));
    }
    rmSync(archive);
    rmSync(join(partial, "package"), { recursive: true });
  });
  process.stdout.write(place);
}

function unpack(archive: string, folder: string): void {
  const { status, stderr } = spawnSync("tar", ["-xf", archive, "-C", folder], { encoding: "utf8" });
  if (status !== 0) throw new Error(`tar cannot unpack ${archive}: ${stderr}`);
}

function decompress(from: string, to: string, mode: number): Promise<void> {
  return pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to, { mode }));
}

void runInterruptibly(main);
