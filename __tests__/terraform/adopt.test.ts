import { renameSync } from "node:fs";
import { join } from "node:path";
import type { TerraformFolder } from "../../testing";
import { documentedKeeps, documentedUpdates, OLD_REVISIONS, PAGE, section, STACK } from "./adopt-page";
import { Deployed, DetailedPlan, idsIn } from "./adopting";

describe("the article's deployment, adopted as the page says", () => {
  describe("with the state that is there", () => {
    const [toPlan = "", toApply = ""] = PAGE.blocks("shell", "With the state that is there");
    let deployed: Deployed;
    let stack: TerraformFolder;
    let printed: string;
    let before: string[];
    let plan: DetailedPlan;

    beforeAll(async () => {
      deployed = await Deployed.start();
      stack = deployed.folder(...STACK);
      before = await idsIn(deployed.article);
      printed = await deployed.checkout.succeed(toPlan);
      plan = await DetailedPlan.of(stack, "adopt.tfplan");
    });
    afterAll(() => deployed.dispose());

    test("the plan destroys nothing and replaces nothing", () => {
      expect(plan.destroyed).toEqual([]);
      expect(plan.with("forget").map((address) => address.split(".").at(-2))).toEqual([
        "aws_ecs_task_definition",
        "aws_ecs_task_definition",
      ]);
      expect(plan.imported).toEqual([]);
    });

    test("the plan makes anew what was said to be made anew", () => {
      expect(plan.with("create")).toEqual(section(printed, "Made anew").sort());
    });

    test("the plan changes in place what the page lists, and no more", () => {
      expect(plan.updated).toEqual(documentedUpdates());
    });

    test("without adopt_override.tf Terraform would replace what the page says is kept, and nothing else", async () => {
      const override = join(stack.path, "adopt_override.tf");
      renameSync(override, `${override}.away`);
      await deployed.checkout.succeed("terraform plan -out=without.tfplan", stack.path);
      renameSync(`${override}.away`, override);
      const { replacedFor } = await DetailedPlan.of(stack, "without.tfplan");
      expect(replacedFor).toEqual(documentedKeeps());
    });

    test("what it writes is formatted as terraform fmt wants it", async () => {
      expect(await deployed.checkout.succeed("terraform fmt -check -recursive", stack.path)).toBe("");
    });

    test("the variables that were said to keep what is there are those of the deployment", () => {
      const variables = section(printed, "Variables that keep what is there");
      const sorted = (text: string): string => JSON.stringify(text.match(/[\w-]+/g)?.sort());
      const given = ["vpc_id", "subnets", "security_groups"];
      expect(variables.map(sorted)).toEqual(
        expect.arrayContaining(given.map((name) => sorted(`${name} = ${deployed.variable(name)}`))),
      );
      expect(variables).toContain("stock_service_desired_count = 1");
    });

    test("everything keeps its id, and a second plan is empty", async () => {
      await deployed.checkout.succeed(toApply);
      expect(await idsIn(stack)).toEqual(expect.arrayContaining(before));
      const second = await stack.plan();
      expect(second.changes).toEqual({});
      expect(second.isEmpty).toBe(true);
    });

    test("the way back destroys nothing and replaces nothing", async () => {
      const [back = ""] = PAGE.blocks("shell", "Going back");
      await deployed.checkout.succeed(back);
      const { destroyed, changes } = await DetailedPlan.of(deployed.article, "back.tfplan");
      expect(destroyed).toEqual([]);
      expect(changes.length).toBeGreaterThan(0);
    });

    test("the way out to HCL plans no change", async () => {
      const [leave = ""] = PAGE.blocks("shell", "Leaving again");
      const { exitCode, output, errors } = await deployed.checkout.run(leave);
      expect(`${output}${errors}`).toContain("No changes.");
      expect(exitCode).toBe(0);
    });

    test("a destroy leaves the old revisions of the task definitions, as the page says, and nothing else", async () => {
      expect((await deployed.remaining()).length).toBeGreaterThan(before.length);
      await stack.destroy();
      expect(await deployed.remaining()).toEqual(OLD_REVISIONS);
    });
  });
});
