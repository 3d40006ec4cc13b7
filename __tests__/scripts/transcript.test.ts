import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../scripts/commands";
import { missingLine, transcriptOn } from "../../scripts/transcript";

const PRINTED = `== Ask DNS
  stock-service.trading-platform.local. 10 IN A 127.64.0.13
  task 647536de is healthy

== Destroy
  nothing is left, in 171 s
`;

describe("the transcript of the demo", () => {
  test("is on docs/local.md, from a heading of the demo to its last line", () => {
    const transcript = transcriptOn(readFileSync(join(ROOT, "docs", "local.md"), "utf8"));
    expect(transcript).toMatch(/^== [^]*\nAll of it worked, in \d+ s\.$/);
  });

  test("is not found on a page without the marker", () => {
    expect(transcriptOn("```text\n== Ask DNS\n```\n")).toBeUndefined();
  });

  test("accepts other numbers and ids, and lines left out", () => {
    const transcript =
      "== Ask DNS\n  [...]\n  task 170014fe is healthy\n== Destroy\n  nothing is left, in 9.5 s";
    expect(missingLine(transcript, PRINTED)).toBeUndefined();
  });

  test("rejects a line that was not printed", () => {
    const line = "  task 647536de is frozen";
    expect(missingLine(`== Ask DNS\n${line}`, PRINTED)).toEqual({ line, isElsewhere: false });
  });

  test("rejects a line that was printed earlier", () => {
    expect(missingLine("== Destroy\n== Ask DNS", PRINTED)).toEqual({ line: "== Ask DNS", isElsewhere: true });
  });
});
