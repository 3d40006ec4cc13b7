/** An argument as the configuration sets it. */
export class Argument {
  public constructor(
    /** Its value, if Terraform knows it when it plans. */
    public readonly known: unknown,
    /** What it refers to, seen from the root module: `aws_ecs_cluster.ecs_cluster.id`, `var.subnets`. */
    public readonly references: readonly string[] = [],
    /** The text that was configured; only JSON syntax has it in the plan where it refers to something. */
    public readonly text: unknown = known,
  ) {}
}

/** An argument, a block with its arguments, or a list of blocks. */
export type Setting = Argument | Block | readonly Setting[];
export interface Block {
  readonly [argument: string]: Setting;
}

/** `Array.isArray` forgets the type of a read-only array's members. */
export function isList(setting: Setting): setting is readonly Setting[] {
  return Array.isArray(setting);
}

export interface ConfiguredResource {
  /** Address without the key of an instance. */
  readonly address: string;
  readonly type: string;
  readonly dependsOn: readonly string[];
  /** What is set, by the key of the instance: `""` where there is one instance only. */
  readonly instances: Readonly<Record<string, Block>>;
}

interface Expression {
  readonly constant_value?: unknown;
  readonly references?: readonly string[];
}
type Expressions = Readonly<Record<string, unknown>>;

interface ModuleConfiguration {
  readonly resources?: readonly {
    readonly address: string;
    readonly type: string;
    readonly expressions?: Expressions;
    readonly depends_on?: readonly string[];
    readonly for_each_expression?: Expression;
  }[];
  readonly module_calls?: Readonly<Record<string, ModuleCall>>;
  readonly outputs?: Readonly<Record<string, { readonly expression: Expression }>>;
}

interface ModuleCall {
  readonly source: string;
  readonly expressions?: Readonly<Record<string, Expression>>;
  readonly module: ModuleConfiguration;
}

interface PlanDocument {
  readonly configuration: {
    readonly root_module: ModuleConfiguration;
    readonly provider_config: Readonly<Record<string, { readonly expressions?: Expressions }>>;
  };
  readonly resource_changes: readonly {
    readonly address: string;
    readonly index?: string | number;
    readonly change: { readonly after: unknown; readonly after_unknown: unknown };
  }[];
}

/** A module of the configuration, and from where it is called. */
interface Scope {
  readonly path: string;
  readonly module: ModuleConfiguration;
  readonly caller?: { readonly scope: Scope; readonly call: ModuleCall };
}

/** A plan as `terraform show -json` prints it, read for what its configuration sets. */
export class ConfiguredPlan {
  private readonly document: PlanDocument;
  private readonly root: Scope;

  public constructor(json: string) {
    this.document = JSON.parse(json) as PlanDocument;
    this.root = { path: "", module: this.document.configuration.root_module };
  }

  /** All resources and data sources, those in modules too. */
  public get resources(): readonly ConfiguredResource[] {
    return this.resourcesIn(this.root);
  }

  /** What the block `provider "aws"` sets. */
  public get provider(): Block {
    return this.blockOf(
      this.document.configuration.provider_config.aws?.expressions ?? {},
      {},
      {},
      this.root,
    );
  }

  /** The root module's calls: where the module is, and what its inputs are or refer to. */
  public get moduleCalls(): Readonly<Record<string, { source: string; inputs: Record<string, Argument> }>> {
    return mapValues(this.root.module.module_calls ?? {}, ({ source, expressions = {} }) => ({
      source,
      inputs: mapValues(expressions, (expression) => this.argumentOf(expression, undefined, this.root)),
    }));
  }

  private resourcesIn(scope: Scope): ConfiguredResource[] {
    const own = (scope.module.resources ?? []).map((resource): ConfiguredResource => {
      const address = scope.path + resource.address;
      const forEach = resource.for_each_expression;
      const meta = forEach && { for_each: this.argumentOf(forEach, undefined, scope) };
      const changes = this.document.resource_changes.filter(
        (change) => change.address.replace(/\[[^\]]*\]$/, "") === address,
      );
      const instances = changes.map(({ index, change: { after, after_unknown } }) => [
        `${index ?? ""}`,
        { ...meta, ...this.blockOf(resource.expressions ?? {}, after, after_unknown, scope) },
      ]);
      return {
        address,
        type: resource.type,
        dependsOn: (resource.depends_on ?? []).flatMap((name) => this.resolve(name, scope)),
        instances: Object.fromEntries(instances) as Record<string, Block>,
      };
    });
    const names = Object.keys(scope.module.module_calls ?? {});
    return [...own, ...names.flatMap((name) => this.resourcesIn(childOf(scope, name)))];
  }

  private blockOf(expressions: Expressions, after: unknown, unknown: unknown, scope: Scope): Block {
    return Object.fromEntries(
      Object.entries(expressions).map(([name, expression]) => [
        name,
        this.settingOf(expression, memberOf(after, name), memberOf(unknown, name), scope),
      ]),
    );
  }

  private settingOf(expression: unknown, after: unknown, unknown: unknown, scope: Scope): Setting {
    if (!Array.isArray(expression)) {
      const value = hasUnknown(unknown) ? undefined : after;
      return this.argumentOf(expression as Expression, value, scope);
    }
    // a block; the provider's resources have no other arrays here
    const blocks = expression.map((block: Expressions, index) =>
      this.blockOf(block, memberOf(after, index), memberOf(unknown, index), scope),
    );
    return blocks.length === 1 && blocks[0] !== undefined ? blocks[0] : blocks;
  }

  private argumentOf(expression: Expression, known: unknown, scope: Scope): Argument {
    const { references = [], constant_value: text } = expression;
    const isPrefix = (name: string): boolean => references.some((other) => other.startsWith(`${name}.`));
    const resolved = references
      .filter((name) => !isPrefix(name))
      .flatMap((name) => this.resolve(name, scope));
    return new Argument(known, [...new Set(resolved)], text);
  }

  /** Follows a reference through inputs and outputs of modules to what it means in the root module. */
  private resolve(reference: string, scope: Scope): string[] {
    const [kind, name, member] = reference.split(".") as [string, string, string?];
    if (kind === "var") {
      if (scope.caller === undefined) return [reference];
      const expression = scope.caller.call.expressions?.[name] ?? {};
      return [...this.argumentOf(expression, undefined, scope.caller.scope).references];
    }
    if (kind === "each") return [reference];
    if (kind !== "module") return [scope.path + reference];
    const child = childOf(scope, name);
    if (member === undefined) return this.resourcesIn(child).map(({ address }) => address);
    const output = child.module.outputs?.[member]?.expression ?? {};
    return [...this.argumentOf(output, undefined, child).references];
  }
}

function childOf(scope: Scope, name: string): Scope {
  const call = scope.module.module_calls?.[name];
  if (call === undefined) throw new Error(`there is no module.${name} in "${scope.path}"`);
  return { path: `${scope.path}module.${name}.`, module: call.module, caller: { scope, call } };
}

function memberOf(value: unknown, key: string | number): unknown {
  return typeof value === "object" && value !== null
    ? (value as Record<string | number, unknown>)[key]
    : undefined;
}

/** Terraform marks what it does not know by `true`, anywhere in a value. */
function hasUnknown(mark: unknown): boolean {
  if (typeof mark === "object" && mark !== null) return Object.values(mark).some(hasUnknown);
  return mark === true;
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
