import { download } from "../../../local/tools/download";

const [, , url = "", sha256 = "", to = ""] = process.argv;
const report = { line: () => undefined, progress: () => undefined };

download({ url, sha256, to, report }).catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
});
