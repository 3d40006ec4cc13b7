import type { TerraformResource } from "cdktf";
import type { IConstruct } from "constructs";
import type { Call } from "./endpoint";

const graphs = new WeakMap<IConstruct, CallGraph>();

/** Who calls whom in an app: what `connectTo` was told, for diagrams, documents and tests. */
export class CallGraph {
  /** The graph of the app that a construct is in. */
  public static of(construct: IConstruct): CallGraph {
    const { root } = construct.node;
    let graph = graphs.get(root);
    if (graph === undefined) {
      graph = new CallGraph();
      graphs.set(root, graph);
    }
    return graph;
  }

  private readonly byEdge = new Map<string, Call>();
  private readonly predecessors = new Map<TerraformResource, TerraformResource[]>();

  /** All calls, in the order in which they were declared. */
  public get calls(): readonly Call[] {
    return [...this.byEdge.values()];
  }

  /** Records a call; the same one twice stays one, with all its environment variables. */
  public add(call: Call): void {
    const edge = `${call.stack}>${call.caller}>${call.callee}>${call.endpoint.host}:${call.endpoint.port}`;
    const environment = new Set([...(this.byEdge.get(edge)?.environment ?? []), ...call.environment]);
    this.byEdge.set(edge, { ...call, environment: [...environment].sort() });
  }

  /**
   * Notes that a service must be deployed after another one. False, and nothing is noted, where that one already comes
   * after the first: then no order is possible.
   */
  public order(later: TerraformResource, earlier: TerraformResource): boolean {
    const pending = [earlier];
    const seen = new Set<TerraformResource>();
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (next === later) return false;
      if (seen.has(next)) continue;
      seen.add(next);
      pending.push(...(this.predecessors.get(next) ?? []));
    }
    this.predecessors.set(later, [...(this.predecessors.get(later) ?? []), earlier]);
    return true;
  }

  /** The graph as a Mermaid flowchart, which GitHub and most wikis draw. */
  public toMermaid(): string {
    const names = [...new Set(this.calls.flatMap(({ caller, callee }) => [caller, callee]))];
    const id = (name: string): string => `s${names.indexOf(name)}`;
    return [
      "flowchart LR",
      ...names.map((name) => `  ${id(name)}["${name}"]`),
      ...this.calls.map(
        ({ caller, callee, endpoint }) =>
          `  ${id(caller)} -- "${endpoint.host}:${endpoint.port}" --> ${id(callee)}`,
      ),
    ].join("\n");
  }
}
