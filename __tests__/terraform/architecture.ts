import { createNetwork, type Network } from "../../local/network";
import {
  MOCK_AWS_PROVIDER,
  type SynthesizedStack,
  type TerraformFolder,
  type Variables,
} from "../../testing";
import { Bench } from "./harness";

const NOBODY: Network = { vpcId: "vpc-0a1b2c3d4e5f67890", subnetIds: ["subnet-0a1b2c3d", "subnet-0a1b2c3e"] };

/** Variables of a stack that is put into a network and runs images of others. */
export const inNetwork =
  (...services: string[]) =>
  ({ vpcId, subnetIds }: Network): Variables => ({
    vpc_id: vpcId,
    subnets: subnetIds,
    ...Object.fromEntries(services.map((name) => [`${name}_image`, "public.ecr.aws/nginx/nginx:1.27"])),
  });

/** What must hold for every architecture. */
export function describeArchitecture(
  name: string,
  stackOf: () => SynthesizedStack,
  variablesOf: (network: Network) => Variables,
): void {
  describe(`the stack ${name}`, () => {
    let bench: Bench;
    let folder: TerraformFolder;
    beforeAll(async () => {
      bench = await Bench.start();
      folder = bench.folder(stackOf());
    });
    afterAll(() => bench.dispose());

    test("is valid, and planned by a mock provider", async () => {
      await folder.validate();
      const mocked = bench.folderWith({
        "cdk.tf.json": stackOf().toJson(),
        "plan.tftest.hcl": mockedPlan(variablesOf(NOBODY)),
      });
      expect(await mocked.test()).toContain("1 passed, 0 failed.");
    });

    test("is applied to emulated AWS, planned without changes and destroyed to the last resource", async () => {
      const variables = variablesOf(await createNetwork(bench.emulator));
      await folder.apply(variables);
      expect((await folder.plan(variables)).changes).toEqual({});
      await folder.destroy(variables);
      expect(await folder.resourcesInState()).toEqual([]);
    });
  });
}

function mockedPlan(variables: Variables): string {
  const values = Object.entries(variables).map(([name, value]) => `  ${name} = ${JSON.stringify(value)}`);
  return [MOCK_AWS_PROVIDER, "variables {", ...values, "}", 'run "plan" {', "  command = plan", "}"].join(
    "\n",
  );
}
