import type { Rules } from "./rule";

const IAM_TAG = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html";
const TAG_RULES = "https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html";

/** What holds for all constructs: the provider, references, tags, addresses and names. */
export const general = {
  providerValidation: {
    id: "general-provider-validation",
    about:
      "The provider skips the validation of a whole block as soon as one value in it is a reference, so that wrong enums and ranges fail in the middle of an apply.",
    held: "design",
    how: "No rule here counts on the provider: inputs are held against this catalogue when the app is synthesized, and all other values are constants or references.",
    source: "https://developer.hashicorp.com/terraform/language/expressions/references",
  },
  containerJson: {
    id: "general-container-json",
    about:
      "In container_definitions the provider drops keys that it does not know without a word, and fails in the middle of an apply for values of another type.",
    held: "design",
    how: "Containers are typed and there is no way to pass raw JSON; numbers among texts are written as texts, and what is not given is left out.",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
  },
  references: {
    id: "general-references",
    about:
      "The text of a reference is a placeholder until Terraform resolves it, and says nothing about the value.",
    held: "design",
    how: "`check` and `warnUnless` leave references alone, and so do rules for the elements of lists; where a value must be known, that is a rule of its own.",
    source: "https://developer.hashicorp.com/terraform/cdktf/concepts/tokens",
  },
  literal: {
    id: "general-literal",
    about:
      "What other names, addresses or numbers are made of must be known when the app is synthesized: a reference would leave its placeholder in them.",
    held: "synth",
    allowed: "a value that is known when the app is synthesized: other names are made of it",
    mend: "write it out, or read it from the app's configuration",
    source: "https://developer.hashicorp.com/terraform/cdktf/concepts/tokens",
  },
  library: {
    id: "general-library",
    about:
      "CDKTF (cdktf) and CDK Terrain (cdktn) are two libraries: an App of the one cannot synthesize resources of the other.",
    held: "synth",
    allowed:
      "the library that the package is made for: cdktf-ecs-discovery for an app of cdktf, cdktn-ecs-discovery for one of cdktn",
    mend: "install and import the package that is made for the app's library; uninstall the other one, with the library that npm added for it",
    source: "https://cdktn.io/docs/release/upgrade-guide-v0-22",
  },
  given: {
    id: "general-given",
    about: "A property without a default must be given, in programs that are not type-checked too.",
    held: "synth",
    allowed: "a value: the property has no default",
    mend: "give it; a value from `process.env` is undefined if the environment has no variable of that name",
  },
  text: {
    id: "general-text",
    about:
      "A text must be given: JavaScript writes undefined and null as words, which containers and policies would get.",
    held: "synth",
    allowed: "a text, which may be empty",
    mend: "give it a value, or leave the entry out; `process.env.NAME` is undefined if the environment has no NAME",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KeyValuePair.html",
  },
  words: {
    id: "general-words",
    about: "A command is a list of words; ECS splits no text.",
    held: "synth",
    allowed: "a list of texts",
    mend: 'give one text for each word: ["node", "server.js"]',
    source: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
  },
  knownEntries: {
    id: "general-known-entries",
    about:
      "A list or a map whose entries are written one by one must be known when the app is synthesized: CDKTF has only one placeholder for all of them.",
    held: "synth",
    allowed:
      "a list or map whose entries are known when the app is synthesized; each value may be a reference",
    mend: "write the entries out, each with its own variable, or join a list to one text with `Fn.join`",
    source: "https://developer.hashicorp.com/terraform/cdktf/concepts/tokens",
  },
  arithmetic: {
    id: "general-arithmetic",
    about:
      "A number that only Terraform knows is a placeholder of some 300 digits to JavaScript: after arithmetic no reference is left. Adding a small number is lost without a trace and cannot be found.",
    held: "synth",
    allowed: "the number as the variable or resource has it, or one that `Op` calculates",
    mend: "calculate with `Op` of CDKTF, for example `Op.add(port, 1)`",
    source: "https://developer.hashicorp.com/terraform/cdktf/concepts/functions",
  },
  tagCount: {
    id: "general-tag-count",
    about: "A resource has at most 50 tags; some resources here carry a Name beside those of the stack.",
    held: "synth",
    allowed:
      "at most 49 tags, Stack, ManagedBy and Environment among them: with the Name of a resource that makes 50",
    mend: "take some of them out",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
  },
  tagKey: {
    id: "general-tag-key",
    about:
      "The key of a tag has 1 to 128 characters and does not begin with aws:, which is AWS's own; the provider leaves such a tag out and shows it in every plan.",
    held: "synth",
    allowed: "1 to 128 letters, digits, spaces and _ . : / = + - @, not beginning with aws:",
    mend: 'choose a key such as "CostCenter"',
    source: IAM_TAG,
  },
  tagValue: {
    id: "general-tag-value",
    about:
      "The value of a tag has at most 256 characters; IAM, ECS and EFS refuse commas, brackets and semicolons.",
    held: "synth",
    allowed: "at most 256 letters, digits, spaces and _ . : / = + - @",
    mend: "write it with other signs, for example hyphens",
    source: IAM_TAG,
  },
  tagKeyCase: {
    id: "general-tag-key-case",
    about:
      "IAM takes keys of a role's tags that differ in upper and lower case alone for one, and refuses the second.",
    held: "warning",
    allowed: "keys that differ in more than upper and lower case, from Stack, ManagedBy and Environment too",
    mend: "keep one of the two",
    source: TAG_RULES,
  },
  nameTag: {
    id: "general-name-tag",
    about: "A Name that is made of construct ids or paths may hold signs that a tag cannot.",
    held: "design",
    how: "Such signs become hyphens in it, and it is cut to 256 characters.",
    source: IAM_TAG,
  },
  stackId: {
    id: "general-stack-id",
    about:
      "The id of a stack stands in the names of log groups, roles and other resources, and in a tag: CloudWatch Logs takes no other signs.",
    held: "synth",
    allowed: "1 to 128 letters, digits, hyphens, underscores and dots",
    mend: 'choose an id such as "trading-platform"',
    source: "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html",
  },
  address: {
    id: "general-address",
    about:
      "Two elements of a stack cannot have one Terraform address: of the second one nothing would be left in the configuration.",
    held: "synth",
    allowed: "one construct per address; ids are counted from the outermost module, not from the stack",
    mend: "give one of the two another id",
    source: "https://developer.hashicorp.com/terraform/cli/state/resource-addressing",
  },
  oneStackId: {
    id: "general-one-stack-id",
    about:
      "CDKTF writes each stack into the folder of its id: of two stacks with one id, in whatever scopes, it writes only the last.",
    held: "synth",
    allowed: "an id that no other stack of the app has, in any scope",
    mend: 'give each stack its own id, for example "shop-staging" and "shop-production"',
    source: "https://developer.hashicorp.com/terraform/cdktf/concepts/stacks",
  },
  stackCircle: {
    id: "general-stack-circle",
    about: "Two stacks cannot refer to each other, directly or over others: one of them is deployed first.",
    held: "synth",
    allowed: "references in one direction between two stacks",
    mend: "put both sides into one stack, or give one by what is known of it: `EcsService.fromServiceAttributes`",
    source: "https://developer.hashicorp.com/terraform/cdktf/concepts/stacks",
  },
  ecsName: {
    id: "general-ecs-name",
    about:
      "Names of ECS clusters, services, task families, containers and volumes have at most 255 characters and no dots. The provider does not check them.",
    held: "synth",
    allowed: "1 to 255 letters, digits, hyphens and underscores; no space, no dot",
    mend: 'choose a name such as "stock-service"',
    source: "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html",
  },
  nameLength: {
    id: "general-name-length",
    about: "Names that are made of ids outgrow the limits of AWS, and cut ones may be the same.",
    held: "design",
    how: "Names of roles, security groups and target groups are prefixes, cut so that the 26 characters that the provider adds, or a hash, keep them apart.",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
  },
  createBeforeDestroy: {
    id: "general-create-before-destroy",
    about: "A resource of a fixed name cannot be made anew before the old one is deleted: the name is taken.",
    held: "design",
    how: "create_before_destroy stands only where the name is a prefix or has a hash of what forces the replacement in it; a service is deleted first.",
    source: "https://github.com/hashicorp/terraform-provider-aws/issues/14489",
  },
  acknowledged: {
    id: "general-acknowledged",
    about: "Only what warns can be acknowledged, by the id of its rule.",
    held: "synth",
    allowed: "the id of a rule that warns",
    mend: "give the id that stands in the warning; what is refused cannot be acknowledged",
  },
} as const satisfies Rules;
