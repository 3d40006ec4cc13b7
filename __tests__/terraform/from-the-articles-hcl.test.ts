import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";
import { createNetwork, createSecurityGroup } from "../../local/network";
import { TerraformFolder } from "../../testing";
import { articleFiles } from "./article/files";
import { Checkout } from "./checkout";
import { Bench } from "./harness";
import { Page } from "./page";

const PAGE = new Page("from-the-articles-hcl.md");
const PROJECT = join(__dirname, "..", "..");

/** The TypeScript of the page, in order, in the constructor of a stack. */
const PROGRAM = `
import { App } from "cdktf";
import * as modules from "../../modules";
import { BaseStack } from "../../stacks/base-stack";
import { givenNetwork } from "../../stacks/given-network";

const { CloudMapDns, ContainerImage, DnsNamespace, Ecr, EcsCluster, EcsService, Efs, Iam } = modules;
const { ServiceDiscovery, SignalProcessingService, StockDataService } = modules;

class Page extends BaseStack {
  public constructor(app: App) {
    super(app, "page", { backend: { type: "none" } });
${PAGE.blocks("ts").join("\n")}
  }
}

const app = new App({ outdir: __dirname + "/cdktf.out" });
new Page(app);
app.synth();
`;

describe("the page that leads from the article's HCL", () => {
  test("shows HCL that runs: each block is in the article's files or in the example", () => {
    const sources = [
      ...Object.values(articleFiles()),
      readFileSync(join(PROJECT, "examples", "hcl-module", "main.tf"), "utf8"),
    ];
    for (const block of PAGE.blocks("hcl")) {
      const parts = block.trim().split(/\n\n(?=\w)/);
      for (const part of parts) {
        expect(sources.some((source) => source.includes(part)) || part).toBe(true);
      }
    }
  });

  test("has all modules of the article", () => {
    const modules = Object.keys(articleFiles("modules")).map((path) =>
      path.split("/").slice(1, -1).join("/"),
    );
    for (const module of new Set(modules)) expect(PAGE.text).toContain(`\`${module}\``);
  });

  test("shows TypeScript that compiles", () => {
    const file = join(PROJECT, "examples", "page", "main.ts");
    const { config } = ts.readConfigFile(join(PROJECT, "tsconfig.json"), (path) => ts.sys.readFile(path)) as {
      config: { compilerOptions: Record<string, unknown> };
    };
    const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, PROJECT);
    const host = ts.createCompilerHost({ ...options, noEmit: true });
    const getSourceFile = host.getSourceFile.bind(host);
    host.getSourceFile = (name, version, ...rest) =>
      name === file ? ts.createSourceFile(name, PROGRAM, version) : getSourceFile(name, version, ...rest);
    const program = ts.createProgram([file], { ...options, noEmit: true }, host);
    const wrong = ts.getPreEmitDiagnostics(program, program.getSourceFile(file));
    expect(wrong.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"))).toEqual([]);
  });
});

describe("the TypeScript of the page that leads from the article's HCL", () => {
  let bench: Bench;
  let checkout: Checkout;
  let environment: NodeJS.ProcessEnv;
  beforeAll(async () => {
    bench = await Bench.start();
    const { vpcId, subnetIds } = await createNetwork(bench.emulator);
    environment = {
      ...bench.environment,
      TF_VAR_vpc_id: vpcId,
      TF_VAR_subnets: JSON.stringify(subnetIds),
      TF_VAR_security_groups: JSON.stringify([await createSecurityGroup(bench.emulator, vpcId)]),
    };
    checkout = Checkout.with({ "project/examples/page/main.ts": PROGRAM }, environment);
    await checkout.succeed("node --import tsx examples/page/main.ts");
  });
  afterAll(async () => {
    checkout.dispose();
    await bench.dispose();
  });

  test("plans a resource for each of the article's", async () => {
    const article = bench.folderWith(articleFiles());
    const page = new TerraformFolder(checkout.path("examples/page/cdktf.out/stacks/page"), environment);
    const count = (types: readonly string[]): Record<string, number> =>
      types.reduce<Record<string, number>>(
        (counts, type) => ({ ...counts, [type]: (counts[type] ?? 0) + 1 }),
        {},
      );
    const theirs = count(
      (await new TerraformFolder(article.path, environment).plan()).resources.map(({ type }) => type),
    );
    const ours = count((await page.plan()).resources.map(({ type }) => type));
    expect(Object.keys(theirs)).toHaveLength(10);
    for (const [type, many] of Object.entries(theirs)) expect(ours[type]).toBeGreaterThanOrEqual(many);
  });

  test("writes the module as four files where the page says", async () => {
    const [command = ""] = PAGE.blocks("shell");
    await checkout.succeed(command);
    const [, folder = ""] = /writes it to `([^`]+)`: ([^.]+\.tf`)/.exec(PAGE.text) ?? [];
    const files = readdirSync(checkout.path(folder));
    for (const file of files) expect(PAGE.below("Without TypeScript")).toContain(`\`${file}\``);
    expect(files).toHaveLength(4);
  });
});
