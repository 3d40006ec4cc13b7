import { TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { MAX_QUALIFIER, platform as rules } from "../../rules/platform";
import { check, checkLiteral, refuse } from "./check";
import { checkTags, type Tags } from "./tags";

/** What everything in a stack has in common: how its names begin and which tags it carries. */
export interface PlatformProps {
  /**
   * What all names begin with, for example `acme`: 1 to 32 lower case letters, digits and single hyphens.
   * @default - names begin with the environment, or with the stack's id
   */
  readonly prefix?: string;
  /**
   * Which one of several deployments in an account and region it is, for example `staging`; in names, behind the prefix,
   * and the tag `Environment`. 1 to 32 lower case letters, digits and single hyphens.
   * @default - the only one: neither in names nor in tags
   */
  readonly environment?: string;
  /** Tags for everything, beside `Stack`, `ManagedBy` and `Environment`. @default - none */
  readonly tags?: Tags;
}

const PART = /^[a-z](?:-?[a-z0-9])*$/;

/** True for what can be a prefix or an environment. */
export function isPlatformPart(text: string): boolean {
  return text.length <= MAX_QUALIFIER && PART.test(text);
}

/** `acme-staging`, `acme`, `staging` or nothing. */
function qualifierOf(prefix?: string, environment?: string): string {
  return [prefix, environment].filter((part) => part !== undefined).join("-");
}

const platforms = new WeakMap<TerraformStack, Platform>();

/**
 * Prefix, environment and tags of a stack, where every construct finds them.
 *
 * A `BaseStack` takes them as props. In a stack of your own:
 *
 * ```ts
 * const platform = Platform.define(this, { prefix: "acme", environment: "staging", tags: { CostCenter: "42" } });
 * new AwsProvider(this, "aws", { defaultTags: [{ tags: platform.tags }] });
 * ```
 *
 * Names that are made carry prefix and environment. A name that is given is used as it is: pass it through `qualify`
 * where an account has it once.
 */
export class Platform {
  /** That of the stack which `scope` is in; without prefix and environment where none were said. */
  public static of(scope: IConstruct): Platform {
    const stack = TerraformStack.of(scope);
    let platform = platforms.get(stack);
    if (platform === undefined) {
      platform = new Platform(stack, {});
      platforms.set(stack, platform);
    }
    return platform;
  }

  /**
   * Says what the names of a stack begin with and what its tags are, once and before anything is put into it.
   * Synthesis is refused for other parts of names and other tags than AWS takes
   * @throws InvalidInputError where prefix or environment are only known to Terraform
   */
  public static define(stack: TerraformStack, props: PlatformProps): Platform {
    const known = platforms.get(stack);
    if (known !== undefined) {
      refuse({ scope: stack, property: "platform", value: props }, rules.first);
      return known;
    }
    const platform = new Platform(stack, props);
    platforms.set(stack, platform);
    platform.check();
    return platform;
  }

  /** `staging`. */
  public readonly environment?: string;
  /** What names begin with: `acme-staging-trading-platform`, which ends with the stack's id. */
  public readonly name: string;
  /** `Stack`, `ManagedBy`, `Environment` where there is one, and those that were given: for `default_tags`. */
  public readonly tags: Tags;
  /** `Environment` and those that were given: for what `default_tags` does not reach. */
  public readonly ownTags: Tags;

  private constructor(
    private readonly stack: TerraformStack,
    private readonly props: PlatformProps,
  ) {
    const { environment, tags } = props;
    this.environment = environment;
    this.name = this.qualify(stack.node.id);
    this.ownTags = { ...(environment === undefined ? {} : { Environment: environment }), ...tags };
    this.tags = { Stack: stack.node.id, ManagedBy: "terraform", ...this.ownTags };
  }

  /**
   * A name that is given, behind prefix and environment: `acme-staging-mesh`, or `acme-staging/mesh` with a slash.
   * @param environment another one than the stack's own: its name there
   */
  public qualify(name: string, separator: "-" | "/" = "-", environment = this.environment): string {
    const qualifier = qualifierOf(this.props.prefix, environment);
    return qualifier === "" ? name : `${qualifier}${separator}${name}`;
  }

  /**
   * `<name>-<part>`, and without the stack's id where that is longer than `room`: prefix, environment and part tell a
   * person more. Refuses prefix and environment that would be cut off.
   * @param limit what AWS allows, of which `room` is left for words
   */
  public stem(part: string, room: number, limit: number): string {
    const qualifier = qualifierOf(this.props.prefix, this.environment);
    check(this.stack, "prefix and environment", qualifier, (text) => text.length <= room, {
      ...rules.room,
      allowed: `${room} characters together: names of ${limit} keep ${limit - room} for what tells them apart`,
    });
    const whole = `${this.name}-${part}`;
    return whole.length <= room || qualifier === "" ? whole : `${qualifier}-${part}`;
  }

  private check(): void {
    const { prefix, environment } = this.props;
    for (const [property, part] of Object.entries({ prefix, environment })) {
      if (part === undefined) continue;
      checkLiteral(this.stack, property, part);
      check(this.stack, property, part, isPlatformPart, rules.part);
    }
    checkTags(this.stack, "tags", this.tags);
  }
}
