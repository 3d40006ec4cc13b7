import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createNetwork, createSecurityGroup } from "../../local/network";
import type { SynthesizedStack, TerraformFolder, Variables } from "../../testing";
import { compare, jsonIn, settingOfJson, type Comparison } from "./article/comparison/compare";
import {
  Argument,
  ConfiguredPlan,
  type Block,
  type ConfiguredResource,
  isList,
  type Setting,
} from "./article/comparison/configured-plan";
import { expandService, quotedIn, tableBelow, withoutServiceName } from "./article/comparison/document";
import { withNumberedVolumes } from "./article/comparison/volume-names";
import { articleFiles } from "./article/files";
import { Bench, tradingPlatform } from "./harness";

const DOCUMENT = join(__dirname, "..", "..", "docs", "differences-from-the-article.md");
/** Stands before the name of an ARN where the provider accepts nothing but an ARN. */
const ARN_PREFIX = "arn:aws:iam::123456789012:role/";

/** The article's resources and which of ours is for the same thing. */
const COUNTERPARTS: Readonly<Record<string, string>> = {
  "aws_ecs_cluster.ecs_cluster": "aws_ecs_cluster.ecs_cluster",
  "module.dns_namespace.aws_service_discovery_private_dns_namespace.dns_namespace":
    "aws_service_discovery_private_dns_namespace.dns_namespace",
  "module.efs.aws_efs_file_system.efs": "aws_efs_file_system.efs",
  "module.efs.aws_efs_mount_target.mount_target": "aws_efs_mount_target.efs",
  "module.iam.aws_iam_role.ecs_task_execution_role": "aws_iam_role.ecs_task_execution_role",
  "module.iam.aws_iam_role_policy.ecs_task_execution_role": "aws_iam_role_policy.ecs_task_execution_role",
  ...serviceCounterparts("stock_data", "stock_service"),
  ...serviceCounterparts("signal_processing", "signal_processing_service"),
};

function serviceCounterparts(module: string, name: string): Record<string, string> {
  const service = `module.${module}_service_ecs`;
  return {
    [`module.${module}_ecr.aws_ecr_repository.repository`]: `aws_ecr_repository.${name}`,
    [`${service}.aws_ecs_service.${name}`]: `aws_ecs_service.${name}`,
    [`${service}.aws_ecs_task_definition.task_definition`]: `aws_ecs_task_definition.${name}`,
    [`${service}.module.${module}_service_discovery.aws_service_discovery_service.service_discovery`]: `aws_service_discovery_service.${name}`,
  };
}

