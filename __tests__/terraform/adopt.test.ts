import { renameSync } from "node:fs";
import { join } from "node:path";
import type { TerraformFolder } from "../../testing";
import { Deployed, DetailedPlan, idsIn } from "./adopting";
import { expandService, quotedIn, tableBelow } from "./article/comparison/document";
import { describeWithTerraform } from "./harness";
import { Page } from "./page";

const PAGE = new Page("adopt.md");
const OLD_REVISIONS = ["signal-processing-service:1", "stock-service:1"].map(
  (revision) => `arn:aws:ecs:us-east-1:123456789012:task-definition/${revision}`,
);
const STACK = ["cdktf.out", "stacks", "trading-platform"];

describeWithTerraform("the article's deployment, adopted as the page says", () => {
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

  describe("with a state of its own", () => {
    const heading = "With a state of its own";
    const [toPlan = "", toApply = ""] = PAGE.blocks("shell", heading);
    let deployed: Deployed;
    let stack: TerraformFolder;
    let printed: string;
    let before: string[];
    let plan: DetailedPlan;

    beforeAll(async () => {
      deployed = await Deployed.start();
      stack = deployed.folder(...STACK);
      before = await idsIn(deployed.article);
    });
    afterAll(() => deployed.dispose());

    test("as a module of the article's root configuration: the plan destroys nothing", async () => {
      const { checkout } = deployed;
      const caller = checkout.path("examples", "hcl-module");
      await checkout.succeed("npm run synth && npm run synth:hcl -- --module");
      await checkout.succeed(`cp ../../../article/terraform.tfstate .`, caller);
      const adopt = `npm run --prefix ../.. adopt -- --from . --module platform=../../hcl.out/modules/trading-platform`;
      await checkout.succeed(
        `terraform init && ${adopt} && terraform init && terraform plan -out=module.tfplan`,
        caller,
      );
      const folder = deployed.folder("examples", "hcl-module");
      const { destroyed, changes } = await DetailedPlan.of(folder, "module.tfplan");
      expect(destroyed).toEqual([]);
      const moved = changes.filter(({ change }) => change.actions.join() === "update");
      expect(moved).toHaveLength(before.length);
      moved.forEach(({ address }) => expect(address).toMatch(/^module\.platform\./));
    });

    test("with the stack of examples/adopt, which keeps all by itself: the plan destroys nothing", async () => {
      const { checkout } = deployed;
      const folder = checkout.path("examples", "adopt", "cdktf.out", "stacks", "trading-platform");
      await checkout.succeed("node --import tsx examples/adopt/main.ts");
      const said = await checkout.succeed(`npm run adopt -- --from ../article --import --to ${folder}`);
      expect(section(said, "Kept as it is")).toHaveLength(documentedKeeps().length);
      expect(said).not.toContain("adopt_override.tf");
      await checkout.succeed("terraform init && terraform plan -out=example.tfplan", folder);
      const planned = await DetailedPlan.of(
        deployed.folder(folder.slice(checkout.path().length)),
        "example.tfplan",
      );
      expect(planned.destroyed).toEqual([]);
      expect(planned.imported).toHaveLength(before.length);
      // it says what the file system is already
      expect(planned.updated.aws_efs_file_system).toEqual(["tags", "tags_all"]);
    });

    test("the plan imports all, destroys nothing and replaces nothing", async () => {
      printed = await deployed.checkout.succeed(toPlan);
      plan = await DetailedPlan.of(stack, "adopt.tfplan");
      expect(plan.destroyed).toEqual([]);
      expect(plan.imported).toHaveLength(before.length);
      const said = /`(\d+) to import` and `(\d+) to destroy`/.exec(PAGE.below(heading))?.slice(1);
      expect(said).toEqual([`${before.length}`, "0"]);
      expect(printed).toContain(`${before.length} to import`);
    });

    test("the plan changes in place what the page lists, and no more", () => {
      const { aws_ecs_service = [], ...others } = documentedUpdates();
      const [, unread = ""] =
        /Beside what is listed below it changes `(\w+)`/.exec(PAGE.below(heading)) ?? [];
      expect(plan.updated).toEqual({ ...others, aws_ecs_service: [...aws_ecs_service, unread].sort() });
    });

    test("everything keeps its id, and a second plan is empty", async () => {
      await deployed.checkout.succeed(toApply);
      expect(await idsIn(stack)).toEqual(expect.arrayContaining(before));
      const second = await stack.plan();
      expect(second.changes).toEqual({});
      expect(second.isEmpty).toBe(true);
    });

    test("the command that it printed empties the old state", async () => {
      const [command] = /terraform state rm [^]*?[^\\]\n/.exec(printed) ?? [];
      expect(command).toBeDefined();
      await deployed.checkout.succeed(command ?? "", deployed.article.path);
      expect(await deployed.article.resourcesInState()).toEqual([]);
    });

    test("a destroy leaves the old revisions of the task definitions, as the page says, and nothing else", async () => {
      await stack.destroy();
      expect(await deployed.remaining()).toEqual(OLD_REVISIONS);
    });
  });
});

/** The lines of a section of what was printed, those that go on with an arrow joined. */
function section(printed: string, title: string): string[] {
  const text = printed.split(/\n(?=\S)/).find((part) => part.startsWith(title)) ?? "";
  return [...text.matchAll(/^ {2}(\S.*(?:\n {4}->.*)?)$/gm)].map(([, line]) => line ?? "");
}

/** By type, the attributes of the page's table; every resource gets tags. */
function documentedUpdates(): Record<string, string[]> {
  const untagged = new Set(["aws_efs_mount_target", "aws_iam_role_policy"]);
  const rows = tableBelow(PAGE.text, "What changes in place").map(([resource, attributes]) => {
    const [type = ""] = quotedIn(resource);
    return [type, [...quotedIn(attributes), ...(untagged.has(type) ? [] : ["tags_all"])].sort()] as const;
  });
  return Object.fromEntries(rows);
}

/** `address attribute` of the page's table. */
function documentedKeeps(): string[] {
  return tableBelow(PAGE.text, "What is kept, against the configuration")
    .map(([resource, attribute]) => `${quotedIn(resource).join()} ${quotedIn(attribute).join()}`)
    .flatMap(expandService)
    .sort();
}
