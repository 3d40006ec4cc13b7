import { HttpNamespace } from "../../../../modules/core/cloud-map/http-namespace";
import { SynthesizedStack } from "../../../../testing";
import { refusalOf, SmallStack, stackOf, testApp, valuesOf } from "../../stack-of";

const ADDRESS = "aws_service_discovery_http_namespace.platform";
const make = (stack: SmallStack, namespaceName: string, id = "platform"): HttpNamespace =>
  new HttpNamespace(stack, id, { namespaceName });

describe("an HTTP namespace", () => {
  test("has a name and says what it is for", () => {
    const stack = stackOf((stack) => {
      expect(make(stack, "trading-platform").namespaceName).toBe("trading-platform");
    });
    expect(stack.resource(ADDRESS)).toMatchObject({
      name: "trading-platform",
      description: "Service Connect endpoints of trading-platform",
    });
  });

  test("may have a description of its own", () => {
    const stack = stackOf((stack) => {
      new HttpNamespace(stack, "platform", { namespaceName: "a", description: "Trading" });
    });
    expect(stack.resource(ADDRESS).description).toBe("Trading");
  });

  test("gives out its id and ARN as references", () => {
    const values = valuesOf((stack) => {
      const { namespaceId, namespaceArn } = make(stack, "a");
      return { namespaceId, namespaceArn };
    });
    expect(values).toEqual({ namespaceId: `\${${ADDRESS}.id}`, namespaceArn: `\${${ADDRESS}.arn}` });
  });

  test.each(["a", "Platform_1", "trading-platform.local", "a".repeat(1024)])("may be called %s", (name) => {
    expect(stackOf((stack) => make(stack, name)).resource(ADDRESS).name).toBe(name);
  });

  test.each(["", "trading platform", "Größe", "a/b", "arn:aws", "a".repeat(1025)])(
    "cannot be called %p",
    (name) => {
      expect(refusalOf((stack) => make(stack, name))).toContain(
        `small/platform: namespaceName is ${JSON.stringify(name)}\n`,
      );
    },
  );

  test("cannot have the name of another one of its stack; the message names both", () => {
    const message = refusalOf((stack) => {
      make(stack, "a", "one");
      make(stack, "a", "two");
    });
    expect(message).toMatch(/^small\/two: namespaceName is "a"\n/);
    expect(message).toContain("small/one has this one");
    expect(message.match(/is "a"/g)).toHaveLength(1);
  });

  test("may have the name of one of another stack, which may be another account", () => {
    const app = testApp();
    const stacks = ["one", "two"].map((id) => new SmallStack(app, id));
    stacks.forEach((stack) => make(stack, "a"));
    stacks.forEach((stack) => expect(SynthesizedStack.from(stack).addresses()).toEqual([ADDRESS]));
  });
});

test("a namespace that exists already is its id, name and ARN", () => {
  const attributes = { namespaceId: "ns-1", namespaceName: "a", namespaceArn: "arn:x" };
  expect(HttpNamespace.fromHttpNamespaceAttributes(attributes)).toEqual(attributes);
});
