import { Tokenization } from "cdktf";
import { Construct } from "constructs";
import { checkFindings } from "../../../../modules/core/framework/findings";
import { resolved } from "../../../../modules/core/framework/resolved";
import { ListenerPriorities } from "../../../../modules/core/load-balancing/listener-priorities";
import { hashOf } from "../../../../modules/core/load-balancing/load-balancer-names";
import { SmallStack, testApp, variable } from "../../stack-of";

type Rule = string | { readonly hosts: readonly string[]; readonly priority?: number };

/** The priorities that rules get, by their first hosts, when they are made in that order with a target group each. */
function allot(...rules: readonly Rule[]): Record<string, number> {
  const stack = new SmallStack(testApp());
  const priorities = new ListenerPriorities();
  const tokens = rules.map((rule, index): [string, number] => {
    const { hosts, priority } = typeof rule === "string" ? { hosts: [rule], priority: undefined } : rule;
    const owner = new Construct(stack, `rule_${index}`);
    return [hosts[0] ?? "", priorities.add({ owner, hosts, priority, targetGroupArn: `arn:${index}` })];
  });
  checkFindings(stack);
  return Object.fromEntries(tokens.map(([host, token]) => [host, numberOf(stack, token)]));
}

function numberOf(stack: SmallStack, token: number): number {
  const text = Tokenization.reverseNumber(token);
  return Number(text === undefined ? token : resolved(stack, text.toString()));
}

/** Hosts that make the same priority. */
function colliding(count: number): string[] {
  const byHash = new Map<number, string[]>();
  for (let index = 0; ; index++) {
    const host = `service-${index}.internal.example`;
    const hash = hashOf(host) % 40000;
    const hosts = [...(byHash.get(hash) ?? []), host];
    if (hosts.length === count) return hosts.sort();
    byHash.set(hash, hosts);
  }
}

const HOSTS = Array.from({ length: 20 }, (_, index) => `service-${index}.internal.example`);

describe("priorities of rules", () => {
  test("are made of the host", () => {
    const host = "payments.internal.example";
    expect(allot(host)).toEqual({ [host]: (hashOf(host) % 40000) + 1 });
    // written out: another number here would renumber the rules of everybody who upgrades
    expect(allot(host)[host]).toBe(17298);
  });

  test("are different, and what AWS takes", () => {
    const priorities = Object.values(allot(...HOSTS));
    expect(new Set(priorities).size).toBe(HOSTS.length);
    for (const priority of priorities) {
      expect(Number.isInteger(priority) && priority >= 1 && priority <= 50000).toBe(true);
    }
  });

  test("stay when services are added and removed", () => {
    const all = allot(...HOSTS);
    for (const host of HOSTS) {
      const others = HOSTS.filter((other) => other !== host);
      expect(allot(...others)).toEqual(Object.fromEntries(others.map((other) => [other, all[other]])));
    }
  });

  test("stay when services are made in another order, also where two hosts make the same one", () => {
    const rules = [...HOSTS, ...colliding(3).filter((host) => !HOSTS.includes(host))];
    expect(allot(...[...rules].reverse())).toEqual(allot(...rules));
  });

  test("are one apart where two hosts make the same one, the one that sorts first having it", () => {
    const [first = "", second = "", third = ""] = colliding(3);
    const priority = (hashOf(first) % 40000) + 1;
    expect(allot(third, second, first)).toEqual({
      [first]: priority,
      [second]: priority + 1,
      [third]: priority + 2,
    });
  });

  test("can be pinned; a host that makes the same one gives way", () => {
    const [host = ""] = HOSTS;
    const { [host]: priority = 0 } = allot(host);
    const pinned = { hosts: ["pinned.example"], priority };
    expect(allot(host, pinned)).toEqual({ [host]: priority + 1, "pinned.example": priority });
  });

  test("put hosts with wildcards last: the first rule that matches wins", () => {
    const priorities = allot("*.example", ...HOSTS, { hosts: ["a.example", "?.b.example"] });
    const { "*.example": star = 0, "a.example": mixed = 0, ...exact } = priorities;
    expect(Math.max(...Object.values(exact))).toBeLessThanOrEqual(40000);
    expect(Math.min(star, mixed)).toBeGreaterThan(40000);
    expect(Math.max(star, mixed)).toBeLessThanOrEqual(50000);
  });

  test("cannot be pinned twice, and the error names both owners", () => {
    expect(() => allot({ hosts: ["a.example"], priority: 7 }, { hosts: ["b.example"], priority: 7 })).toThrow(
      /^small\/rule_1: priority is 7\n.*small\/rule_0 has this one[^]*mend:[^]*source:/,
    );
  });

  test("cannot be had by two rules for one host, and the error names both owners", () => {
    expect(() => allot("a.example", { hosts: ["b.example", "a.example"] })).toThrow(
      /^small\/rule_1: host is "a.example"\n.*small\/rule_0 has this one/,
    );
    expect(() => allot({ hosts: ["b.example", "a.example"] }, "a.example")).toThrow("rule_0 has this one");
  });

  test.each([1, 50000])("can be pinned to %d", (priority) => {
    expect(allot({ hosts: ["a.example"], priority })).toEqual({ "a.example": priority });
  });
  test.each([0, -1, 1.5, 50001])("cannot be pinned to %d", (priority) => {
    expect(() => allot({ hosts: ["a.example"], priority })).toThrow("a whole number from 1 to 50000");
  });

  test("are there for 100 target groups, and for no more, which is said once", () => {
    const hosts = Array.from({ length: 101 }, (_, index) => `s${index}.example`);
    expect(Object.keys(allot(...hosts.slice(0, 100)))).toHaveLength(100);
    expect(() => allot(...hosts)).toThrow(
      /^small\/rule_100: target groups of the load balancer is 101\n.*at most 100[^]*target-groups \(docs\/rules.md\)$/,
    );
    expect(() => allot(...hosts, "another.example")).toThrow(/^small\/rule_100: .*\n.*\n.*\n.*\n.*$/);
  });
});

describe("the rules on a listener that exists already", () => {
  const of = (stack: SmallStack, arn: string) => ListenerPriorities.ofImported(stack, arn);

  test("are one list, however often it is imported", () => {
    const stack = new SmallStack(testApp());
    expect(of(stack, "arn:x")).toBe(of(stack, "arn:x"));
    expect(of(stack, "arn:x")).not.toBe(of(stack, "arn:y"));
  });

  test("are one list for one variable that is read twice, and another in another stack and app", () => {
    const app = testApp();
    const [one, two] = [new SmallStack(app, "one"), new SmallStack(app, "two")];
    const arns = [one, two].map((stack) => variable(stack, "arn"));
    expect(of(one, arns[0]?.stringValue ?? "")).toBe(of(one, arns[0]?.stringValue ?? ""));
    expect(of(one, arns[0]?.stringValue ?? "")).not.toBe(of(two, arns[1]?.stringValue ?? ""));
    expect(of(one, "arn:x")).toBe(of(two, "arn:x"));
    expect(of(one, "arn:x")).not.toBe(of(new SmallStack(testApp()), "arn:x"));
  });
});
