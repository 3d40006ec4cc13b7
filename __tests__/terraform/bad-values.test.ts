import { TerraformFolder, type Variables } from "../../testing";
import { tradingPlatform } from "./harness";

const GOOD: Variables = {
  vpc_id: "vpc-0a1b2c3d4e5f67890",
  subnets: ["subnet-0a1b2c3d4e5f67890", "subnet-0a1b2c3d4e5f67891"],
};

describe("values that can never work are refused when Terraform plans", () => {
  // the variables alone need no provider, so that every value is refused in a fraction of a second
  let folder: TerraformFolder;
  beforeAll(() => {
    const { variable } = JSON.parse(tradingPlatform().toJson()) as { variable: unknown };
    folder = TerraformFolder.withFiles({ "cdk.tf.json": JSON.stringify({ variable }) });
  });
  afterAll(() => folder.dispose());

  test("good values are planned", async () => {
    expect((await folder.tryPlan(GOOD)).exitCode).toBe(0);
  });

  test.each<[string, Variables, RegExp]>([
    ["no subnet", { subnets: [] }, /subnets must name 1 to 16 subnets\. Give at least one/],
    ["a subnet twice", { subnets: ["subnet-0a1b2c3d", "subnet-0a1b2c3d"] }, /subnets names a subnet twice/],
    [
      "something that is no subnet",
      { subnets: ["vpc-0a1b2c3d"] },
      /subnets must hold ids of subnets: "subnet-"/,
    ],
    [
      "a name instead of a VPC id",
      { vpc_id: "my-vpc" },
      /vpc_id must be the id of a VPC: "vpc-" and 8 or 17/,
    ],
    ["a VPC id of the wrong length", { vpc_id: "vpc-0a1b2c3d4" }, /vpc_id must be the id of a VPC/],
    [
      "five security groups",
      { security_groups: ["1", "2", "3", "4", "5"].map((n) => `sg-0a1b2c3${n}`) },
      /at most 4 different groups/,
    ],
    [
      "a security group by its name",
      { security_groups: ["default"] },
      /security_groups must hold ids of security groups/,
    ],
    [
      "an image tag with a space",
      { stock_service_image_tag: "1 0" },
      /stock_service_image_tag must be an image tag/,
    ],
    [
      "the tag that names another image tomorrow",
      { stock_service_image_tag: "latest" },
      /stock_service_image_tag cannot be latest/,
    ],
    [
      "a negative desired count",
      { stock_service_desired_count: -1 },
      /must be a whole number from 0 to 1000/,
    ],
    [
      "half a task",
      { signal_processing_service_desired_count: 1.5 },
      /must be a whole number from 0 to 1000/,
    ],
    [
      "more tasks than Cloud Map takes",
      { stock_service_desired_count: 1001 },
      /must be a whole number from 0 to 1000/,
    ],
  ])("%s", async (_what, bad, message) => {
    const { exitCode, output } = await folder.tryPlan({ ...GOOD, ...bad });
    expect(exitCode).toBe(1);
    expect(output.replace(/\s*\n[│\s]*/g, " ")).toMatch(message);
  });
});
