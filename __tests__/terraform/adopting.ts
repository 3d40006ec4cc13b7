import { createNetwork, createSecurityGroup } from "../../local/network";
import { TerraformFolder } from "../../testing";
import { articleFiles } from "./article/files";
import { Checkout } from "./checkout";
import { Bench } from "./harness";

interface Change {
  readonly actions: readonly string[];
  readonly before?: Readonly<Record<string, unknown>> | null;
  readonly after?: Readonly<Record<string, unknown>> | null;
  readonly after_unknown?: Readonly<Record<string, unknown>>;
  readonly replace_paths?: readonly (readonly (string | number)[])[];
  readonly importing?: unknown;
}

interface PlannedChange {
  readonly address: string;
  readonly type: string;
  readonly mode: string;
  readonly change: Change;
}

/** What a plan does with resources that are there, attribute by attribute. */
export class DetailedPlan {
  public static async of(folder: TerraformFolder, file: string): Promise<DetailedPlan> {
    const { output } = await folder.run(["show", "-json", file], "stdout");
    const { resource_changes = [] } = JSON.parse(output) as { resource_changes?: readonly PlannedChange[] };
    return new DetailedPlan(resource_changes.filter(({ mode }) => mode === "managed"));
  }

  private constructor(public readonly changes: readonly PlannedChange[]) {}

  /** Addresses with exactly these actions, sorted. */
  public with(...actions: string[]): string[] {
    return this.changes
      .filter(({ change }) => change.actions.join() === actions.join())
      .map(({ address }) => address)
      .sort();
  }

  /** Addresses that an apply would destroy, for ever or for another in their place. */
  public get destroyed(): string[] {
    return this.changes
      .filter(({ change }) => change.actions.includes("delete"))
      .map(({ address }) => address);
  }

  public get imported(): string[] {
    return this.changes
      .filter(({ change }) => change.importing !== undefined)
      .map(({ address }) => address)
      .sort();
  }

  /** By type: all attributes that change in place. */
  public get updated(): Record<string, string[]> {
    const byType: Record<string, Set<string>> = {};
    for (const { type, change } of this.changes) {
      if (change.actions.join() !== "update") continue;
      const names = Object.keys({ ...change.after, ...change.after_unknown });
      const changed = names.filter(
        (name) => change.after_unknown?.[name] === true || !same(change.before?.[name], change.after?.[name]),
      );
      byType[type] = new Set([...(byType[type] ?? []), ...changed]);
    }
    return Object.fromEntries(Object.entries(byType).map(([type, names]) => [type, [...names].sort()]));
  }

  /** `address attribute` for each attribute that is known and forces a replacement; what follows from another is left out. */
  public get replacedFor(): string[] {
    return this.changes
      .flatMap(({ address, change }) =>
        (change.replace_paths ?? [])
          .map(([attribute]) => String(attribute))
          .filter((attribute) => change.after_unknown?.[attribute] !== true)
          .map((attribute) => `${address} ${attribute}`),
      )
      .filter((line, index, all) => all.indexOf(line) === index)
      .sort();
  }
}

/** The article's platform on emulated AWS, applied in `article/`, and a checkout of the project beside it. */
export class Deployed {
  public static async start(): Promise<Deployed> {
    const bench = await Bench.start();
    const { vpcId, subnetIds } = await createNetwork(bench.emulator, 2);
    const environment = {
      ...bench.environment,
      TF_VAR_vpc_id: vpcId,
      TF_VAR_subnets: JSON.stringify(subnetIds),
      TF_VAR_security_groups: JSON.stringify([await createSecurityGroup(bench.emulator, vpcId)]),
    };
    const files = Object.entries(articleFiles()).map(([path, text]) => [`article/${path}`, text] as const);
    const checkout = Checkout.with(Object.fromEntries(files), environment);
    const deployed = new Deployed(bench, checkout, environment);
    await deployed.article.apply();
    return deployed;
  }

  public readonly article: TerraformFolder;

  private constructor(
    private readonly bench: Bench,
    public readonly checkout: Checkout,
    private readonly environment: NodeJS.ProcessEnv,
  ) {
    this.article = new TerraformFolder(checkout.beside("article"), environment);
  }

  /** A folder of the checkout that Terraform runs in. */
  public folder(...names: string[]): TerraformFolder {
    return new TerraformFolder(this.checkout.path(...names), this.environment);
  }

  /** The value of a variable of the article, as it stands in the environment. */
  public variable(name: string): string {
    return this.environment[`TF_VAR_${name}`] ?? "";
  }

  /** ARNs of what there is in the account beside the network, sorted. */
  public async remaining(): Promise<string[]> {
    const found = await Promise.all(LISTS.map((list) => this.arnsOf(list)));
    return [...new Set(found.flat())].sort();
  }

  private async arnsOf({ service, target, path = "/", body = "{}", form }: List): Promise<string[]> {
    const scope = `Credential=test/20260101/us-east-1/${service}/aws4_request`;
    const response = await fetch(`${this.bench.emulator.endpoint}${path}`, {
      method: path === "/" ? "POST" : "GET",
      headers: {
        Authorization: `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0`,
        "Content-Type":
          form === undefined ? "application/x-amz-json-1.1" : "application/x-www-form-urlencoded",
        ...(target === undefined ? {} : { "X-Amz-Target": target }),
      },
      body: path === "/" ? (form ?? body) : undefined,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${service} ${target ?? path}: ${text}`);
    // a deleted cluster is known for a while
    return text.includes('"INACTIVE"') ? [] : (text.match(/arn:aws:[^"<]+/g) ?? []);
  }

  public async dispose(): Promise<void> {
    this.checkout.dispose();
    await this.bench.dispose();
  }
}

interface List {
  readonly service: string;
  readonly target?: string;
  readonly path?: string;
  readonly body?: string;
  readonly form?: string;
}

/** Requests that list what the article and the platform make. */
const LISTS: readonly List[] = [
  { service: "ecr", target: "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories" },
  {
    service: "ecs",
    target: "AmazonEC2ContainerServiceV20141113.DescribeClusters",
    body: '{"clusters":["trading-platform"]}',
  },
  { service: "ecs", target: "AmazonEC2ContainerServiceV20141113.ListTaskDefinitions" },
  { service: "elasticfilesystem", path: "/2015-02-01/file-systems" },
  { service: "elasticfilesystem", path: "/2015-02-01/access-points" },
  { service: "iam", form: "Action=ListRoles&Version=2010-05-08" },
  { service: "logs", target: "Logs_20140328.DescribeLogGroups" },
  { service: "servicediscovery", target: "Route53AutoNaming_v20170314.ListNamespaces" },
  { service: "servicediscovery", target: "Route53AutoNaming_v20170314.ListServices" },
];

/** `type id` of everything in a state that AWS knows by an id, sorted; not the revisions of task definitions. */
export async function idsIn(folder: TerraformFolder): Promise<string[]> {
  const { output } = await folder.run(["state", "pull"], "stdout");
  const { resources } = JSON.parse(output) as {
    resources: { mode: string; type: string; instances: { attributes: { id: string } }[] }[];
  };
  return resources
    .filter(({ mode, type }) => mode === "managed" && type !== "aws_ecs_task_definition")
    .flatMap(({ type, instances }) => instances.map(({ attributes }) => `${type} ${attributes.id}`))
    .sort();
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}
