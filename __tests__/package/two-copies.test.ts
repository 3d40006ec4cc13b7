import { App, TerraformStack, type TerraformElement } from "cdktf";
import { Construct } from "constructs";
import { addressCollisions, terraformAddress } from "../../modules";

/** The bindings of a resource as a second copy of `cdktf` makes it. */
function fromAnotherCopy<T>(load: () => T): T {
  let loaded: T | undefined;
  jest.isolateModules(() => (loaded = load()));
  if (loaded === undefined) throw new Error("nothing was loaded");
  return loaded;
}

class AddressedStack extends TerraformStack {
  protected override allocateLogicalId(element: TerraformElement): string {
    return terraformAddress(element);
  }
}

// CDK Terrain's bindings ask for `cdktn`, a project on its aliases for `cdktf`: npm installs the one package twice
describe("with resources of a second copy of cdktf", () => {
  const { EcsCluster } = fromAnotherCopy(() =>
    jest.requireActual<typeof import("@cdktf/provider-aws/lib/ecs-cluster")>(
      "@cdktf/provider-aws/lib/ecs-cluster",
    ),
  );
  const { DataAwsVpc } = fromAnotherCopy(() =>
    jest.requireActual<typeof import("@cdktf/provider-aws/lib/data-aws-vpc")>(
      "@cdktf/provider-aws/lib/data-aws-vpc",
    ),
  );
  const stack = new AddressedStack(new App(), "stack");

  test("an address leaves out what the type says", () => {
    const platform = new Construct(stack, "platform");
    expect(new EcsCluster(platform, "ecs_cluster", { name: "main" }).friendlyUniqueId).toBe("platform");
    expect(new DataAwsVpc(platform, "vpc", { id: "vpc-1" }).friendlyUniqueId).toBe("platform");
  });

  test("two of one address are found, a data source and a resource are not two", () => {
    new EcsCluster(stack, "shared", { name: "a" });
    new EcsCluster(stack, "Shared", { name: "b" });
    expect(addressCollisions(stack)).toEqual([expect.stringContaining("aws_ecs_cluster.shared")]);
  });
});
