import { tmpdir } from "node:os";
import { App, TerraformStack } from "cdktf";
import { checkLiteral } from "../../../modules/core/framework/check";
import { acknowledge } from "../../../modules/core/framework/warnings";
import { Ecr } from "../../../modules/core/storage/ecr";
import { EcsCluster } from "../../../modules/core/compute/ecs-cluster";
import { general } from "../../../modules/rules";
import { SmallStack, variable } from "../../modules/stack-of";
import { twin, type Twin } from "./twin";

/** A stack in the stack, so that its findings are among those of the one that is looked at. */
const inner = (stack: SmallStack, id: string, tags: Record<string, string> = {}): unknown =>
  new SmallStack(stack as unknown as App, id, { backend: { type: "none" }, tags });
const tagged = (stack: SmallStack, tags: Record<string, string>): unknown => inner(stack, "tagged", tags);
const many = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`Tag${index}`, ""]));
const key = (stack: SmallStack, name: string): unknown => tagged(stack, { [name]: "x" });
const value = (stack: SmallStack, text: string): unknown => tagged(stack, { CostCenter: text });
const cluster = (stack: SmallStack, clusterName: string): unknown =>
  new EcsCluster(stack, "cluster", { clusterName });

/** An app that is an instance of classes which jsii has compiled, from the base to the last: `cdktn.App`, `acme.App`. */
function appOf(...libraries: readonly string[]): App {
  const type = libraries.reduce<typeof App>((base, library) => {
    class AppOfLibrary extends base {}
    Object.defineProperty(AppOfLibrary, Symbol.for("jsii.rtti"), { value: { fqn: `${library}.App` } });
    return AppOfLibrary;
  }, App);
  return new type({ outdir: tmpdir() });
}

const ecrIn = (app: App): unknown =>
  new Ecr(new TerraformStack(app, "small"), "ecr", { repositoryName: "stock" });

export const GENERAL_TWINS: readonly Twin[] = [
  twin(general.acknowledged, (stack, id) => acknowledge(stack, id), {
    bad: "cloud-map-ttl",
    good: "cloud-map-ttl-unwise",
  }),
  {
    rule: general.literal,
    bad: (stack) => checkLiteral(stack, "name", variable(stack, "name").stringValue),
    good: (stack) => checkLiteral(stack, "name", "stock"),
  },
  {
    rule: general.literal,
    title: "number",
    bad: (stack) => checkLiteral(stack, "port", variable(stack, "port", "number").numberValue),
    good: (stack) => checkLiteral(stack, "port", 80),
  },
  {
    rule: general.library,
    title: "stack",
    bad: () => new SmallStack(appOf("cdktn")),
    good: () => new SmallStack(appOf("cdktf")),
  },
  {
    rule: general.library,
    title: "module in a stack of one's own, in an app of one's own class",
    bad: () => ecrIn(appOf("cdktn", "acme")),
    good: () => ecrIn(appOf("cdktf", "acme")),
  },
  twin(general.tagCount, tagged, { bad: many(48), good: many(47) }),
  twin(general.tagKey, key, { bad: "aws:team", good: "aws-team" }),
  twin(general.tagKey, key, { bad: "AWS:team", good: "AWS" }),
  twin(general.tagKey, key, { bad: "team (all)", good: "team - größe" }),
  twin(general.tagKey, key, { bad: "", good: "k" }),
  twin(general.tagKey, key, { bad: "k".repeat(129), good: "k".repeat(128) }),
  twin(general.tagValue, value, { bad: "a,b", good: "a:b" }),
  twin(general.tagValue, value, { bad: "v".repeat(257), good: "v".repeat(256) }),
  twin(general.tagKeyCase, key, { bad: "stack", good: "stacks" }),
  twin(general.stackId, (stack, id) => inner(stack, id), { bad: "größe", good: "groesse" }),
  twin(general.stackId, (stack, id) => inner(stack, id), { bad: "i".repeat(129), good: "i".repeat(128) }),
  twin(
    general.address,
    (stack, id) => {
      new Ecr(stack, "stock-service", { repositoryName: "one" });
      new Ecr(stack, id, { repositoryName: "two" });
    },
    { bad: "StockService", good: "StockServices" },
  ),
  twin(general.ecsName, cluster, { bad: "platform.v2", good: "platform-v2" }),
  twin(general.ecsName, cluster, { bad: "", good: "p" }),
  twin(general.ecsName, cluster, { bad: "p".repeat(256), good: "p".repeat(255) }),
];
