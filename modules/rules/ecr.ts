import type { Rules } from "./rule";

const CREATE_REPOSITORY =
  "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html";
const LIFECYCLE = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html";
const PUT_LIFECYCLE = "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutLifecyclePolicy.html";

/** Repositories for images. */
export const ecr = {
  name: {
    id: "ecr-name",
    about:
      "The name of a repository is in lower case and has 2 to 256 characters. The provider does not check it.",
    held: "synth",
    allowed:
      "2 to 256 characters in lower case: letters and digits, with single . _ - between them and / between parts",
    mend: 'choose a name such as "stock-service" or "trading/stock-service"',
    source: CREATE_REPOSITORY,
  },
  nameTaken: {
    id: "ecr-name-taken",
    about:
      "An account has one repository of a name in a region: a second one fails with RepositoryAlreadyExistsException.",
    held: "synth",
    allowed: "a name that no other repository of the stack has",
    mend: "give one of the two another name, or use one repository for both",
    source: CREATE_REPOSITORY,
  },
  url: {
    id: "ecr-url",
    about: "The right to pull is granted on the ARN that the URL of a repository stands for.",
    held: "synth",
    allowed: "<account>.dkr.ecr.<region>.amazonaws.com/<name>, without scheme and tag",
    mend: "copy it from `aws ecr describe-repositories`; other registries: ContainerImage.fromRegistry(name)",
    source: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html",
  },
  forceDelete: {
    id: "ecr-force-delete",
    about: "A repository with images in it cannot be destroyed: RepositoryNotEmptyException.",
    held: "left",
    how: "Meant so: images cannot be made again from the stack. `forceDelete` lets them go.",
    source: "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRepository.html",
  },
  mutability: {
    id: "ecr-mutability",
    about:
      "Tags are MUTABLE or IMMUTABLE, in capitals; the provider knows other values from version 6.8 on only.",
    held: "synth",
    allowed: '"IMMUTABLE" or "MUTABLE"',
    mend: "leave it out for IMMUTABLE: a rollback then gets the image that it asks for",
    source: CREATE_REPOSITORY,
  },
  keyArn: {
    id: "ecr-key-arn",
    about: "ECR gives back the ARN of a key: an alias in its place replaces the repository in every plan.",
    held: "warning",
    allowed: "the ARN of a KMS key: arn:<partition>:kms:<region>:<account>:key/...",
    mend: "give the key's own ARN, from `aws kms describe-key`",
    source: "https://github.com/cloudposse/terraform-aws-ecr/issues/85",
  },
  encryptionStays: {
    id: "ecr-encryption-stays",
    about: "Another key replaces the repository, and with it go its images.",
    held: "left",
    how: "The plan shows the replacement, and without `forceDelete` it fails while there are images.",
    source: "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_EncryptionConfiguration.html",
  },
  lifecycleRules: {
    id: "ecr-lifecycle-rules",
    about: "A lifecycle policy has 1 to 50 rules; the provider takes an empty one too.",
    held: "synth",
    allowed: "1 to 50 rules",
    mend: "add one with expire(...), or leave lifecyclePolicy out to get the standard policy",
    source: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html",
  },
  lifecycleAny: {
    id: "ecr-lifecycle-any",
    about: 'A rule for "any" image has the highest priority number of all.',
    held: "synth",
    allowed: '"any" in the last rule only: it selects every image, so no rule after it could act',
    mend: "move the rule to the end and keep only one of its kind",
    source: LIFECYCLE,
  },
  lifecycleUntagged: {
    id: "ecr-lifecycle-untagged",
    about: "One rule of a policy selects untagged images.",
    held: "warning",
    allowed: "one rule for untagged images",
    mend: "keep the stricter one",
    source: "https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_ecr.LifecycleRule.html",
  },
  lifecyclePatterns: {
    id: "ecr-lifecycle-patterns",
    about: "A rule for tagged images names at least one pattern of tags, with at most four *.",
    held: "synth",
    allowed: "at least one pattern of 1 to 128 characters with at most four *",
    mend: 'give patterns such as "release-*"',
    source: LIFECYCLE,
  },
  lifecycleCount: {
    id: "ecr-lifecycle-count",
    about: "A count of images or days is a whole number from 1 on.",
    held: "synth",
    allowed: "a whole number from 1 to 2147483647",
    mend: "give 1 or more",
    source: LIFECYCLE,
  },
  lifecycleSize: {
    id: "ecr-lifecycle-size",
    about: "The text of a lifecycle policy has at most 30,720 characters.",
    held: "synth",
    allowed: "a policy of at most 30720 characters",
    mend: "write fewer or shorter patterns: * stands for any number of characters",
    source: PUT_LIFECYCLE,
  },
  lifecycleForm: {
    id: "ecr-lifecycle-form",
    about:
      "Priorities are different numbers, countUnit stands beside sinceImagePushed alone, and only tagged images have patterns.",
    held: "design",
    how: "The order of the calls numbers the rules, and the types decide which fields are written.",
    source: LIFECYCLE,
  },
  lifecycleOnce: {
    id: "ecr-lifecycle-once",
    about: "A repository has one lifecycle policy; a second one takes the place of the first.",
    held: "design",
    how: "It is made with the repository, once.",
    source: PUT_LIFECYCLE,
  },
} as const satisfies Rules;
