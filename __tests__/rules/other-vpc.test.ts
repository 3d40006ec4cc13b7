import { areInDifferentVpcs } from "../../modules/core/network/other-vpc";
import { DnsNamespace } from "../../modules/core/cloud-map/dns-namespace";
import { Network } from "../../modules/core/network/network";
import { SmallStack, testApp, variable, VPC } from "../modules/stack-of";

const OTHER = "vpc-0123456789abcdef9";

describe("things are in different VPCs", () => {
  const app = testApp();
  const stack = new SmallStack(app);
  const elsewhere = new SmallStack(app, "elsewhere");
  const network = new Network(stack, "network");
  const given = variable(stack, "vpc_id").stringValue;
  const namespace = new DnsNamespace(stack, "dns", {
    namespaceName: "a.internal",
    vpcId: new Network(stack, "second").vpcId,
  });

  test("where their ids differ, or one is given and the other a VPC of the app", () => {
    expect(areInDifferentVpcs(stack, VPC, { vpcId: OTHER })).toBe(true);
    expect(areInDifferentVpcs(stack, network.vpcId, { vpcId: OTHER })).toBe(true);
    expect(areInDifferentVpcs(stack, network.vpcId, namespace)).toBe(true);
    expect(areInDifferentVpcs(elsewhere, OTHER, namespace)).toBe(true);
  });

  test("but not where a reference may mean the same one, or one of the VPCs is not known", () => {
    expect(areInDifferentVpcs(stack, given, { vpcId: OTHER })).toBe(false);
    expect(areInDifferentVpcs(stack, given, namespace)).toBe(false);
    expect(areInDifferentVpcs(elsewhere, namespace.vpcId, namespace)).toBe(false);
    expect(areInDifferentVpcs(stack, VPC, {})).toBe(false);
    expect(areInDifferentVpcs(stack, VPC, undefined)).toBe(false);
  });
});
