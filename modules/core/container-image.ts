import type { Construct } from "constructs";
import { check } from "./check";
import type { IEcr } from "./ecr";
import type { IGrantee } from "./ecs-tasks-role";

/** Text of the pattern of an image tag, for synth and for Terraform's variable validation. */
export const IMAGE_TAG = "^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$";

const SOURCE = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html";

/** Which image a container runs, and the right to pull it. */
export abstract class ContainerImage {
  /** An image in an ECR repository. `tag` may be a reference to a Terraform variable. */
  public static fromEcr(ecr: IEcr, tag: string): ContainerImage {
    return new EcrImage(ecr, tag);
  }

  /** An image that anybody may pull, for example `public.ecr.aws/nginx/nginx:1.27`. */
  public static fromRegistry(name: string): ContainerImage {
    return new RegistryImage(name);
  }

  /** Returns the image's name and gives the execution role exactly the right that pulling it needs. */
  public abstract bind(scope: Construct, property: string, executionRole: IGrantee): string;
}

class EcrImage extends ContainerImage {
  public constructor(
    private readonly ecr: IEcr,
    private readonly tag: string,
  ) {
    super();
  }

  public bind(scope: Construct, property: string, executionRole: IGrantee): string {
    check(scope, `${property} tag`, this.tag, (tag) => new RegExp(IMAGE_TAG).test(tag), {
      allowed: "1 to 128 letters, digits, _ . -, not starting with . or -",
      mend: 'give the tag that was pushed, for example "1.4.2"',
      source: SOURCE,
    });
    this.ecr.grantPull(executionRole, scope);
    return `${this.ecr.repositoryUrl}:${this.tag}`;
  }
}

class RegistryImage extends ContainerImage {
  public constructor(private readonly name: string) {
    super();
  }

  public bind(scope: Construct, property: string): string {
    check(scope, property, this.name, (name) => /^[A-Za-z0-9_:./@-]{1,255}$/.test(name), {
      allowed: "a name of at most 255 letters, digits and _ : . / @ -",
      mend: 'give registry, repository and tag, for example "public.ecr.aws/nginx/nginx:1.27"',
      source: SOURCE,
    });
    return this.name;
  }
}
