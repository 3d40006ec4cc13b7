/** What happens to a resource. `replace` is a destroy and a create, in either order. */
export type Action = "create" | "update" | "replace" | "delete";

/** One resource of a plan. */
export interface PlannedResource {
  /** For example `aws_ecs_service.stock_service`. */
  readonly address: string;
  /** A resource, or a data source. */
  readonly mode: "managed" | "data";
  /** For example `aws_ecs_service`. */
  readonly type: string;
  /** What is known of it before it is made. @default - nothing */
  readonly values?: Readonly<Record<string, unknown>>;
}

interface ModuleValues {
  readonly resources?: readonly PlannedResource[];
  readonly child_modules?: readonly ModuleValues[];
}

interface PlanDocument {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly mode: string;
    readonly change: { readonly actions: readonly string[] };
  }[];
  readonly output_changes?: Readonly<Record<string, { readonly actions: readonly string[] }>>;
  readonly planned_values?: { readonly root_module?: ModuleValues };
}

/** A saved plan, as `terraform show -json` prints it. */
export class Plan {
  /** Reads what `terraform show -json` printed of a saved plan. */
  public static parse(json: string): Plan {
    return new Plan(JSON.parse(json) as PlanDocument);
  }

  private constructor(private readonly document: PlanDocument) {}

  /** Every change to a resource, by address. Empty for a plan without changes. */
  public get changes(): Readonly<Record<string, Action>> {
    const changes: Record<string, Action> = {};
    for (const { address, mode, change } of this.document.resource_changes ?? []) {
      const action = actionOf(change.actions);
      if (mode === "managed" && action !== undefined) changes[address] = action;
    }
    return changes;
  }

  /** Names of outputs whose value changes. */
  public get outputChanges(): string[] {
    return Object.entries(this.document.output_changes ?? {})
      .filter(([, { actions }]) => actionOf(actions) !== undefined)
      .map(([name]) => name);
  }

  /** True where an apply would change nothing at all. */
  public get isEmpty(): boolean {
    return Object.keys(this.changes).length === 0 && this.outputChanges.length === 0;
  }

  /** All resources with the values that are known when planning, those in modules too. */
  public get resources(): readonly PlannedResource[] {
    return resourcesOf(this.document.planned_values?.root_module);
  }
}

function resourcesOf(values: ModuleValues | undefined): readonly PlannedResource[] {
  if (values === undefined) return [];
  const own = (values.resources ?? []).filter(({ mode }) => mode === "managed");
  return [...own, ...(values.child_modules ?? []).flatMap(resourcesOf)];
}

function actionOf(actions: readonly string[]): Action | undefined {
  if (actions.includes("create") && actions.includes("delete")) return "replace";
  if (actions.includes("create")) return "create";
  if (actions.includes("delete")) return "delete";
  return actions.includes("update") ? "update" : undefined;
}
