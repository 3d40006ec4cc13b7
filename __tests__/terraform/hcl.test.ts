import { App } from "cdktf";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNetwork } from "../../local/network";
import { TradingPlatformStack } from "../../stacks/trading-platform";
import { Bench, tradingPlatform } from "./harness";

describe("the HCL of the trading platform", () => {
  let bench: Bench;
  let outdir: string;
  beforeAll(async () => {
    outdir = mkdtempSync(join(tmpdir(), "hcl-"));
    bench = await Bench.start();
  });
  afterAll(async () => {
    rmSync(outdir, { recursive: true, force: true });
    await bench.dispose();
  });

  const hcl = (): string => {
    const stack = new TradingPlatformStack(new App({ outdir }), "trading-platform", {
      backend: { type: "none" },
    });
    stack.prepareStack();
    return stack.toHclTerraform().hcl;
  };

  test("is valid and formatted as terraform fmt wants it", async () => {
    const folder = bench.folderWith({ "cdk.tf": hcl() });
    await folder.validate();
    expect(await folder.run(["fmt", "-check", "-diff", "-no-color"])).toEqual({
      exitCode: 0,
      output: "",
      errors: "",
    });
  });

  test("plans the same values as the JSON", async () => {
    const { vpcId, subnetIds } = await createNetwork(bench.emulator);
    const variables = { vpc_id: vpcId, subnets: subnetIds };
    const fromHcl = await bench.folderWith({ "cdk.tf": hcl() }).plan(variables);
    const fromJson = await bench.folder(tradingPlatform()).plan(variables);
    expect(fromHcl.changes).toEqual(fromJson.changes);
    expect(fromHcl.resources).toEqual(fromJson.resources);
  });
});
