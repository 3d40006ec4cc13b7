import type { Rules } from "./rule";

/** What differs from one account, region and partition to the next. */
export const account = {
  partition: {
    id: "account-partition",
    about: "ARNs begin with another partition in China (aws-cn) and in GovCloud (aws-us-gov).",
    held: "design",
    how: "ARNs are made of `aws_partition`, `aws_region` and `aws_caller_identity`, or of other ARNs; none is written out.",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html",
  },
  region: {
    id: "account-region",
    about: "What is synthesized for one region names nothing of it, or it is refused in the next one.",
    held: "design",
    how: "Regions are read when Terraform plans, by `id`, which both majors of the provider have.",
    source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/region",
  },
} as const satisfies Rules;
