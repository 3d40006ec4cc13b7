import {
  CloudBackend,
  LocalBackend,
  NamedCloudWorkspace,
  S3Backend,
  TaggedCloudWorkspaces,
  TerraformBackend,
  type TerraformStack,
} from "cdktf";

/** Where Terraform keeps the state of a stack. */
export type BackendConfig =
  | {
      readonly type: "local";
      /** Directory for the state file, seen from where Terraform runs. @default "../../..", the folder of cdktf.out */
      readonly directory?: string;
    }
  | {
      readonly type: "s3";
      readonly bucket: string;
      /** @default - from the environment of whoever runs Terraform */
      readonly region?: string;
      /** Prefix of the object's key, which ends with `<prefix>-<environment>-<stack>.tfstate`. @default - none */
      readonly keyPrefix?: string;
      /** ARN of a KMS key for the state. @default - the bucket's own encryption */
      readonly kmsKeyId?: string;
    }
  | {
      readonly type: "cloud";
      readonly organization: string;
      /** @default "app.terraform.io" */
      readonly hostname?: string;
      /** Name of the workspace, or tags that many workspaces have. @default - `<prefix>-<environment>-<stack>` */
      readonly workspaces?: { readonly name: string } | { readonly tags: readonly string[] };
    }
  | {
      /** No backend is written: the pipeline that runs Terraform supplies it. */
      readonly type: "none";
    };

/** Names the types, for messages. */
export const BACKEND_TYPES = ["local", "s3", "cloud", "none"] as const;

/**
 * Gives the stack its backend.
 * @param name what its state is called: of two environments each must have one of its own
 */
export function addBackend(stack: TerraformStack, backend: BackendConfig, name = stack.node.id): void {
  switch (backend.type) {
    case "local":
      // relative, so that the synthesized JSON is the same in every folder and on every machine
      new LocalBackend(stack, { path: `${backend.directory ?? "../../.."}/terraform.${name}.tfstate` });
      return;
    case "s3": {
      const { bucket, region, keyPrefix = "", kmsKeyId } = backend;
      const s3 = new S3Backend(stack, {
        bucket,
        region,
        key: `${keyPrefix}${name}.tfstate`,
        encrypt: true,
        kmsKeyId,
      });
      s3.addOverride("use_lockfile", true);
      stack.addOverride("terraform.required_version", ">= 1.10.0"); // earlier ones do not know the lock file
      return;
    }
    case "cloud": {
      const { organization, hostname, workspaces = { name } } = backend;
      new CloudBackend(stack, {
        organization,
        hostname,
        workspaces:
          "name" in workspaces
            ? new NamedCloudWorkspace(workspaces.name)
            : new TaggedCloudWorkspaces([...workspaces.tags]),
      });
      return;
    }
    case "none":
      new NoBackend(stack);
      return;
  }
}

/** Keeps CDKTF from adding a local backend with an absolute path, and writes none. */
class NoBackend extends TerraformBackend {
  public constructor(stack: TerraformStack) {
    super(stack, "backend", "local");
  }

  public override toTerraform(): object {
    return {};
  }

  public override getRemoteStateDataSource(_scope: unknown, _name: string, fromStack: string): never {
    throw new Error(
      `another stack refers to the stack ${fromStack}, whose backend is "none", so that nobody knows where its state is\n` +
        `    allowed: references between stacks with a backend of another type\n` +
        `    mend:    choose another backend (docs/backends.md), or pass the value as a Terraform variable`,
    );
  }
}
