import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { python } from "../../local/emulator-process";

const EMULATOR = join("local", "emulator");
const PROJECT = join(__dirname, "..", "..");

describe("emulated AWS", () => {
  test("closes every gap of moto's that its own tests know", async () => {
    const args = ["-m", "unittest", "discover", "-s", EMULATOR];
    const { stderr } = await promisify(execFile)(python(), args, { cwd: PROJECT });
    expect(stderr).toMatch(/Ran \d{2,} tests in [\d.]+s\s+OK/);
  });
});
