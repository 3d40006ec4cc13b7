import { Token } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { image } from "../../rules/image";
import { check, checkText } from "../framework/check";
import { warnUnless } from "../framework/warnings";
import type { IGrantee } from "../iam/ecs-tasks-role";
import type { IEcr } from "./ecr";

/** Text of the pattern of an image tag, for synth and for Terraform's variable validation. */
export const IMAGE_TAG = "^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$";
const IMAGE_NAME = /^[A-Za-z0-9_:./@-]{1,255}$/;
/** Ends with a digest, or with a tag that is not `latest`; a port of a registry is no tag. */
const VERSIONED = /@|:(?!latest$)[^/:]+$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
/** Of any partition, by the dual stack and FIPS endpoints too. */
const PRIVATE_ECR = /^((\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.[a-z0-9.-]+\/[^:@]+)[:@]?(.*)$/;

/** Which image a container runs, and the right to pull it. */
export abstract class ContainerImage {
  /**
   * An image in an ECR repository, by its tag, which may be a reference to a Terraform variable, or by its digest:
   * `sha256:` and 64 hexadecimal digits.
   */
  public static fromEcr(ecr: IEcr, tagOrDigest: string): ContainerImage {
    return new EcrImage(ecr, tagOrDigest);
  }

  /**
   * An image that anybody may pull, for example `public.ecr.aws/nginx/nginx:1.27`. One of a private ECR repository is
   * refused: pulling it takes rights, which `fromEcr` gives.
   */
  public static fromRegistry(name: string): ContainerImage {
    return new RegistryImage(name);
  }

  /** Returns the image's name and gives the execution role exactly the right that pulling it needs. */
  public abstract bind(scope: Construct, property: string, executionRole: IGrantee): string;
}

class EcrImage extends ContainerImage {
  public constructor(
    private readonly ecr: IEcr,
    private readonly tagOrDigest: string,
  ) {
    super();
  }

  public bind(scope: Construct, property: string, executionRole: IGrantee): string {
    const { tagOrDigest } = this;
    this.ecr.grantPull(executionRole, scope);
    if (isDigest(tagOrDigest)) {
      checkDigest(scope, `${property} digest`, tagOrDigest);
      return `${this.ecr.repositoryUrl}@${tagOrDigest}`;
    }
    check(scope, `${property} tag`, tagOrDigest, (tag) => new RegExp(IMAGE_TAG).test(tag), image.tag);
    warnUnless(scope, `${property} tag`, tagOrDigest, (tag) => tag !== "latest", image.latest);
    return `${this.ecr.repositoryUrl}:${tagOrDigest}`;
  }
}

class RegistryImage extends ContainerImage {
  public constructor(private readonly name: string) {
    super();
  }

  public bind(scope: Construct, property: string): string {
    checkText(scope, property, this.name);
    check(scope, property, this.name, (name) => IMAGE_NAME.test(name), image.name);
    check(scope, property, this.name, (name) => !PRIVATE_ECR.test(name), {
      ...image.privateRegistry,
      mend: fromEcrCall(this.name),
    });
    const digest = Token.isUnresolved(this.name) ? undefined : digestIn(this.name);
    if (digest !== undefined) checkDigest(scope, property, digest);
    warnUnless(scope, property, this.name, (name) => VERSIONED.test(name), image.latest);
    return this.name;
  }
}

function isDigest(tagOrDigest: string): boolean {
  return (
    typeof tagOrDigest === "string" && !Token.isUnresolved(tagOrDigest) && /^@|^sha\d+:/.test(tagOrDigest)
  );
}

function digestIn(name: string): string | undefined {
  return typeof name === "string" && name.includes("@") ? name.slice(name.indexOf("@") + 1) : undefined;
}

function checkDigest(scope: IConstruct, property: string, digest: string): void {
  check(scope, property, digest, (given) => DIGEST.test(given), image.digest);
}

/** What to write instead of the address of an image in a private repository. */
function fromEcrCall(name: string): string {
  const [, url = "", , , version = ""] = PRIVATE_ECR.exec(name) ?? [];
  const repository = `Ecr.fromEcrAttributes(scope, { repositoryUrl: "${url}" })`;
  return `give ContainerImage.fromEcr(${repository}, "${version === "" ? "<tag>" : version}")`;
}
