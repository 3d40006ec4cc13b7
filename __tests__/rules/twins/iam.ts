import { Efs } from "../../../modules/core/storage/efs";
import { EcsTasksRole } from "../../../modules/core/iam/ecs-tasks-role";
import type { Statement } from "../../../modules/core/iam/policy";
import { iam } from "../../../modules/rules";
import { SUBNETS, VPC, type SmallStack } from "../../modules/stack-of";
import { twin, type Twin } from "./twin";

const READ: Statement = { sid: "Read", actions: ["s3:GetObject"], resources: ["arn:aws:s3:::quotes/*"] };
const role = (stack: SmallStack, description = "d"): EcsTasksRole =>
  new EcsTasksRole(stack, "role", { purpose: "p", description });
const granted = (stack: SmallStack, ...statements: Partial<Statement>[]): void => {
  const grantee = role(stack);
  statements.forEach((statement) => grantee.grant({ ...READ, ...statement }));
};
const described = (stack: SmallStack, text: string): unknown => role(stack, text);
const principal = (stack: SmallStack, given: Statement["principal"]): void => {
  const fileSystem = new Efs(stack, "efs", { vpcId: VPC, subnets: SUBNETS });
  fileSystem.addToFileSystemPolicy({ sid: "Mount", actions: ["*"], principal: given });
};
/** Beside the resource its policy has 108 characters. */
const sized = (stack: SmallStack, length: number): void =>
  granted(stack, { resources: ["r".repeat(length - 108)] });

export const IAM_TWINS: readonly Twin[] = [
  twin(iam.description, described, { bad: "calls → stock", good: "calls > stock" }),
  twin(iam.description, described, { bad: "d".repeat(1001), good: "d".repeat(1000) }),
  twin(iam.policySize, sized, { bad: 10_241, good: 10_240 }),
  twin(iam.sid, (stack, sid) => granted(stack, { sid }), { bad: "Read-Quotes", good: "ReadQuotes" }),
  twin(iam.sid, (stack, sid) => granted(stack, { sid }), { bad: "", good: "R" }),
  twin<Partial<Statement>>(iam.sidTaken, (stack, second) => granted(stack, {}, second), {
    bad: { actions: ["s3:PutObject"] },
    good: { actions: ["s3:PutObject"], sid: "Write" },
  }),
  twin<Partial<Statement>>(iam.sidTaken, (stack, second) => granted(stack, {}, second), {
    bad: { effect: "Deny" },
    good: { effect: "Allow" },
  }),
  twin(iam.statement, (stack, actions) => granted(stack, { actions }), { bad: [], good: ["s3:GetObject"] }),
  twin<Statement["resources"]>(iam.statement, (stack, resources) => granted(stack, { resources }), {
    bad: undefined,
    good: ["*"],
  }),
  twin(iam.policyVariable, (stack, resource) => granted(stack, { resources: [resource] }), {
    bad: "arn:aws:s3:::bucket/$${aws:username}/*",
    good: "arn:aws:s3:::bucket/${aws:username}/*",
  }),
  twin(iam.policyVariable, (stack, resource) => granted(stack, { resources: [resource] }), {
    bad: "${aws_s3_bucket.quotes.arn}",
    good: "arn:aws:s3:::${aws:PrincipalTag/team, 'none'}/${*}",
  }),
  twin(
    iam.policyVariable,
    (stack, owner) => granted(stack, { conditions: { StringEquals: { "s3:prefix": owner } } }),
    { bad: ["${"], good: ["${saml:sub}"] },
  ),
  twin<Statement["principal"]>(iam.principal, (stack, given) => granted(stack, { principal: given }), {
    bad: "*",
    good: undefined,
  }),
  twin<Statement["principal"]>(iam.principal, principal, { bad: undefined, good: "*" }),
];
