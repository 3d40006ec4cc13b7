import type { Construct } from "constructs";
import { image } from "../../rules/image";
import { check } from "../framework/check";
import { warnUnless } from "../framework/warnings";
import type { IGrantee } from "../iam/ecs-tasks-role";
import type { IEcr } from "./ecr";

/** Text of the pattern of an image tag, for synth and for Terraform's variable validation. */
export const IMAGE_TAG = "^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$";
const IMAGE_NAME = /^[A-Za-z0-9_:./@-]{1,255}$/;
/** Ends with a digest, or with a tag that is not `latest`; a port of a registry is no tag. */
const VERSIONED = /@|:(?!latest$)[^/:]+$/;

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
    check(scope, `${property} tag`, this.tag, (tag) => new RegExp(IMAGE_TAG).test(tag), image.tag);
    warnUnless(scope, `${property} tag`, this.tag, (tag) => tag !== "latest", image.latest);
    this.ecr.grantPull(executionRole, scope);
    return `${this.ecr.repositoryUrl}:${this.tag}`;
  }
}

class RegistryImage extends ContainerImage {
  public constructor(private readonly name: string) {
    super();
  }

  public bind(scope: Construct, property: string): string {
    check(scope, property, this.name, (name) => IMAGE_NAME.test(name), image.name);
    warnUnless(scope, property, this.name, (name) => VERSIONED.test(name), image.latest);
    return this.name;
  }
}
