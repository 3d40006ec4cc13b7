import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { TerraformOutput } from "cdktf";
import { SynthesizedStack } from "../../testing";
import { service, SmallStack, stackOf, testApp, variable } from "../modules/stack-of";

const stack = stackOf((stack) => {
  service(stack, "stock");
  variable(stack, "vpc_id");
  new TerraformOutput(stack, "zone", { value: "z" });
  new TerraformOutput(stack, "area", { value: "a" });
});

describe("a synthesized stack", () => {
  test("lists its addresses sorted, all or of one type", () => {
    expect(stack.addresses()).toEqual([...stack.addresses()].sort());
    expect(stack.addresses("aws_ecs_service")).toEqual(["aws_ecs_service.stock"]);
    expect(stack.addresses("aws_vpc")).toEqual([]);
    expect(stack.addresses().length).toBeGreaterThan(5);
  });

  test("finds resources, variables and outputs", () => {
    expect(stack.resource("aws_ecs_service.stock").name).toBe("stock");
    expect(stack.variable("vpc_id").type).toBe("string");
    expect(stack.output("zone")).toBe("z");
    expect(stack.outputs()).toEqual(["area", "zone"]);
  });

  test("names what there is where something is not found", () => {
    expect(() => stack.resource("aws_ecs_service.stok")).toThrow(
      /no aws_ecs_service.stok; [^]*aws_ecs_service.stock\n/,
    );
    expect(() => stack.resource("nonsense")).toThrow("there is no nonsense");
    expect(() => stack.variable("vpc")).toThrow(/no var.vpc; there are:\n {2}vpc_id/);
    expect(() => stack.output("zon")).toThrow(/no output.zon; [^]*zone/);
  });

  test("reads JSON in an argument, and says so where there is none", () => {
    expect(stack.json("aws_iam_role.stock_task_role", "assume_role_policy")).toHaveProperty("Version");
    expect(() => stack.json("aws_iam_role.stock_task_role", "policy")).toThrow("has no text in policy");
  });

  test("gives out the JSON that Terraform gets", () => {
    expect(JSON.parse(stack.toJson())).toHaveProperty(
      ["resource", "aws_ecs_service", "stock", "name"],
      "stock",
    );
  });
});

describe("making one", () => {
  test("throws what the stack's own validations find, all of it", () => {
    const make = (): SynthesizedStack =>
      stackOf((stack) => {
        stack.node.addValidation({ validate: () => ["first finding", "second finding"] });
      });
    expect(make).toThrow("first finding\n\nsecond finding");
  });

  test("leaves no folder behind, also where it fails", () => {
    const folders = (): string[] =>
      readdirSync(tmpdir()).filter((name) => name.startsWith("synthesized-stack-"));
    const outdirs: string[] = [];
    const make = (isGood: boolean) => () =>
      SynthesizedStack.of((app) => {
        outdirs.push(app.outdir);
        if (!isGood) throw new Error("no");
        return new SmallStack(app);
      });
    make(true)();
    expect(make(false)).toThrow("no");
    expect(outdirs).toHaveLength(2);
    outdirs.forEach((outdir) => expect(folders().some((name) => outdir.endsWith(name))).toBe(false));
  });

  test("may be done with a stack that is there already", () => {
    const there = new SmallStack(testApp());
    service(there, "stock");
    expect(SynthesizedStack.from(there).addresses("aws_ecs_service")).toEqual(["aws_ecs_service.stock"]);
  });
});
