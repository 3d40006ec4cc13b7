import { Ec2Capacity } from "../../../../modules/core/compute/ec2-capacity";
import { groundIn } from "../../ec2";
import { refusalOf, stackOf, variable } from "../../stack-of";

const imageOf = (instanceType: string): unknown =>
  stackOf((stack) => void groundIn(stack, { instanceType })).resource("aws_launch_template.instances")
    .image_id;
const X86 = "resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id";
const ARM = "resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id";

test.each([
  "t4g.small",
  "m7g.large",
  "c6gn.xlarge",
  "r8gd.metal-24xl",
  "im4gn.large",
  "is4gen.xlarge",
  "a1.large",
])("%s has a Graviton processor, and its instances start with the image for ARM64", (instanceType) =>
  expect(imageOf(instanceType)).toBe(ARM),
);
// the g of the first three is their family's, and stands before the generation
test.each([
  "g4dn.xlarge",
  "g6.xlarge",
  "gr6.4xlarge",
  "t3.small",
  "m7i-flex.large",
  "u-6tb1.metal",
  "c5n.large",
])("%s has none, and its instances start with the image for X86_64", (instanceType) =>
  expect(imageOf(instanceType)).toBe(X86),
);
test("g5g.xlarge has both a GPU and a Graviton processor", () => expect(imageOf("g5g.xlarge")).toBe(ARM));

test.each(["t3", "T3.small", "t3.", ".small", "t3 small", ""])("%j is no instance type", (instanceType) => {
  expect(refusalOf((stack) => void groundIn(stack, { instanceType }))).toContain(
    `small/instances: instanceType is ${JSON.stringify(instanceType)}`,
  );
});

test("what is said about the architecture must be so", () => {
  const refused = refusalOf((stack) => void groundIn(stack, { cpuArchitecture: "ARM64" }));
  expect(refused).toContain('small/instances: cpuArchitecture is "ARM64"');
  expect(refused).toContain("X86_64, which instances of the type t3.small have");
  stackOf((stack) => void groundIn(stack, { instanceType: "t4g.small", cpuArchitecture: "ARM64" }));
});

test("must be said where only Terraform knows the instance type", () => {
  const make = (cpuArchitecture?: "ARM64") => (stack: Parameters<Parameters<typeof stackOf>[0]>[0]) => {
    const instanceType = variable(stack, "instance_type").stringValue;
    const { instances } = groundIn(stack, { instanceType, cpuArchitecture });
    expect(instances).toBeInstanceOf(Ec2Capacity);
  };
  expect(refusalOf(make())).toContain("small/instances: cpuArchitecture is not given");
  expect(stackOf(make("ARM64")).resource("aws_launch_template.instances")).toMatchObject({
    image_id: ARM,
    instance_type: "${var.instance_type}",
  });
});
