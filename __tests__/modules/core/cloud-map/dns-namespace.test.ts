import { DnsNamespace } from "../../../../modules/core/cloud-map/dns-namespace";
import { namespaceOf, refusalOf, stackOf, valuesOf, variable, VPC } from "../../stack-of";

const ADDRESS = "aws_service_discovery_private_dns_namespace.dns_namespace";

describe("a namespace", () => {
  test("is private to its VPC and says what it is for", () => {
    const stack = stackOf((stack) => {
      const { namespaceName } = namespaceOf(stack);
      expect(namespaceName).toBe("platform.internal");
    });
    expect(stack.resource(ADDRESS)).toMatchObject({
      name: "platform.internal",
      vpc: VPC,
      description: "Names of the services in platform.internal",
    });
  });

  test("may have a description and a name of its own", () => {
    const stack = stackOf((stack) => {
      new DnsNamespace(stack, "dns_namespace", {
        namespaceName: "trading-platform.local",
        vpcId: VPC,
        description: "Trading",
      });
    });
    expect(stack.resource(ADDRESS)).toMatchObject({ name: "trading-platform.local", description: "Trading" });
  });

  test("gives out its id, ARN and zone as references", () => {
    const values = valuesOf((stack) => {
      const { namespaceId, namespaceArn, hostedZoneId } = namespaceOf(stack);
      return { namespaceId, namespaceArn, hostedZoneId };
    });
    expect(values).toEqual({
      namespaceId: `\${${ADDRESS}.id}`,
      namespaceArn: `\${${ADDRESS}.arn}`,
      hostedZoneId: `\${${ADDRESS}.hosted_zone}`,
    });
  });

  test("may lie in a VPC that only Terraform knows", () => {
    const stack = stackOf((stack) => {
      const vpcId = variable(stack, "vpc_id").stringValue;
      new DnsNamespace(stack, "dns_namespace", { namespaceName: "a.internal", vpcId });
    });
    expect(stack.resource(ADDRESS).vpc).toBe("${var.vpc_id}");
  });

  test("is refused with a name that DNS does not allow, naming the construct", () => {
    const message = refusalOf((stack) => {
      new DnsNamespace(stack, "dns_namespace", { namespaceName: "Trading Platform", vpcId: VPC });
    });
    expect(message).toMatch(/^small\/dns_namespace: namespaceName is "Trading Platform"\n/);
  });

  test("is refused with an id that is no VPC's", () => {
    const message = refusalOf((stack) => {
      new DnsNamespace(stack, "dns_namespace", { namespaceName: "a.internal", vpcId: "my-vpc" });
    });
    expect(message).toMatch(/^small\/dns_namespace: vpcId is "my-vpc"\n/);
  });
});

test("a namespace that exists already is its id and its name", () => {
  const attributes = { namespaceId: "ns-1", namespaceName: "a.internal" };
  expect(DnsNamespace.fromDnsNamespaceAttributes(attributes)).toEqual(attributes);
});
