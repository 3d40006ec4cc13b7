import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** What the examples call on the machines that run pipelines, and no more: there is no Node among it. */
export const PIPELINE_PROGRAMS = [
  ..."bash cat chmod cp curl date dirname env gpg grep gzip head jq mkdir mktemp mv rm sh sha256sum sleep sort".split(
    " ",
  ),
  ..."tar tee wc".split(" "),
];

const missing = PIPELINE_PROGRAMS.filter((program) => !isThere(program));

/** Like `describe`; its tests count as skipped where a program of the pipelines is missing, and fail in CI. */
export const describeWithPrograms = given(describe);

/** The same for a `describe` that has conditions of its own. */
export function given(describeOrSkip: jest.Describe): jest.Describe {
  if (missing.length === 0) return describeOrSkip;
  const text = `The examples of pipelines call programs that are missing: ${missing.join(", ")}. Install them.\n`;
  if (process.env.CI === "true") throw new Error(text);
  process.stderr.write(`\n${text}The tests that need them are skipped.\n\n`);
  return describe.skip;
}

function isThere(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
