import type { Rules } from "./rule";

const QUOTAS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html";
const CREATE_ROLE = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html";
const SID = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html";
const GRAMMAR = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html";
const PRINCIPAL =
  "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html";
const TASK_ROLES = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html";
const EXECUTION_ROLE =
  "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html";

/** Roles and their policies. */
export const iam = {
  roleName: {
    id: "iam-role-name",
    about:
      "The name of a role has at most 64 characters and is there once in an account, in all regions, upper and lower case being one.",
    held: "design",
    how: "Roles, inline policies and instance profiles have prefixes of at most 38 characters, to which the provider adds 26 that nothing else has.",
    source: QUOTAS,
  },
  path: {
    id: "iam-path",
    about: "A path begins and ends with a slash.",
    held: "absent",
    how: "Not offered: all roles have the path /.",
    source: QUOTAS,
  },
  description: {
    id: "iam-description",
    about:
      "The description of a role is in Latin letters: IAM refuses arrows, long dashes and curly quotes, the provider does not.",
    held: "synth",
    allowed: "at most 1000 Latin letters and signs",
    mend: "write it without arrows, dashes and quotes of other kinds than those on a keyboard",
    source: CREATE_ROLE,
  },
  policySize: {
    id: "iam-policy-size",
    about:
      "All inline policies of a role have at most 10,240 characters together, without white space; the provider takes more.",
    held: "synth",
    allowed: "at most 10240 characters, each ARN that is a reference counted as the shortest there is",
    mend: "give each service an execution role of its own: leave `taskExecutionRole` out",
    source: QUOTAS,
  },
  trustSize: {
    id: "iam-trust-size",
    about: "A trust policy has at most 2,048 characters.",
    held: "design",
    how: "Trust policies have one statement each, of some 400 characters; nothing can be added to it.",
    source: QUOTAS,
  },
  managedPolicies: {
    id: "iam-managed-policies",
    about: "A managed policy has at most 6,144 characters, and a role has 10 of them.",
    held: "design",
    how: "All policies are inline.",
    source: QUOTAS,
  },
  sid: {
    id: "iam-sid",
    about: "A sid is made of letters and digits; the provider takes other signs too, IAM does not.",
    held: "synth",
    allowed: "letters from A to Z and digits, at least one",
    mend: 'give a sid such as "ReadQuotes"',
    source: SID,
  },
  sidTaken: {
    id: "iam-sid-taken",
    about:
      "A sid is there once in a policy: statements of one sid are merged, which goes where they differ in resources alone.",
    held: "synth",
    allowed: "statements of one sid with the same effect, actions and conditions",
    mend: "give one of the statements another sid",
    source: SID,
  },
  statement: {
    id: "iam-statement",
    about:
      "A statement of a role's policy names actions and resources: IAM refuses it otherwise, the provider does not.",
    held: "synth",
    allowed: "at least one action and at least one resource",
    mend: 'name the ARNs; "*" only for actions that know no resource',
    source: GRAMMAR,
  },
  policyVariable: {
    id: "iam-policy-variable",
    about:
      "In resources and conditions ${...} is a variable of IAM. It is written as IAM has it; Terraform's own escape, or a reference to a resource as a text, would be another policy.",
    held: "synth",
    allowed: "variables such as ${aws:username} and ${aws:PrincipalTag/team}, or ${*}, ${?} and ${$}",
    mend: "write one dollar before the brace, and give what belongs to a resource by its attribute: `bucket.arn`",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html",
  },
  principal: {
    id: "iam-principal",
    about:
      "A policy of a role names no principal, since that is the role; the policy of a file system must name one.",
    held: "synth",
    allowed: "no principal in a role's statement, one in a file system's",
    mend: "grant roles their rights by `grant`, and say who in policies of resources",
    source: PRINCIPAL,
  },
  tasksTrust: {
    id: "iam-tasks-trust",
    about:
      "The trust of task roles is bound to the account and to arn:<partition>:ecs:<region>:<account>:*; with a cluster's ARN the role cannot be assumed.",
    held: "design",
    how: "Exactly that is written, with account, region and partition of the stack; there is no input for it.",
    source: TASK_ROLES,
  },
  executionRights: {
    id: "iam-execution-rights",
    about:
      "An execution role needs rights on the repositories, log groups and secrets of its tasks, in forms that differ from service to service.",
    held: "design",
    how: "Images, log groups and secrets grant what they need: pull on the repository, streams and events on the ARN of the log group with :* behind it, values on the bare ARN of the secret. An imported role keeps its owner's rights.",
    source: EXECUTION_ROLE,
  },
  separatePolicies: {
    id: "iam-separate-policies",
    about:
      "`inline_policy` and `managed_policy_arns` of a role are deprecated, and take away what others attach.",
    held: "design",
    how: "Policies are resources of their own.",
    source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role",
  },
  emptyPolicy: {
    id: "iam-empty-policy",
    about: "IAM refuses a policy without statements, which the provider takes.",
    held: "design",
    how: "A role has a policy from its first grant on, and none before.",
    source: GRAMMAR,
  },
  instanceTrust: {
    id: "iam-instance-trust",
    about: "Instances assume their role as ec2.amazonaws.com.",
    held: "design",
    how: "The role of EC2 capacity trusts exactly that; there is no input for it.",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html",
  },
} as const satisfies Rules;
