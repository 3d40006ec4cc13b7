import { createNetwork, type Network } from "../../local/network";
import { BackendServiceStack } from "../../stacks/backend-service";
import type { BaseStackProps } from "../../stacks/base-stack";
import { SynthesizedStack, type Variables } from "../../testing";
import { Bench, describeWithTerraform } from "./harness";

const NO_BACKEND: BaseStackProps = { backend: { type: "none" } };

/** Every architecture but the main one, which has tests of its own, and the values of its variables. */
const ARCHITECTURES: readonly [string, SynthesizedStack, (network: Network) => Variables][] = [
  [
    "backend-service",
    SynthesizedStack.of((app) => new BackendServiceStack(app, "backend-service", NO_BACKEND)),
    ({ vpcId, subnetIds }) => ({
      vpc_id: vpcId,
      subnets: subnetIds,
      app_image: "public.ecr.aws/nginx/nginx:1.27",
    }),
  ],
];

describeWithTerraform.each(ARCHITECTURES)("the stack %s on emulated AWS", (_name, stack, variablesOf) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await Bench.start();
  });
  afterAll(() => bench.dispose());

  test("is applied, planned without changes and destroyed to the last resource", async () => {
    const folder = bench.folder(stack);
    const variables = variablesOf(await createNetwork(bench.emulator));
    await folder.apply(variables);
    expect((await folder.plan(variables)).changes).toEqual({});
    await folder.destroy(variables);
    expect(await folder.resourcesInState()).toEqual([]);
  });
});
