import type { IConstruct } from "constructs";
import { check, checkInteger } from "./check";

/** Which images a rule is about: those without a tag, those whose tags fit a pattern, or all. */
export type EcrImageSelection = "untagged" | "any" | { readonly tagPatterns: readonly string[] };

/** When an image of the selection expires: beyond a count of newer ones, or at an age. */
export type EcrExpiry = { readonly moreThan: number } | { readonly olderThanDays: number };

interface LifecycleRule {
  readonly images: EcrImageSelection;
  readonly expiry: EcrExpiry;
}

const SOURCE = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html";

/**
 * Builds the lifecycle policy of a repository. The order of the calls is the order of the rules: an image belongs to
 * the first that selects it.
 *
 * ```ts
 * new EcrLifecyclePolicy().expire("untagged", { olderThanDays: 7 }).expire("any", { moreThan: 30 })
 * ```
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
export class EcrLifecyclePolicy {
  /** Untagged images leave after a week, of all others the newest thirty stay. */
  public static standard(): EcrLifecyclePolicy {
    return new EcrLifecyclePolicy().expire("untagged", { olderThanDays: 7 }).expire("any", { moreThan: 30 });
  }

  private readonly rules: LifecycleRule[] = [];

  /** Adds a rule after those that are there. */
  public expire(images: EcrImageSelection, expiry: EcrExpiry): this {
    this.rules.push({ images, expiry });
    return this;
  }

  /**
   * The policy as JSON text, for `aws_ecr_lifecycle_policy`.
   * @throws InvalidInputError for a policy that ECR would refuse
   */
  public toJson(scope: IConstruct): string {
    check(scope, "lifecyclePolicy", this.rules.length, (count) => count >= 1 && count <= 50, {
      allowed: "1 to 50 rules",
      mend: "add one with expire(...), or leave lifecyclePolicy out to get the standard policy",
      source: SOURCE,
    });
    return JSON.stringify({ rules: this.rules.map((rule, index) => this.render(scope, rule, index)) });
  }

  private render(scope: IConstruct, rule: LifecycleRule, index: number): object {
    const property = `lifecyclePolicy rule ${index + 1}`;
    const isLast = index === this.rules.length - 1;
    check(scope, property, rule.images, (images) => images !== "any" || isLast, {
      allowed: '"any" in the last rule only: it selects every image, so no rule after it could act',
      mend: "move the rule to the end and keep only one of its kind",
      source: SOURCE,
    });
    if (typeof rule.images === "object") {
      check(
        scope,
        property,
        rule.images.tagPatterns,
        (patterns) => patterns.length > 0 && patterns.every(isTagPattern),
        {
          allowed: "at least one pattern of 1 to 128 characters with at most four *",
          mend: 'give patterns such as "release-*"',
          source: SOURCE,
        },
      );
    }
    const days = "olderThanDays" in rule.expiry;
    const countNumber = "olderThanDays" in rule.expiry ? rule.expiry.olderThanDays : rule.expiry.moreThan;
    checkInteger(
      scope,
      property,
      countNumber,
      { min: 1, max: 2147483647 },
      { mend: "give 1 or more", source: SOURCE },
    );
    return {
      rulePriority: index + 1,
      selection: {
        ...(typeof rule.images === "object"
          ? { tagStatus: "tagged", tagPatternList: rule.images.tagPatterns }
          : { tagStatus: rule.images }),
        countType: days ? "sinceImagePushed" : "imageCountMoreThan",
        ...(days ? { countUnit: "days" } : {}),
        countNumber,
      },
      action: { type: "expire" },
    };
  }
}

function isTagPattern(pattern: string): boolean {
  return pattern.length >= 1 && pattern.length <= 128 && (pattern.match(/\*/g) ?? []).length <= 4;
}
