import { Fn, TerraformStack, Token } from "cdktf";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { InvalidInputError } from "../../../../modules/core/framework/check";
import { checkFindings } from "../../../../modules/core/framework/findings";
import { namePrefix } from "../../../../modules/core/framework/names";
import { Platform, type PlatformProps } from "../../../../modules/core/framework/platform";
import { hashedName } from "../../../../modules/core/load-balancing/load-balancer-names";
import { SmallStack, testApp } from "../../stack-of";

const stackWith = (props: PlatformProps, id = "shop"): SmallStack =>
  new SmallStack(testApp(), id, { backend: { type: "none" }, ...props });
const platformWith = (props: PlatformProps, id?: string): Platform => stackWith(props, id).platform;

describe("the names of a stack", () => {
  test.each<[string, PlatformProps, string]>([
    ["its id alone", {}, "shop"],
    ["the prefix", { prefix: "acme" }, "acme-shop"],
    ["the environment", { environment: "staging" }, "staging-shop"],
    ["the prefix, then the environment", { prefix: "acme", environment: "staging" }, "acme-staging-shop"],
  ])("begin with %s", (_, props, expected) => expect(platformWith(props).name).toBe(expected));

  test("that are given can be put behind prefix and environment, with a hyphen or a slash", () => {
    const platform = platformWith({ prefix: "acme", environment: "staging" });
    expect(platform.qualify("mesh")).toBe("acme-staging-mesh");
    expect(platform.qualify("mesh", "/")).toBe("acme-staging/mesh");
    expect(platform.qualify("mesh", "/", "production")).toBe("acme-production/mesh");
    expect(platformWith({}).qualify("mesh", "/")).toBe("mesh");
  });

  test("leave the stack's id out where there is no room for it, never the environment", () => {
    const stack = stackWith({ environment: "staging" }, "a-stack-with-quite-a-long-name");
    expect(namePrefix(stack, "payments", 100)).toBe("staging-a-stack-with-quite-a-long-name-payments-");
    expect(namePrefix(stack, "payments", 38)).toBe("staging-payments-");
    const group = new LbTargetGroup(stack, "group");
    expect(hashedName(group, "payments", [80])).toMatch(/^staging-payments-[0-9a-f]{8}$/);
  });

  test("are cut at the end, as ever, where there is no environment", () => {
    const stack = stackWith({}, "a-stack-with-quite-a-long-name");
    expect(namePrefix(stack, "payments", 38)).toBe("a-stack-with-quite-a-long-name-paymen-");
  });

  test("have another hash in another environment, even where all that is cut off differs", () => {
    const nameIn = (environment: string): string =>
      hashedName(new LbTargetGroup(stackWith({ environment }), "group"), "p".repeat(40), [80]);
    expect(nameIn("staging").slice(-8)).not.toBe(nameIn("testing").slice(-8));
  });
});

describe("prefix and environment that would be cut off", () => {
  const refusalOf = (props: PlatformProps, name: (stack: SmallStack) => unknown): string => {
    const stack = stackWith(props);
    name(stack);
    try {
      checkFindings(stack);
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };

  test("are refused with the characters that there are for them", () => {
    const prefix = "a-company-with-a-rather-long-name";
    const props = { prefix: prefix.slice(0, 32), environment: "production" };
    expect(refusalOf(props, (stack) => namePrefix(stack, "payments", 38))).toContain(
      `shop: prefix and environment is "${props.prefix}-production"\n` +
        "    allowed: 37 characters together: names of 64 keep 27 for what tells them apart\n" +
        "    mend:    shorten one of the two",
    );
  });

  test("are refused once, however many names they are in", () => {
    const text = refusalOf({ environment: "e".repeat(30) }, (stack) => {
      for (const id of ["a", "b"]) hashedName(new LbTargetGroup(stack, id), id, []);
    });
    expect(text.split("prefix and environment is")).toHaveLength(2);
  });

  test("are taken by a stack whose names have room for them", () => {
    expect(refusalOf({ environment: "e".repeat(30) }, (stack) => namePrefix(stack, "payments", 38))).toBe("");
  });
});

describe("the tags of a stack", () => {
  test("are its id, who manages it, the environment and those that are given, which come last", () => {
    const { tags, ownTags } = platformWith({
      environment: "staging",
      tags: { CostCenter: "42", ManagedBy: "platform-team" },
    });
    expect(tags).toEqual({
      Stack: "shop",
      ManagedBy: "platform-team",
      Environment: "staging",
      CostCenter: "42",
    });
    expect(ownTags).toEqual({ Environment: "staging", CostCenter: "42", ManagedBy: "platform-team" });
  });

  test("name no environment where there is none", () => {
    expect(platformWith({ prefix: "acme" }).tags).toEqual({ Stack: "shop", ManagedBy: "terraform" });
  });
});

describe("a stack of one's own", () => {
  test("has the names of its id until something else is said", () => {
    expect(Platform.of(new TerraformStack(testApp(), "own")).name).toBe("own");
  });

  test("is told its environment first", () => {
    const stack = new TerraformStack(testApp(), "own");
    const platform = Platform.define(stack, { environment: "staging" });
    expect(Platform.of(stack)).toBe(platform);
    expect(namePrefix(stack, "payments", 100)).toBe("staging-own-payments-");
  });

  test("has an environment that is known when it is synthesized", () => {
    const environment = Token.asString(Fn.upper("staging"));
    expect(() => stackWith({ environment })).toThrow(InvalidInputError);
  });
});
