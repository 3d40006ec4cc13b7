import { TerraformStack } from "cdktf";
import { createNetwork, type Network } from "../../local/network";
import { STACKS, type StackConfiguration } from "../../stacks";
import { SynthesizedStack, type TerraformFolder, type Variables } from "../../testing";
import { testApp } from "../modules/stack-of";
import { inNetwork } from "./architecture";
import { Bench, tradingPlatform } from "./harness";

const TAGS = { CostCenter: "4711" };

describe("two environments of the trading platform in one account and region", () => {
  let bench: Bench;
  const folders: Record<string, TerraformFolder> = {};
  const variables: Record<string, Variables> = {};
  const applied: Record<string, Promise<void>> = {};
  const environments = ["staging", "production"];

  beforeAll(async () => {
    bench = await Bench.start();
    for (const environment of environments) {
      folders[environment] = bench.folder(tradingPlatform({ prefix: "acme", environment, tags: TAGS }));
      const { vpcId, subnetIds } = await createNetwork(bench.emulator);
      variables[environment] = { vpc_id: vpcId, subnets: subnetIds };
    }
    for (const environment of environments)
      applied[environment] = folder(environment).apply(variables[environment]);
    await Promise.allSettled(Object.values(applied));
  });
  afterAll(() => bench.dispose());

  const folder = (environment: string): TerraformFolder => {
    const found = folders[environment];
    if (found === undefined) throw new Error(`there is no folder for ${environment}`);
    return found;
  };

  test.each(environments)("%s is applied", async (environment) => {
    await applied[environment];
    expect(await folder(environment).outputs()).toMatchObject({
      ecs_cluster_name: `acme-${environment}-trading-platform`,
      namespace_name: "trading-platform.local",
      stock_service_repository_url: expect.stringMatching(`/acme-${environment}/stock-service$`) as string,
    });
  });

  test.each(environments)("%s plans no change beside the other one", async (environment) => {
    expect((await folder(environment).plan(variables[environment])).changes).toEqual({});
  });

  test("a third one is planned with the images of staging", async () => {
    const third = bench.folder(
      tradingPlatform({ prefix: "acme", environment: "canary", repositoriesOf: "staging" }),
    );
    const { resources } = await third.plan(variables.production);
    const task = resources.find(({ address }) => address === "aws_ecs_task_definition.stock_service");
    expect(task?.values?.container_definitions).toContain("/acme-staging/stock-service:1.0.0");
    expect(resources.map(({ type }) => type)).not.toContain("aws_ecr_repository");
  });

  test("one whose images are to come from where there are none is not planned", async () => {
    const lost = bench.folder(
      tradingPlatform({ prefix: "acme", environment: "canary", repositoriesOf: "nowhere" }),
    );
    const { exitCode, output } = await lost.tryPlan(variables.production);
    expect(exitCode).toBe(1);
    expect(output).toContain("acme-nowhere/stock-service");
  });

  test("staging is destroyed, and production is as it was", async () => {
    await folder("staging").destroy(variables.staging);
    expect(await folder("staging").resourcesInState()).toEqual([]);
    expect((await folder("production").plan(variables.production)).changes).toEqual({});
  });

  test("production is destroyed", async () => {
    await folder("production").destroy(variables.production);
    expect(await folder("production").resourcesInState()).toEqual([]);
  });
});

describe("tags of an environment", () => {
  let bench: Bench;
  let network: Network;
  beforeAll(async () => {
    bench = await Bench.start();
    network = await createNetwork(bench.emulator);
  });
  afterAll(() => bench.dispose());

  const VARIABLES: Readonly<Record<string, (network: Network) => Variables>> = {
    "trading-platform": inNetwork(),
    "backend-service": inNetwork("app"),
    "hello-name": () => ({}),
    "products-payments": inNetwork("products", "payments"),
    "internal-api": inNetwork("service_a"),
  };

  const synthesized = async (name: string): Promise<SynthesizedStack> => {
    const app = testApp();
    const props: StackConfiguration = { environment: "staging", tags: TAGS, backend: { type: "none" } };
    // with everything in it that can be switched on
    await STACKS[name]?.(app, { ...props, observability: "with-dns-queries" });
    return SynthesizedStack.from(TerraformStack.of(app.node.findChild(name)));
  };

  test.each(Object.keys(STACKS))("are planned for everything in %s that has tags", async (name) => {
    const stack = await synthesized(name);
    const { resources } = await bench.folder(stack).plan(VARIABLES[name]?.(network));
    const tagged = resources.filter(({ values }) => values !== undefined && "tags_all" in values);
    expect(tagged.length).toBeGreaterThan(8);
    for (const { address, values } of tagged) {
      expect([address, values?.tags_all]).toEqual([
        address,
        expect.objectContaining({
          Stack: name,
          ManagedBy: "terraform",
          Environment: "staging",
          CostCenter: "4711",
        }),
      ]);
    }
  });

  test("are planned for groups of instances, their instances, volumes and interfaces", async () => {
    const stack = await synthesized("internal-api");
    const { resources } = await bench.folder(stack).plan(VARIABLES["internal-api"]?.(network));
    const valuesOf = (type: string): unknown => resources.find((found) => found.type === type)?.values;
    const specification = (resource_type: string): unknown => ({
      resource_type,
      tags: {
        Stack: "internal-api",
        ManagedBy: "terraform",
        Environment: "staging",
        CostCenter: "4711",
        Name: "staging-internal-api-instances",
      },
    });
    expect(valuesOf("aws_launch_template")).toMatchObject({
      tag_specifications: ["instance", "volume", "network-interface"].map(specification),
    });
    expect(valuesOf("aws_autoscaling_group")).toMatchObject({
      tag: expect.arrayContaining([
        { key: "Environment", value: "staging", propagate_at_launch: false },
        { key: "CostCenter", value: "4711", propagate_at_launch: false },
      ]) as unknown,
    });
  });
});
