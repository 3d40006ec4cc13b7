import { CallGraph } from "../../../../modules/services/calls/call-graph";
import type { Call } from "../../../../modules/services/calls/endpoint";
import { service, SmallStack, testApp } from "../../stack-of";

const call = (caller: string, callee: string, environment: string, port = 80): Call => ({
  stack: "small",
  caller,
  callee,
  endpoint: { host: `${callee}.internal`, port, url: "" },
  environment: [environment],
});

describe("the call graph", () => {
  test("is one for all stacks of an app, and another for another app", () => {
    const app = testApp();
    const [one, two] = [new SmallStack(app, "one"), new SmallStack(app, "two")];
    expect(CallGraph.of(one)).toBe(CallGraph.of(two));
    expect(CallGraph.of(one)).not.toBe(CallGraph.of(new SmallStack(testApp())));
  });

  test("is empty where nobody calls anybody", () => {
    const stack = new SmallStack(testApp());
    service(stack, "stock-service");
    expect(CallGraph.of(stack).calls).toEqual([]);
    expect(CallGraph.of(stack).toMermaid()).toBe("flowchart LR");
  });

  test("has what connectTo was told, in that order", () => {
    const stack = new SmallStack(testApp());
    const [a, b, c] = [service(stack, "a"), service(stack, "b"), service(stack, "c")];
    b.connectTo(c);
    a.connectTo(b, { environment: "B" });
    const endpoint = (name: string) => ({
      host: `${name}.platform.internal`,
      port: 80,
      url: `http://${name}.platform.internal`,
    });
    expect(CallGraph.of(stack).calls).toEqual([
      { stack: "small", caller: "b", callee: "c", endpoint: endpoint("c"), environment: ["C_URL"] },
      { stack: "small", caller: "a", callee: "b", endpoint: endpoint("b"), environment: ["B"] },
    ]);
  });

  test("has a call once, with the variables of all times it was declared, sorted", () => {
    const graph = new CallGraph();
    ["URL", "API", "URL"].forEach((environment) => graph.add(call("a", "b", environment)));
    expect(graph.calls).toEqual([{ ...call("a", "b", ""), environment: ["API", "URL"] }]);
  });

  test("tells two services of one name in two stacks apart", () => {
    const graph = new CallGraph();
    graph.add(call("a", "b", "X"));
    graph.add({ ...call("a", "b", "Y"), stack: "production" });
    expect(graph.calls.map(({ stack }) => stack)).toEqual(["small", "production"]);
  });

  test("tells two ports of one callee apart, and the two directions of mutual calls", () => {
    const graph = new CallGraph();
    graph.add(call("a", "b", "X"));
    graph.add(call("a", "b", "X", 8080));
    graph.add(call("b", "a", "X"));
    expect(graph.calls).toHaveLength(3);
  });

  test("is drawn as a flowchart with every service once and an arrow per call", () => {
    const graph = new CallGraph();
    graph.add(call("signal", "stock", "S"));
    graph.add(call("stock", "archive", "A", 8080));
    expect(graph.toMermaid()).toBe(
      [
        "flowchart LR",
        '  s0["signal"]',
        '  s1["stock"]',
        '  s2["archive"]',
        '  s0 -- "stock.internal:80" --> s1',
        '  s1 -- "archive.internal:8080" --> s2',
      ].join("\n"),
    );
  });
});