describe("the trading platform beside the article's own HCL", () => {
  let bench: Bench;
  let stack: SynthesizedStack;
  let article: readonly ConfiguredResource[];
  let ours: ReadonlyMap<string, ConfiguredResource>;
  let comparisons: ReadonlyMap<string, Comparison>;
  const document = readFileSync(DOCUMENT, "utf8");

  beforeAll(async () => {
    bench = await Bench.start();
    stack = tradingPlatform();
    const { vpcId, subnetIds } = await createNetwork(bench.emulator, 2);
    const securityGroup = await createSecurityGroup(bench.emulator, vpcId);
    const variables = { vpc_id: vpcId, subnets: subnetIds, security_groups: [securityGroup] };

    const articlePlan = await configuredPlan(bench.folderWith(articleFiles()), variables);
    const ourPlan = await configuredPlan(bench.folder(stack), variables);
    const documentsPlan = await configuredPlan(
      bench.folderWith({
        ...articleFiles("modules"),
        "main.tf.json": callsWithOurNames(articlePlan, variables),
      }),
    );
    article = articlePlan.resources;
    ours = byAddress(ourPlan.resources);
    const documents = byAddress(documentsPlan.resources);
    comparisons = new Map([
      ["provider", compare(articlePlan.provider, ourPlan.provider)],
      ...article.flatMap((resource): [string, Comparison][] => {
        const own = ours.get(COUNTERPARTS[resource.address] ?? "");
        return own
          ? [[own.address, compareResources(resource, own, stack, documents.get(resource.address))]]
          : [];
      }),
    ]);
  });
  afterAll(() => bench.dispose());

  test("is compared resource by resource: each of the article's has one of ours", () => {
    expect(article.map(({ address }) => address).sort()).toEqual(Object.keys(COUNTERPARTS).sort());
    expect(new Set(Object.values(COUNTERPARTS)).size).toBe(Object.keys(COUNTERPARTS).length);
  });

  test.each(Object.entries(COUNTERPARTS))("has %s, with all its arguments", (address, counterpart) => {
    const theirs = article.find((resource) => resource.address === address);
    const own = ours.get(counterpart);
    expect(own?.type).toBe(theirs?.type);
    expect(Object.keys(own?.instances ?? {}).sort()).toEqual(Object.keys(theirs?.instances ?? {}).sort());
    expect(Object.keys(theirs?.instances ?? {})).not.toEqual([]);
    expect(comparisons.get(counterpart)?.missing).toEqual([]);
  });

  test("adds the resources that the document lists, and no others", () => {
    const counterparts = new Set(Object.values(COUNTERPARTS));
    const added = [...ours.keys()].filter((address) => !counterparts.has(address));
    const documented = tableBelow(document, "Added resources").flatMap(([cell]) =>
      quotedIn(cell).flatMap(expandService),
    );
    expect(documented.sort()).toEqual(added.sort());
  });

  test("adds the arguments that the document lists, and no others", () => {
    const added = [...comparisons].flatMap(([address, comparison]) =>
      comparison.added.map(({ argument, value }) =>
        line(address, argument, withoutServiceName(value, address)),
      ),
    );
    const documented = tableBelow(document, "Added arguments").flatMap(([resource, argument, values]) =>
      quotedIn(resource)
        .flatMap((name) => resourcesNamed(name, [...comparisons.keys()]))
        .flatMap((address) =>
          quotedIn(values).map((value) => line(address, quotedIn(argument).join(), value)),
        ),
    );
    expect(documented.sort()).toEqual([...new Set(added)].sort());
  });

  test.each(["Added resources", "Added arguments"])(
    "gives a reason and its source for all: %s",
    (heading) => {
      for (const row of tableBelow(document, heading)) {
        const [source = "", reason = ""] = row.slice(-2).reverse();
        expect(reason).toMatch(/\w+ \w+/);
        expect(source).toMatch(/\]\(https:\/\/(docs\.aws\.amazon\.com|registry\.terraform\.io)\/\S+\)$/);
      }
    },
  );

  test("tells where to find each module of the article", () => {
    const modules = new Set(
      Object.keys(articleFiles("modules")).map((path) => path.split("/").slice(1, -1).join("/")),
    );
    const rows = tableBelow(document, "Where the article's modules are");
    expect(rows.map(([cell]) => quotedIn(cell).join()).sort()).toEqual(
      [...modules, "aws_ecs_cluster"].sort(),
    );
    for (const [, ours = ""] of rows) {
      const link = /\]\(([^)]+)\)/.exec(ours)?.[1] ?? "";
      expect(readFileSync(join(DOCUMENT, "..", link), "utf8")).toContain(`class ${quotedIn(ours).join()} `);
    }
  });
});

async function configuredPlan(folder: TerraformFolder, variables: Variables = {}): Promise<ConfiguredPlan> {
  await folder.plan(variables);
  return new ConfiguredPlan((await folder.run(["show", "-json", "test.tfplan"], "stdout")).output);
}

/**
 * Calls of the article's modules with the text `${aws_ecr_repository.stock_service.repository_url}` where it passes
 * what is known only after an apply. So the JSON texts that it makes of its inputs are known in a plan, in the words
 * that ours are configured in.
 */
