import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformOutput, TerraformStack, type TerraformElement } from "cdktf";
import type { Construct } from "constructs";
import { addressCollisions, terraformAddress } from "../modules/core/framework/address";
import { check } from "../modules/core/framework/check";
import { checkLibrary } from "../modules/core/framework/library";
import { Platform, type PlatformProps } from "../modules/core/framework/platform";
import { general } from "../modules/rules/general";
import { renderHcl, type HclDocument } from "./hcl";
import { blocksOf } from "./hcl-blocks";
import { addBackend, type BackendConfig } from "./backend";

/** What every stack of this project can be configured with. */
export interface BaseStackProps extends PlatformProps {
  /** @default - a local file beside cdktf.out */
  readonly backend?: BackendConfig;
}

/**
 * The binding's own constraint is one exact version, which would keep users from every later fix. What is synthesized
 * keeps to what both majors understand.
 */
const AWS_PROVIDER = { source: "hashicorp/aws", version: ">= 5.100.0, < 7.0.0" };

/** A stack with the AWS provider, a backend, tags on everything and readable Terraform addresses. */
export abstract class BaseStack extends TerraformStack {
  /** Prefix, environment and tags, in all names and on everything in the stack. */
  public readonly platform: Platform;

  protected constructor(scope: Construct, id: string, props: BaseStackProps = {}) {
    super(scope, id);
    checkLibrary(this);
    check(this, "id", id, (text) => /^[A-Za-z0-9._-]{1,128}$/.test(text), general.stackId);
    this.platform = Platform.define(this, props);
    this.addOverride("terraform.required_version", ">= 1.5.0");
    addBackend(this, props.backend ?? { type: "local" }, this.platform.name);
    // region and credentials come from the environment of whoever runs Terraform
    new AwsProvider(this, "aws", {
      defaultTags: [{ tags: this.platform.tags }],
    });
    this.addOverride("terraform.required_providers.aws", AWS_PROVIDER);
    this.node.addValidation({ validate: () => addressCollisions(this) });
  }

  /** What `cdktf synth --hcl` writes. */
  public override toHclTerraform(): { hcl: string; metadata: Record<string, unknown> } {
    const document = this.toTerraform() as HclDocument;
    return { hcl: renderHcl(document, blocksOf(this)), metadata: { "//": document["//"] } };
  }

  /** What a person needs next. */
  protected output(name: string, value: string, description: string): void {
    new TerraformOutput(this, name, { value, description });
  }

  protected override allocateLogicalId(element: TerraformElement): string {
    return terraformAddress(element);
  }
}
