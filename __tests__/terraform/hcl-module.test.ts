import { createNetwork, type Network } from "../../local/network";
import { TerraformFolder } from "../../testing";
import { Checkout } from "./checkout";
import { Bench, tradingPlatform } from "./harness";

const MODULE = ["hcl.out", "modules", "trading-platform"];

/** What only a module without a configuration of providers of its own may be called with. */
const CALLED_WITH = `module "platform" {
  source     = "../../hcl.out/modules/trading-platform"
  for_each   = { a = "vpc-0a1b2c3d4e5f67890" }
  depends_on = [terraform_data.first]
  vpc_id     = each.value
  subnets    = ["subnet-0a1b2c3d4e5f67890"]
}

resource "terraform_data" "first" {}
`;

describe("the trading platform as an HCL module", () => {
  let bench: Bench;
  let checkout: Checkout;
  let caller: TerraformFolder;
  let network: Network;

  beforeAll(async () => {
    bench = await Bench.start();
    network = await createNetwork(bench.emulator);
    const environment = {
      ...bench.environment,
      TF_VAR_vpc_id: network.vpcId,
      TF_VAR_subnets: JSON.stringify(network.subnetIds),
    };
    checkout = Checkout.with({ "project/callers/each/main.tf": CALLED_WITH }, environment);
    await checkout.succeed("npm run synth:hcl -- --module");
    caller = new TerraformFolder(checkout.path("examples", "hcl-module"), environment);
  });
  afterAll(async () => {
    checkout.dispose();
    await bench.dispose();
  });

  test("is formatted as terraform fmt wants it, and so is the example that calls it", async () => {
    expect(await checkout.succeed("terraform fmt -check -recursive hcl.out examples/hcl-module")).toBe("");
  });

  test("is valid by itself", async () => {
    await new TerraformFolder(checkout.path(...MODULE), bench.environment).validate();
  });

  test("can be called with for_each and depends_on", async () => {
    await new TerraformFolder(checkout.path("callers", "each"), bench.environment).validate();
  });

  test("plans the resources of the stack, all of them in the module", async () => {
    const { changes } = await caller.plan();
    const own = await bench
      .folder(tradingPlatform())
      .plan({ vpc_id: network.vpcId, subnets: network.subnetIds });
    expect(Object.keys(changes).sort()).toEqual(
      Object.keys(own.changes)
        .map((address) => `module.platform.${address}`)
        .sort(),
    );
  });

  test("is applied by the example, which gives out its outputs, and a second plan is empty", async () => {
    await caller.apply();
    expect(await caller.outputs()).toEqual({
      stock_service_url: "http://stock-service.trading-platform.local",
      stock_service_repository_url: expect.stringMatching(/\/stock-service$/) as string,
    });
    const plan = await caller.plan();
    expect(plan.isEmpty).toBe(true);
    const service = plan.resources.find(
      ({ address }) => address === "module.platform.aws_ecs_service.stock_service",
    );
    // a variable and a tag of the caller's
    expect(service?.values).toMatchObject({ desired_count: 2, tags_all: { Stack: "trading-platform" } });
  });

  test("is destroyed", async () => {
    await caller.destroy();
    expect(await caller.resourcesInState()).toEqual([]);
  });
});
