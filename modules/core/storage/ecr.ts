import { DataAwsEcrRepository } from "@cdktf/provider-aws/lib/data-aws-ecr-repository";
import { EcrLifecyclePolicy as AwsEcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { Fn, Token } from "cdktf";
import type { Construct } from "constructs";
import { ecr } from "../../rules/ecr";
import { awsContext } from "../framework/aws-context";
import { check, checkGiven } from "../framework/check";
import { claimInStack } from "../framework/claims";
import { Module } from "../framework/module";
import { checkRepositoryName } from "../framework/names";
import { warnUnless } from "../framework/warnings";
import type { IGrantee } from "../iam/ecs-tasks-role";
import { EcrLifecyclePolicy } from "./ecr-lifecycle";
import { isKeyArn } from "./key-arn";

/** A repository that images are pulled from. */
export interface IEcr {
  /** What images are named by: `<account>.dkr.ecr.<region>.amazonaws.com/<name>`. */
  readonly repositoryUrl: string;
  /** Allows the role to pull from this repository and no other, on behalf of the construct that uses the image. */
  grantPull(grantee: IGrantee, user?: Construct): void;
}

const MUTABILITIES: readonly string[] = ["IMMUTABLE", "MUTABLE"];
const REPOSITORY_URL = /^\d{12}\.dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/[a-z0-9._/-]+$/;

/** What is needed to use a repository that exists already. */
export interface EcrAttributes {
  /** For example `123456789012.dkr.ecr.eu-central-1.amazonaws.com/stock-service`. */
  readonly repositoryUrl: string;
  /** ARN of the repository, which roles are allowed to pull from. @default - made of the URL, when Terraform plans */
  readonly repositoryArn?: string;
}

export interface EcrProps {
  /** In lower case, for example `stock-service`. */
  readonly repositoryName: string;
  /**
   * Whether a tag can be given to another image later.
   * @default "IMMUTABLE": a tag names one image for ever, so that a rollback gets what it asks for
   */
  readonly imageTagMutability?: "IMMUTABLE" | "MUTABLE";
  /** Which images expire. @default EcrLifecyclePolicy.standard() */
  readonly lifecyclePolicy?: EcrLifecyclePolicy;
  /** Lets Terraform destroy the repository with the images in it. @default false */
  readonly forceDelete?: boolean;
  /** ARN of a KMS key. Cannot be changed later. @default - AES-256 with a key of ECR's */
  readonly kmsKeyArn?: string;
}

/**
 * A private ECR repository: the article's `core/ecr`.
 * Synthesis is refused for a name or a lifecycle policy that ECR does not allow
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
 */
export class Ecr extends Module implements IEcr {
  /** A repository that exists already. */
  public static fromEcrAttributes(scope: Construct, attributes: EcrAttributes): IEcr {
    const { repositoryUrl, repositoryArn } = attributes;
    check(scope, "repositoryUrl", repositoryUrl, (url) => REPOSITORY_URL.test(url), ecr.url);
    return {
      repositoryUrl,
      grantPull: (grantee, user) => allowPull(grantee, repositoryArn ?? arnOf(scope, repositoryUrl), user),
    };
  }

  /** A repository of the stack's account and region; Terraform looks it up when it plans, and refuses one that is not there. */
  public static fromRepositoryName(scope: Construct, id: string, repositoryName: string): IEcr {
    checkRepositoryName(scope, "repositoryName", repositoryName);
    const { repositoryUrl, arn } = new DataAwsEcrRepository(scope, id, { name: repositoryName });
    return Ecr.fromEcrAttributes(scope, { repositoryUrl, repositoryArn: arn });
  }

  public readonly repositoryUrl: string;
  /** ARN of the repository. */
  public readonly repositoryArn: string;
  /** Name of the repository, as in its URL. */
  public readonly repositoryName: string;

  public constructor(scope: Construct, id: string, props: EcrProps) {
    super(scope, id);
    checkGiven(this, props, ["repositoryName"]);
    const { repositoryName, imageTagMutability = "IMMUTABLE", kmsKeyArn } = props;
    checkRepositoryName(this, "repositoryName", repositoryName);
    claimInStack(this, "repositoryName", "repository", repositoryName, ecr.nameTaken);
    check(this, "imageTagMutability", imageTagMutability, (m) => MUTABILITIES.includes(m), ecr.mutability);
    warnUnless(this, "kmsKeyArn", kmsKeyArn, isKeyArn, ecr.keyArn);

    const repository = new EcrRepository(this, "repository", {
      name: repositoryName,
      imageTagMutability,
      imageScanningConfiguration: { scanOnPush: true },
      forceDelete: props.forceDelete ?? false,
      encryptionConfiguration: kmsKeyArn ? [{ encryptionType: "KMS", kmsKey: kmsKeyArn }] : undefined,
    });
    new AwsEcrLifecyclePolicy(this, "lifecycle_policy", {
      repository: repository.name,
      policy: (props.lifecyclePolicy ?? EcrLifecyclePolicy.standard()).toJson(this),
    });
    this.repositoryUrl = repository.repositoryUrl;
    this.repositoryArn = repository.arn;
    this.repositoryName = repository.name;
  }

  public grantPull(grantee: IGrantee, user?: Construct): void {
    allowPull(grantee, this.repositoryArn, user);
  }
}

function allowPull(grantee: IGrantee, repositoryArn: string, user: Construct | undefined): void {
  // the token is for the registry, not for a repository: this action knows no resource
  grantee.grant({ sid: "EcrLogin", actions: ["ecr:GetAuthorizationToken"], resources: ["*"] }, user);
  const actions = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
  grantee.grant({ sid: "PullImages", actions, resources: [repositoryArn] }, user);
}

/** `arn:<partition>:ecr:<region>:<account>:repository/<name>` of `<account>.dkr.ecr.<region>.amazonaws.com/<name>`. */
function arnOf(scope: Construct, repositoryUrl: string): string {
  const { partition } = awsContext(scope);
  if (!Token.isUnresolved(repositoryUrl)) {
    const [, account, region, name] = /^(\d+)\.[^.]+\.[^.]+\.([^.]+)\.[^/]+\/(.*)$/.exec(repositoryUrl) ?? [];
    return `arn:${partition}:ecr:${region}:${account}:repository/${name}`;
  }
  const part = (index: number): string => Token.asString(Fn.element(Fn.split(".", repositoryUrl), index));
  return `arn:${partition}:ecr:${part(3)}:${part(0)}:repository/${Fn.replace(repositoryUrl, "/^[^/]+//", "")}`;
}
