import { Construct } from "constructs";
import { DnsNamespace } from "../../../../modules/core/cloud-map/dns-namespace";
import { PrivateZone, type IPrivateZone } from "../../../../modules/core/cloud-map/private-zone";
import { SynthesizedStack } from "../../../../testing";
import {
  namespaceOf,
  refusalOf,
  SmallStack,
  stackOf,
  testApp,
  valuesOf,
  variable,
  VPC,
} from "../../stack-of";

const ZONE = { zoneName: "internal.example", vpcId: VPC };
const TARGET = { dnsName: "internal-x.elb.amazonaws.com", hostedZoneId: "Z1" };
const zoneOf = (stack: SmallStack, zoneName = ZONE.zoneName, id = "zone", vpcId = VPC): PrivateZone =>
  new PrivateZone(stack, id, { zoneName, vpcId });

describe("a private zone", () => {
  test("answers in its VPC only", () => {
    expect(stackOf((stack) => zoneOf(stack)).resource("aws_route53_zone.zone")).toMatchObject({
      name: "internal.example",
      vpc: [{ vpc_id: VPC }],
      comment: "Names of load balancers in internal.example",
    });
  });

  test("gives out its id and its name", () => {
    const values = valuesOf((stack) => {
      const { zoneId, zoneName } = zoneOf(stack);
      return { zoneId, zoneName };
    });
    expect(values).toEqual({ zoneId: "${aws_route53_zone.zone.zone_id}", zoneName: "internal.example" });
  });

  test.each(["in.example.com", "staging.internal", "a"])("may be named %s", (zoneName) => {
    expect(() => stackOf((stack) => zoneOf(stack, zoneName))).not.toThrow();
  });
  test.each(["Internal.Example", "internal.example.", "-a.example", "a b", "", "x".repeat(64)])(
    "cannot be named %j",
    (zoneName) => expect(refusalOf((stack) => zoneOf(stack, zoneName))).toContain("small/zone: zoneName is"),
  );

  test("cannot have a name that only Terraform knows: other names are made of it", () => {
    expect(refusalOf((stack) => zoneOf(stack, variable(stack, "name").stringValue))).toContain("zoneName");
  });

  test("cannot be in something that is no VPC", () => {
    expect(refusalOf((stack) => zoneOf(stack, "a.example", "zone", "x"))).toContain("vpcId");
  });
});

describe("the name of a private zone", () => {
  test("cannot be that of a Cloud Map namespace in the VPC, whichever is made first", () => {
    const zone = (stack: SmallStack) => zoneOf(stack, "platform.internal");
    const zoneLast = refusalOf((stack) => [namespaceOf, zone].forEach((make) => make(stack)));
    const namespaceLast = refusalOf((stack) => [zone, namespaceOf].forEach((make) => make(stack)));
    expect(zoneLast).toMatch(
      /^small\/zone: zoneName is "platform.internal"\n.*small\/dns_namespace has this one/,
    );
    expect(namespaceLast).toMatch(
      /^small\/dns_namespace: namespaceName is "platform.internal"\n.*small\/zone has this one[^]*mend:/,
    );
  });

  test("cannot be that of another zone in the VPC, which is said once", () => {
    const message = refusalOf((stack) => {
      zoneOf(stack, "a.example", "one");
      zoneOf(stack, "a.example", "two");
    });
    expect(message).toMatch(/^small\/two: zoneName is "a.example"\n.*small\/one has this one/);
    expect(message).not.toContain("small/one: zoneName");
  });

  test("cannot be had twice in a VPC that is one variable, read twice", () => {
    const message = refusalOf((stack) => {
      const vpc = variable(stack, "vpc_id");
      zoneOf(stack, "a.example", "one", vpc.stringValue);
      new DnsNamespace(stack, "two", { namespaceName: "a.example", vpcId: vpc.stringValue });
    });
    expect(message).toMatch(/^small\/two: namespaceName is "a.example"\n.*small\/one has this one/);
  });

  test("may be had again in another VPC, and another name in the same one", () => {
    const stack = stackOf((stack) => {
      zoneOf(stack, "platform.internal", "one", "vpc-0123abcd");
      zoneOf(stack, "lb.platform.internal", "two");
      zoneOf(stack, "platform.internal", "three", variable(stack, "vpc_id").stringValue);
      namespaceOf(stack);
    });
    expect(stack.addresses("aws_route53_zone")).toHaveLength(3);
  });

  test("is compared in all stacks of an app where the VPC is known, and in each for itself where it is not", () => {
    const twoStacks = (vpcId: (stack: SmallStack) => string) => () => {
      const app = testApp();
      const stacks = [new SmallStack(app, "one"), new SmallStack(app, "two")];
      stacks.forEach((stack) => zoneOf(stack, "a.example", "zone", vpcId(stack)));
      stacks.forEach((stack) => SynthesizedStack.from(stack));
    };
    expect(twoStacks(() => VPC)).toThrow("one/zone has this one");
    expect(twoStacks((stack) => variable(stack, "vpc_id").stringValue)).not.toThrow();
  });
});

describe.each<[string, (stack: SmallStack) => IPrivateZone, string]>([
  ["a private zone", (stack) => zoneOf(stack), "${aws_route53_zone.zone.zone_id}"],
  [
    "a private zone that exists already",
    (stack) =>
      PrivateZone.fromPrivateZoneAttributes(stack, { zoneId: "Z0123456789", zoneName: "internal.example" }),
    "Z0123456789",
  ],
])("a name in %s", (_, make, zoneId) => {
  const named = (...names: readonly string[]) =>
    stackOf((stack) => {
      const zone = make(stack);
      names.forEach((name, index) => {
        expect(zone.addAlias(new Construct(stack, `s${index}`), "record", name, TARGET)).toBe(
          `${name}.internal.example`,
        );
      });
    });

  test("stands for a load balancer, without looking at the health of all that is behind it", () => {
    const stack = named("payments");
    const [address = ""] = stack.addresses("aws_route53_record");
    expect(stack.resource(address)).toMatchObject({
      zone_id: zoneId,
      name: "payments.internal.example",
      type: "A",
      alias: { name: TARGET.dnsName, zone_id: "Z1", evaluate_target_health: false },
    });
  });

  test("can be had once, and the error names both owners", () => {
    expect(() => named("payments", "payments")).toThrow(
      /^small\/s1: name is "payments"\n.*small\/s0 has this one/,
    );
    expect(named("payments", "orders").addresses("aws_route53_record")).toHaveLength(2);
  });

  test.each(["Payments", "pay ments", "payments.", ""])("cannot be %j", (name) => {
    expect(() => named(name)).toThrow("small/s0: name is");
  });
});

test("the zone that Cloud Map keeps for a namespace is not to be imported: only Cloud Map can change it", () => {
  const message = refusalOf((stack) => {
    const { hostedZoneId, namespaceName } = namespaceOf(stack);
    PrivateZone.fromPrivateZoneAttributes(stack, { zoneId: hostedZoneId, zoneName: namespaceName });
  });
  expect(message).toMatch(/^small: zoneId is "the zone of a Cloud Map namespace"\n[^]*mend:/);
});
