import { Token } from "cdktf";
import type { IConstruct } from "constructs";
import { ecr } from "../../rules/ecr";
import { check, checkInteger } from "../framework/check";
import { jsonText } from "../framework/json-text";
import { warnUnless } from "../framework/warnings";

/** Which images a rule is about: those without a tag, those whose tags fit a pattern, or all. */
export type EcrImageSelection = "untagged" | "any" | { readonly tagPatterns: readonly string[] };

/** When an image of the selection expires: beyond a count of newer ones, or at an age. */
export type EcrExpiry =
  | {
      /** Images beyond that many newer ones expire. */
      readonly moreThan: number;
    }
  | {
      /** Images expire that many days after they were pushed. */
      readonly olderThanDays: number;
    };

interface LifecycleRule {
  readonly images: EcrImageSelection;
  readonly expiry: EcrExpiry;
}

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
   * Synthesis is refused for a policy that ECR would refuse
   */
  public toJson(scope: IConstruct): string {
    const property = "lifecyclePolicy";
    const untagged = this.rules.filter(({ images }) => images === "untagged").length;
    check(scope, property, this.rules.length, (count) => count >= 1 && count <= 50, ecr.lifecycleRules);
    warnUnless(scope, property, untagged, (count) => count <= 1, ecr.lifecycleUntagged);
    const policy = { rules: this.rules.map((rule, index) => this.render(scope, rule, index)) };
    const { length } = JSON.stringify(policy);
    check(scope, `${property} length`, length, (given) => given <= 30720, ecr.lifecycleSize);
    return jsonText(policy);
  }

  private render(scope: IConstruct, rule: LifecycleRule, index: number): object {
    const property = `lifecyclePolicy rule ${index + 1}`;
    const isLast = index === this.rules.length - 1;
    check(scope, property, rule.images, (images) => images !== "any" || isLast, ecr.lifecycleAny);
    if (typeof rule.images === "object") {
      check(scope, property, rule.images.tagPatterns, areTagPatterns, ecr.lifecyclePatterns);
    }
    const days = "olderThanDays" in rule.expiry;
    const countNumber = "olderThanDays" in rule.expiry ? rule.expiry.olderThanDays : rule.expiry.moreThan;
    checkInteger(scope, property, countNumber, { min: 1, max: 2147483647 }, ecr.lifecycleCount);
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

function areTagPatterns(patterns: readonly string[]): boolean {
  return patterns.length > 0 && patterns.every((text) => Token.isUnresolved(text) || isTagPattern(text));
}

function isTagPattern(pattern: string): boolean {
  return pattern.length >= 1 && pattern.length <= 128 && (pattern.match(/\*/g) ?? []).length <= 4;
}
