import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { python } from "../../local/emulator-process";
import { Bench, describeWithTerraform } from "./harness";

const EMULATOR = join("local", "emulator");
const PROJECT = join(__dirname, "..", "..");

describeWithTerraform("emulated AWS", () => {
  test("closes every gap of moto's that its own tests know", async () => {
    const args = ["-m", "unittest", "discover", "-s", EMULATOR];
    const { stderr } = await promisify(execFile)(python(), args, { cwd: PROJECT });
    expect(stderr).toMatch(/Ran \d{2,} tests in [\d.]+s\s+OK/);
  });

  test("applies every type of resource, plans no change and destroys all of it", async () => {
    const bench = await Bench.start();
    try {
      const folder = bench.folderWith({
        "main.tf": readFileSync(join(PROJECT, EMULATOR, "every-resource", "main.tf"), "utf8"),
      });
      await folder.apply();
      expect((await folder.plan()).changes).toEqual({});
      await folder.destroy();
      expect(await folder.resourcesInState()).toEqual([]);
    } finally {
      await bench.dispose();
    }
  });
});
