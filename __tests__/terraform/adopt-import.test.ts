import type { TerraformFolder } from "../../testing";
import { documentedKeeps, documentedUpdates, OLD_REVISIONS, PAGE, section, STACK } from "./adopt-page";
import { Deployed, DetailedPlan, idsIn } from "./adopting";

describe("the article's deployment, adopted as the page says", () => {
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
