import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack } from "cdktf";
import { LoadBalancer } from "../../../modules/core/load-balancing/load-balancer";
import { Platform, type PlatformProps } from "../../../modules/core/framework/platform";
import { platform } from "../../../modules/rules";
import { SecurityGroup } from "../../../modules/core/network/security-group";
import { SmallStack, SUBNETS, VPC } from "../../modules/stack-of";
import { twin, type Twin } from "./twin";

/** A stack in the stack, so that its findings are among those of the one that is looked at. */
const plainIn = (stack: SmallStack): TerraformStack => {
  const plain = new TerraformStack(stack, "inner");
  new AwsProvider(plain, "aws");
  return plain;
};
const inner = (stack: SmallStack, props: PlatformProps): TerraformStack => {
  const plain = plainIn(stack);
  Platform.define(plain, props);
  return plain;
};
const prefix = (stack: SmallStack, text: string): unknown => inner(stack, { prefix: text });
const environment = (stack: SmallStack, text: string): unknown => inner(stack, { environment: text });
const balanced = (stack: SmallStack, name: string): unknown =>
  new LoadBalancer(inner(stack, { environment: name }), "lb", { vpcId: VPC, subnets: SUBNETS });

const define = (stack: SmallStack, when: "first" | "last"): void => {
  const plain = plainIn(stack);
  if (when === "first") Platform.define(plain, { environment: "staging" });
  new SecurityGroup(plain, "group", { vpcId: VPC, purpose: "x", description: "" });
  if (when === "last") Platform.define(plain, { environment: "staging" });
};

export const PLATFORM_TWINS: readonly Twin[] = [
  twin(platform.part, prefix, { bad: "Acme", good: "acme" }),
  twin(platform.part, prefix, { bad: "acme-", good: "acme-2" }),
  twin(platform.part, environment, { bad: "pre--prod", good: "pre-prod" }),
  twin(platform.part, environment, { bad: "1st", good: "first" }),
  twin(platform.part, environment, { bad: "", good: "e" }),
  twin(platform.part, environment, { bad: "e".repeat(33), good: "e".repeat(32) }),
  twin(platform.room, balanced, { bad: "e".repeat(24), good: "e".repeat(23) }),
  {
    rule: platform.first,
    title: "after the first name",
    bad: (stack) => define(stack, "last"),
    good: (stack) => define(stack, "first"),
  },
  {
    rule: platform.first,
    title: "a second time",
    bad: (stack) => void Platform.define(stack, { environment: "staging" }),
    good: (stack) => void Platform.of(stack),
  },
];
