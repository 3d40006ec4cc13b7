import type { Rules } from "./rule";

/** Values that ECS reads for containers. */
export const secrets = {
  arn: {
    id: "secrets-arn",
    about:
      "ECS reads a value by the full ARN of the secret or parameter, and the execution role is granted just that one. What was given is never printed: it may be the secret itself.",
    held: "synth",
    allowed: "the full ARN of what holds the value",
    mend: "pass the `arn` of the secret or parameter; never put its value here",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html",
  },
  arnSuffix: {
    id: "secrets-arn-suffix",
    about:
      "The ARN of a secret ends with a hyphen and six characters that Secrets Manager chose; a right on the ARN without them is a right on nothing.",
    held: "warning",
    allowed: "an ARN that ends with a hyphen and six letters or digits",
    mend: "copy the whole ARN from `aws secretsmanager describe-secret`",
    source: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html",
  },
  keyArn: {
    id: "secrets-key-arn",
    about:
      "IAM knows a KMS key by its own ARN: with an id or an alias the right to decrypt is one on nothing.",
    held: "synth",
    allowed: "the ARN of a KMS key: arn:<partition>:kms:<region>:<account>:key/...",
    mend: "give the key's own ARN, from `aws kms describe-key`",
    source: "https://docs.aws.amazon.com/kms/latest/developerguide/cmks-in-iam-policies.html",
  },
  part: {
    id: "secrets-part",
    about:
      "Key, staging label and version stand behind the ARN with colons between them, so none of them can have one: ECS would read another key.",
    held: "synth",
    allowed: "at least one character and no colon",
    mend: "give one part in each property, or read the whole secret and take it apart in the container",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html",
  },
  version: {
    id: "secrets-version",
    about: "A version is named by its staging label or by its id, not by both.",
    held: "synth",
    allowed: "`versionStage` or `versionId`",
    mend: "leave one of them out",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html",
  },
  jsonKey: {
    id: "secrets-json-key",
    about:
      "One value of a JSON secret is read by the suffix :<key>::, which is no part of the ARN in a policy.",
    held: "design",
    how: "`jsonKey` writes the suffix, and the grant names the bare ARN.",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html",
  },
} as const satisfies Rules;
