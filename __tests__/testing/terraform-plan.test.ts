import { Plan } from "../../testing";

const change = (address: string, actions: string[], mode = "managed") => ({
  address,
  mode,
  change: { actions },
});
const plan = (document: object): Plan => Plan.parse(JSON.stringify(document));

describe("the changes of a plan", () => {
  test.each([
    [["create"], "create"],
    [["update"], "update"],
    [["delete"], "delete"],
    [["delete", "create"], "replace"],
    [["create", "delete"], "replace"],
  ])("%j is called %s", (actions, action) => {
    expect(plan({ resource_changes: [change("aws_x.y", actions)] }).changes).toEqual({ "aws_x.y": action });
  });

  test.each([[["no-op"]], [["read"]]])("%j is none", (actions) => {
    const { changes, isEmpty } = plan({ resource_changes: [change("aws_x.y", actions)] });
    expect(changes).toEqual({});
    expect(isEmpty).toBe(true);
  });

  test("are those of resources, not of data sources", () => {
    const { isEmpty } = plan({ resource_changes: [change("data.aws_x.y", ["update"], "data")] });
    expect(isEmpty).toBe(true);
  });
});

describe("a plan is empty", () => {
  test("where nothing stands in it", () => expect(plan({}).isEmpty).toBe(true));
  test("and is not, where only an output changes", () => {
    const { isEmpty, outputChanges } = plan({
      output_changes: { url: { actions: ["create"] }, id: { actions: ["no-op"] } },
    });
    expect(isEmpty).toBe(false);
    expect(outputChanges).toEqual(["url"]);
  });
  test("and is not, where a resource changes", () => {
    expect(plan({ resource_changes: [change("aws_x.y", ["delete"])] }).isEmpty).toBe(false);
  });
});

test("the resources of a plan are those of all modules, without data sources", () => {
  const resource = (address: string, mode = "managed") => ({
    address,
    mode,
    type: "aws_x",
    values: { a: 1 },
  });
  const { resources } = plan({
    planned_values: {
      root_module: {
        resources: [resource("aws_x.a"), resource("data.aws_x.d", "data")],
        child_modules: [{ child_modules: [{ resources: [resource("module.m.aws_x.b")] }] }],
      },
    },
  });
  expect(resources.map(({ address }) => address)).toEqual(["aws_x.a", "module.m.aws_x.b"]);
  expect(resources[0]?.values).toEqual({ a: 1 });
});

test("a plan without resources has none", () => expect(plan({}).resources).toEqual([]));
