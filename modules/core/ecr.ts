import { EcrLifecyclePolicy as AwsEcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { Fn, Token } from "cdktf";
import type { Construct } from "constructs";
import { awsContext } from "./aws-context";
import { check } from "./check";
import { EcrLifecyclePolicy } from "./ecr-lifecycle";
import { checkRepositoryName } from "./names";
import { Module } from "./module";
import type { IGrantee } from "./ecs-tasks-role";

/** A repository that images are pulled from. */
export interface IEcr {
  /** What images are named by: `<account>.dkr.ecr.<region>.amazonaws.com/<name>`. */
  readonly repositoryUrl: string;
  /** Allows the role to pull from this repository and no other, on behalf of the construct that uses the image. */
  grantPull(grantee: IGrantee, user?: Construct): void;
}

const REPOSITORY_URL = /^\d{12}\.dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/[a-z0-9._/-]+$/;

/** What is needed to use a repository that exists already. */
export interface EcrAttributes {
  readonly repositoryUrl: string;
  /** @default - made of the URL, when Terraform plans */
  readonly repositoryArn?: string;
}

export interface EcrProps {
  /** In lower case, for example `stock-service`. */
  readonly repositoryName: string;
  /** @default "IMMUTABLE": a tag names one image for ever, so that a rollback gets what it asks for */
  readonly imageTagMutability?: "IMMUTABLE" | "MUTABLE";
  /** @default EcrLifecyclePolicy.standard() */
  readonly lifecyclePolicy?: EcrLifecyclePolicy;
  /** Lets Terraform destroy the repository with the images in it. @default false */
  readonly forceDelete?: boolean;
  /** ARN of a KMS key. Cannot be changed later. @default - AES-256 with a key of ECR's */
  readonly kmsKeyArn?: string;
}

/**
 * A private ECR repository: the article's `core/ecr`.
 * @throws InvalidInputError for a name or a lifecycle policy that ECR does not allow
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
 */
export class Ecr extends Module implements IEcr {
  /** A repository that exists already. */
  public static fromEcrAttributes(scope: Construct, attributes: EcrAttributes): IEcr {
    const { repositoryUrl, repositoryArn } = attributes;
    check(scope, "repositoryUrl", repositoryUrl, (url) => REPOSITORY_URL.test(url), {
      allowed: "<account>.dkr.ecr.<region>.amazonaws.com/<name>, without scheme and tag",
      mend: "copy it from `aws ecr describe-repositories`; other registries: ContainerImage.fromRegistry(name)",
      source: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html",
    });
    return {
      repositoryUrl,
      grantPull: (grantee, user) => allowPull(grantee, repositoryArn ?? arnOf(scope, repositoryUrl), user),
    };
  }

  public readonly repositoryUrl: string;
  public readonly repositoryArn: string;
  public readonly repositoryName: string;

  public constructor(scope: Construct, id: string, props: EcrProps) {
    super(scope, id);
    checkRepositoryName(this, "repositoryName", props.repositoryName);

    const repository = new EcrRepository(this, "repository", {
      name: props.repositoryName,
      imageTagMutability: props.imageTagMutability ?? "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      forceDelete: props.forceDelete ?? false,
      encryptionConfiguration: props.kmsKeyArn
        ? [{ encryptionType: "KMS", kmsKey: props.kmsKeyArn }]
        : undefined,
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
