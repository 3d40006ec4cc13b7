import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  ExtractorMessageCategory,
  type ExtractorResult,
  type IConfigApiReport,
} from "@microsoft/api-extractor";
import { writeNames } from "./api-names";
import { ROOT } from "./commands";
import { entryPoints, type EntryPoint } from "./entry-points";
import { FLAG, runScript } from "./flags";

/**
 * Writes what can be imported into `api-report/`, from the types in `dist/`. With `--check` nothing is written, and the
 * process fails where a report says something else: then the public surface has changed, and the change of the report
 * belongs into the same commit.
 */
const FOLDER = join(ROOT, "api-report");
/** The root is all of `core` and `services`, which have no report beside it; names.md says what comes from which. */
const REPORTED = ["index", "stacks", "testing"];
/** A stack has services for members: what stands in the report of the root is not repeated. */
const WITH_UNEXPORTED = ["index", "testing"];

function main(isCheck: boolean): void {
  mkdirSync(FOLDER, { recursive: true });
  const temporary = mkdtempSync(join(tmpdir(), "api-report-"));
  try {
    const changed = entryPoints()
      .filter(({ name }) => REPORTED.includes(name))
      .filter((entryPoint) => report(entryPoint, temporary, isCheck))
      .map(({ name }) => `${name}.api.md`);
    if (writeNames(entryPoints(), join(FOLDER, "names.md"), isCheck)) changed.push("names.md");
    if (isCheck && changed.length > 0) throw new Error(outdated(changed));
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** True where the report differs from the one in the folder. */
function report({ name, require: { types } }: EntryPoint, temporary: string, isCheck: boolean): boolean {
  const apiReport: IConfigApiReport = {
    enabled: true,
    reportFolder: FOLDER,
    reportTempFolder: temporary,
    reportFileName: `${name}.api.md`,
    includeForgottenExports: WITH_UNEXPORTED.includes(name),
  };
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: join(ROOT, "package.json"),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: ROOT,
      mainEntryPointFilePath: types,
      newlineKind: "lf",
      compiler: { overrideTsconfig: { extends: "./tsconfig.build.json", include: [], files: [types] } },
      apiReport,
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Warning },
          "ae-missing-release-tag": { logLevel: ExtractorLogLevel.None },
          "ae-undocumented": { logLevel: ExtractorLogLevel.None },
          "ae-forgotten-export": { logLevel: ExtractorLogLevel.None },
        },
      },
    },
  });
  const result = Extractor.invoke(config, {
    localBuild: !isCheck,
    // told of by this script in its own words: its notice of another compiler, and where it found a difference
    messageCallback: (message) => {
      message.handled = message.category === ExtractorMessageCategory.Console;
    },
  });
  if (failed(result)) throw new Error(`API Extractor found faults in the types of ${types}; see above`);
  return result.apiReportChanged;
}

/** That a report is another one than before is a warning, too; this script says it in its own words. */
function failed({ errorCount, warningCount, apiReportChanged }: ExtractorResult): boolean {
  return errorCount + warningCount > Number(apiReportChanged);
}

function outdated(files: readonly string[]): string {
  return (
    `the public surface is not what api-report/ says: ${files.join(", ")}\n` +
    `    mend:    npm run api, look at the difference, and commit it; what was taken away or narrowed needs a new major\n` +
    `             version (before 1.0 a new minor one), what was added a new minor one: docs/package.md`
  );
}

void runScript({
  command: "npm run api",
  help: "Writes what the package exports into api-report/. --check compares it with what is there.",
  flags: { check: FLAG },
  main: ({ check = false }) => main(check),
});
