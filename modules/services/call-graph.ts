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

  /** All calls, in the order in which they were declared. */
  public get calls(): readonly Call[] {
    return [...this.byEdge.values()];
  }

  /** Records a call; the same one twice stays one, with all its environment variables. */
  public add(call: Call): void {
    const edge = `${call.caller}>${call.callee}>${call.endpoint.host}:${call.endpoint.port}`;
    const environment = new Set([...(this.byEdge.get(edge)?.environment ?? []), ...call.environment]);
    this.byEdge.set(edge, { ...call, environment: [...environment].sort() });
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
