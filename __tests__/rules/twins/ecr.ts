import { Ecr, type EcrProps } from "../../../modules/core/storage/ecr";
import { EcrLifecyclePolicy } from "../../../modules/core/storage/ecr-lifecycle";
import { ecr } from "../../../modules/rules";
import type { SmallStack } from "../../modules/stack-of";
import { twin, type Twin } from "./twin";

const URL = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/stock";
const KEY = "arn:aws:kms:eu-central-1:123456789012";
const make = (stack: SmallStack, props: Partial<EcrProps>): unknown =>
  new Ecr(stack, "ecr", { repositoryName: "stock", ...props });
const named = (stack: SmallStack, repositoryName: string): unknown => make(stack, { repositoryName });
const imported = (stack: SmallStack, repositoryUrl: string): unknown =>
  Ecr.fromEcrAttributes(stack, { repositoryUrl });
const kept = (stack: SmallStack, lifecyclePolicy: EcrLifecyclePolicy): unknown =>
  make(stack, { lifecyclePolicy });

const policy = (): EcrLifecyclePolicy => new EcrLifecyclePolicy();
const patterns = (...tagPatterns: string[]): EcrLifecyclePolicy =>
  policy().expire({ tagPatterns }, { moreThan: 1 });
const rules = (count: number): EcrLifecyclePolicy => {
  const all = policy();
  for (let index = 0; index < count; index++) all.expire({ tagPatterns: [`v${index}-*`] }, { moreThan: 1 });
  return all;
};
/** Its JSON text has 30,720 characters for a last pattern of 34. */
const long = (last: number): EcrLifecyclePolicy =>
  patterns(...Array<string>(233).fill("a".repeat(128)), "b".repeat(last));

export const ECR_TWINS: readonly Twin[] = [
  twin(ecr.name, named, { bad: "Stock", good: "stock" }),
  twin(ecr.name, named, { bad: "stock-", good: "stock-1" }),
  twin(ecr.name, named, { bad: "s", good: "st" }),
  twin(ecr.name, named, { bad: "s".repeat(257), good: "s".repeat(256) }),
  twin(
    ecr.nameTaken,
    (stack, repositoryName) => {
      named(stack, "stock");
      new Ecr(stack, "second", { repositoryName });
    },
    { bad: "stock", good: "stocks" },
  ),
  twin(ecr.url, imported, { bad: `https://${URL}`, good: URL }),
  twin(ecr.url, imported, { bad: `${URL}:1.0`, good: URL }),
  twin(
    ecr.mutability,
    (stack, given) => make(stack, { imageTagMutability: given as EcrProps["imageTagMutability"] }),
    { bad: "Mutable", good: "MUTABLE" },
  ),
  twin(ecr.keyArn, (stack, kmsKeyArn) => make(stack, { kmsKeyArn }), {
    bad: `${KEY}:alias/ecr`,
    good: `${KEY}:key/ecr`,
  }),
  twin(ecr.lifecycleRules, kept, { bad: policy(), good: policy().expire("any", { moreThan: 1 }) }),
  twin(ecr.lifecycleRules, kept, { bad: rules(51), good: rules(50) }),
  twin(ecr.lifecycleAny, kept, {
    bad: policy().expire("any", { moreThan: 9 }).expire("untagged", { moreThan: 1 }),
    good: policy().expire("untagged", { moreThan: 1 }).expire("any", { moreThan: 9 }),
  }),
  twin(ecr.lifecycleUntagged, kept, {
    bad: policy().expire("untagged", { moreThan: 9 }).expire("untagged", { olderThanDays: 1 }),
    good: policy().expire("untagged", { moreThan: 9 }).expire("any", { olderThanDays: 1 }),
  }),
  twin(ecr.lifecyclePatterns, kept, { bad: patterns(), good: patterns("v*") }),
  twin(ecr.lifecyclePatterns, kept, { bad: patterns("*-*-*-*-*"), good: patterns("*-*-*-*") }),
  twin(ecr.lifecyclePatterns, kept, { bad: patterns("a".repeat(129)), good: patterns("a".repeat(128)) }),
  twin(ecr.lifecycleCount, (stack, moreThan) => kept(stack, policy().expire("any", { moreThan })), {
    bad: 0,
    good: 1,
  }),
  twin(ecr.lifecycleCount, (stack, olderThanDays) => kept(stack, policy().expire("any", { olderThanDays })), {
    bad: 1.5,
    good: 1,
  }),
  twin(ecr.lifecycleSize, kept, { bad: long(35), good: long(34) }),
];
