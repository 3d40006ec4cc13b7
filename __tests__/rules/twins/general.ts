import { tmpdir } from "node:os";
import { App, TerraformStack, Token } from "cdktf";
import { checkLiteral } from "../../../modules/core/framework/check";
import { acknowledge } from "../../../modules/core/framework/warnings";
import { Ecr } from "../../../modules/core/storage/ecr";
import { EcsCluster } from "../../../modules/core/compute/ecs-cluster";
import { general } from "../../../modules/rules";
import type { IConnectable } from "../../../modules/services/calls/endpoint";
import { CloudMapDns } from "../../../modules/services/discovery/cloud-map-dns";
import type { IDiscovery } from "../../../modules/services/discovery/discovery";
import type { EcsService } from "../../../modules/services/ecs-service/ecs-service";
import type { ContainerProps } from "../../../modules/services/task/container";
import { service, SmallStack, variable, web } from "../../modules/stack-of";
import { twin, type Twin } from "./twin";

/** A stack in the stack, so that its findings are among those of the one that is looked at. */
const inner = (stack: SmallStack, id: string, tags: Record<string, string> = {}): SmallStack =>
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
const dns = (namespaceId: string): IDiscovery => new CloudMapDns({ namespaceId });
/** A service in a stack of its own that calls one in another, and a second call between them. */
const callInCircle = (
  stack: SmallStack,
  call: (services: { one: EcsService; other: EcsService }) => void,
): void => {
  const [one, other] = ["one", "other"].map((id) => service(inner(stack, id), `${id}-service`));
  if (one === undefined || other === undefined) return;
  one.connectTo(other, { environment: "FIRST_URL" });
  call({ one, other });
};
const contained = (stack: SmallStack, container: Partial<ContainerProps>): unknown =>
  service(stack, "stock", { containers: [web(container)] });
/** What a program without type checks gives. */
const untyped = (value: unknown): string => value as string;
const environment = (stack: SmallStack, given: unknown): unknown =>
  contained(stack, { environment: { MODE: untyped(given) } });
const command = (stack: SmallStack, given: unknown): unknown =>
  contained(stack, { command: given as readonly string[] });

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
  twin(general.given, (stack, repositoryName) => new Ecr(stack, "ecr", { repositoryName }), {
    bad: untyped(undefined),
    good: "stock",
  }),
  twin(general.given, (stack, namespaceId) => service(stack, "stock", { discovery: dns(namespaceId) }), {
    bad: untyped(undefined),
    good: "ns-0123456789abcdef",
  }),
  {
    rule: general.given,
    title: "callee",
    bad: (stack) => service(stack, "signal").connectTo(undefined as unknown as IConnectable),
    good: (stack) => service(stack, "signal").connectTo(service(stack, "stock")),
  },
  twin(general.oneStackId, (stack, id) => inner(stack, id), { bad: "small", good: "smaller" }),
  {
    rule: general.stackCircle,
    bad: (stack) => callInCircle(stack, ({ one, other }) => other.connectTo(one)),
    good: (stack) => callInCircle(stack, ({ one, other }) => one.connectTo(other)),
  },
  twin(general.text, environment, { bad: undefined, good: "undefined" }),
  twin(general.text, environment, { bad: null, good: "" }),
  twin(general.text, command, { bad: ["node", undefined], good: ["node"] }),
  twin(general.text, (stack, given) => contained(stack, { healthCheck: { command: ["CMD", given] } }), {
    bad: untyped(null),
    good: "null",
  }),
  twin(general.text, (stack, given) => service(stack, "stock").taskDefinition.addEnvironment("URL", given), {
    bad: untyped(undefined),
    good: "",
  }),
  twin(general.text, value, { bad: untyped(undefined), good: "" }),
  twin(general.words, command, { bad: "node server.js", good: ["node server.js"] }),
  {
    rule: general.knownEntries,
    title: "list",
    bad: (stack) => command(stack, variable(stack, "words", "list(string)").listValue),
    good: (stack) => command(stack, [variable(stack, "words").stringValue]),
  },
  {
    rule: general.knownEntries,
    title: "map",
    bad: (stack) =>
      contained(stack, { environment: Token.asStringMap(variable(stack, "all", "map(string)").value) }),
    good: (stack) => environment(stack, variable(stack, "all").stringValue),
  },
  {
    rule: general.knownEntries,
    title: "list of blocks",
    bad: (stack) =>
      service(stack, "stock", { httpsEgressCidrBlocks: variable(stack, "cidrs", "list(string)").listValue }),
    good: (stack) =>
      service(stack, "stock", { httpsEgressCidrBlocks: [variable(stack, "cidr").stringValue] }),
  },
  {
    rule: general.arithmetic,
    bad: (stack) => environment(stack, variable(stack, "port", "number").numberValue * 2),
    good: (stack) => environment(stack, variable(stack, "port", "number").numberValue),
  },
  {
    rule: general.arithmetic,
    title: "number",
    bad: (stack) => service(stack, "stock", { desiredCount: variable(stack, "n", "number").numberValue * 2 }),
    good: (stack) => service(stack, "stock", { desiredCount: variable(stack, "n", "number").numberValue }),
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
