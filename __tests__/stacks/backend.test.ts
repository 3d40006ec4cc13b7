import { BACKEND_TYPES, type BackendConfig } from "../../stacks/backend";
import { SynthesizedStack } from "../../testing";
import { SmallStack, testApp } from "../modules/stack-of";

interface Terraform {
  readonly backend?: unknown;
  readonly cloud?: unknown;
}

/** The `terraform` block of a stack that is called `platform`. */
function terraformOf(backend?: BackendConfig): Terraform {
  const stack = SynthesizedStack.from(new SmallStack(testApp(), "platform", { backend }));
  return (JSON.parse(stack.toJson()) as { terraform: Terraform }).terraform;
}

describe("a local backend", () => {
  test("is what a stack has where nothing is said, beside the folder of the output and on no machine's own path", () => {
    expect(terraformOf().backend).toEqual({ local: { path: "../../../terraform.platform.tfstate" } });
    expect(terraformOf({ type: "local" })).toEqual(terraformOf());
  });

  test("may be in another directory", () => {
    expect(terraformOf({ type: "local", directory: "/var/state" }).backend).toEqual({
      local: { path: "/var/state/terraform.platform.tfstate" },
    });
  });
});

describe("an S3 backend", () => {
  test("is encrypted and locked by a file beside the state", () => {
    expect(terraformOf({ type: "s3", bucket: "states" }).backend).toEqual({
      s3: { bucket: "states", key: "platform.tfstate", encrypt: true, use_lockfile: true },
    });
  });

  test("may have a region, a prefix and a key", () => {
    const backend = {
      type: "s3",
      bucket: "b",
      region: "eu-central-1",
      keyPrefix: "team/",
      kmsKeyId: "arn:key",
    } as const;
    expect(terraformOf(backend).backend).toEqual({
      s3: {
        bucket: "b",
        region: "eu-central-1",
        key: "team/platform.tfstate",
        encrypt: true,
        use_lockfile: true,
        kms_key_id: "arn:key",
      },
    });
  });

  test("asks for a Terraform that knows the lock file: 1.10", () => {
    const { required_version } = terraformOf({ type: "s3", bucket: "states" }) as {
      required_version: string;
    };
    expect(required_version).toBe(">= 1.10.0");
  });
});

describe("HCP Terraform", () => {
  const cloud = (more: object): unknown =>
    terraformOf({ type: "cloud", organization: "acme", ...more }).cloud;

  test("has a workspace of the stack's name unless told otherwise", () => {
    expect(cloud({})).toEqual({ organization: "acme", workspaces: { name: "platform" } });
    expect(terraformOf({ type: "cloud", organization: "acme" })).not.toHaveProperty("backend");
  });

  test("may have a named workspace on another host, or workspaces by their tags", () => {
    expect(cloud({ hostname: "tf.acme.com", workspaces: { name: "live" } })).toEqual({
      organization: "acme",
      hostname: "tf.acme.com",
      workspaces: { name: "live" },
    });
    expect(cloud({ workspaces: { tags: ["live", "eu"] } })).toEqual({
      organization: "acme",
      workspaces: { tags: ["live", "eu"] },
    });
  });
});

describe("no backend", () => {
  test("is written, not even the one that CDKTF adds by itself", () => {
    expect(terraformOf({ type: "none" })).not.toHaveProperty("backend");
    expect(terraformOf({ type: "none" })).not.toHaveProperty("cloud");
  });
});

test("each type that messages name can be used", () => {
  const written = BACKEND_TYPES.map((type) => {
    const { backend, cloud } = terraformOf({ type, bucket: "b", organization: "o" });
    return Object.keys(backend ?? (cloud ? { cloud } : {}));
  });
  expect(written).toEqual([["local"], ["s3"], ["cloud"], []]);
});