function callsWithOurNames(plan: ConfiguredPlan, variables: Variables): string {
  const valueOf = ({ text, references }: Argument): unknown => {
    if (references.length === 0) return text;
    const values = references.map((name): unknown =>
      name.startsWith("var.") ? variables[name.slice(4)] : `${arnPrefix(name)}$\${${translate(name)}}`,
    );
    return values.length === 1 ? values[0] : values;
  };
  const calls = Object.entries(plan.moduleCalls).map(([name, { source, inputs }]) => {
    const values = Object.entries(inputs).map(([input, argument]) => [input, valueOf(argument)]);
    return [name, { source, ...(Object.fromEntries(values) as Record<string, unknown>) }];
  });
  return JSON.stringify({ module: Object.fromEntries(calls) as unknown });
}

function arnPrefix(reference: string): string {
  return reference.endsWith(".arn") ? ARN_PREFIX : "";
}

/** A reference to one of the article's resources as one to its counterpart. */
function translate(reference: string): string {
  const [theirs, own] =
    Object.entries(COUNTERPARTS).find(([address]) => `${reference}.`.startsWith(`${address}.`)) ?? [];
  return theirs === undefined || own === undefined ? reference : own + reference.slice(theirs.length);
}

function compareResources(
  theirs: ConfiguredResource,
  own: ConfiguredResource,
  stack: SynthesizedStack,
  documents: ConfiguredResource | undefined,
): Comparison {
  const result: Comparison = { missing: [], added: [] };
  // the plan does not tell the lifecycle
  const lifecycle = stack.resource(own.address).lifecycle;
  const meta: Block = lifecycle === undefined ? {} : { lifecycle: settingOfJson(lifecycle) };
  for (const [key, block] of Object.entries(theirs.instances)) {
    const counterpart = own.instances[key] ?? {};
    const [a, b] = withDocuments(translated(block) as Block, counterpart, documents?.instances[key] ?? {});
    const { missing, added } = compare(withNumberedVolumes(a), { ...withNumberedVolumes(b), ...meta });
    result.missing.push(...missing);
    result.added.push(...added);
  }
  const order = own.dependsOn.map((value) => ({ argument: "depends_on", value }));
  result.added.push(...order);
  // a reference orders as depends_on does
  const before = [...own.dependsOn, ...Object.values(own.instances).flatMap(referencesIn)];
  for (const name of theirs.dependsOn.map(translate)) {
    if (!before.some((other) => `${other}.`.startsWith(`${name}.`)))
      result.missing.push(`does not depend on ${name}`);
  }
  return result;
}

/** Both blocks with their JSON texts as documents; the article's are taken from the plan that knows them. */
function withDocuments(theirs: Block, own: Block, known: Block): [Block, Block] {
  const documents = Object.entries(own).filter(
    ([name, setting]) => name in theirs && setting instanceof Argument && jsonIn(setting.text) !== undefined,
  );
  const parsed = (block: Block, take: (argument: Argument) => unknown): Block =>
    Object.fromEntries(
      documents.map(([name]) => [name, settingOfJson(jsonIn(take(block[name] as Argument)))]),
    );
  return [
    {
      ...theirs,
      ...parsed(known, ({ known }) => (typeof known === "string" ? known.replaceAll(ARN_PREFIX, "") : known)),
    },
    { ...own, ...parsed(own, (argument) => argument.text) },
  ];
}

function translated(setting: Setting): Setting {
  if (setting instanceof Argument) {
    return new Argument(setting.known, setting.references.map(translate), setting.text);
  }
  if (isList(setting)) return setting.map(translated);
  return Object.fromEntries(Object.entries(setting).map(([name, member]) => [name, translated(member)]));
}

function referencesIn(setting: Setting): readonly string[] {
  if (setting instanceof Argument) return setting.references;
  return Object.values(setting).flatMap((member) => referencesIn(member));
}

function byAddress(resources: readonly ConfiguredResource[]): ReadonlyMap<string, ConfiguredResource> {
  return new Map(resources.map((resource) => [resource.address, resource]));
}

/** The address itself, or all addresses of a type. */
function resourcesNamed(name: string, addresses: readonly string[]): readonly string[] {
  const found = addresses.filter((address) => address === name || address.startsWith(`${name}.`));
  return found.length > 0 ? found : [name];
}

function line(address: string, argument: string, value: string): string {
  return `${address} ${argument} = ${value}`;
}
