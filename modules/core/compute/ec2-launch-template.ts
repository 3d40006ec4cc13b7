import { DataAwsDefaultTags } from "@cdktf/provider-aws/lib/data-aws-default-tags";
import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";
import { Fn, Token } from "cdktf";
import type { Construct } from "constructs";
import { ec2 } from "../../rules/ec2";
import { check, checkInteger } from "../framework/check";
import { Module } from "../framework/module";
import { namePrefix } from "../framework/names";
import type { CpuArchitecture } from "./ec2-instance-type";

export interface Ec2LaunchTemplateProps {
  /** What the instances are for, in names: `<prefix>-<environment>-<stack>-<purpose>`. */
  readonly purpose: string;
  /** Name of the cluster that the instances join. */
  readonly ecsClusterName: string;
  readonly instanceType: string;
  readonly cpuArchitecture: CpuArchitecture;
  /** @default - the ECS-optimized image that AWS recommends when an instance starts */
  readonly imageId?: string;
  /** GiB of the encrypted root volume, which images and containers share; at least what the image has, 16384 at most. */
  readonly rootVolumeGib: number;
  readonly securityGroupIds: readonly string[];
  readonly instanceProfileArn: string;
}

const PARAMETER: Readonly<Record<CpuArchitecture, string>> = {
  X86_64: "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
  ARM64: "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id",
};

/** For the launch template's name: EC2 allows 128 characters, the provider keeps 26 of them for itself. */
const NAME_PREFIX_LIMIT = 100;

/**
 * What EC2 instances that run ECS tasks are started with. A change of it is for instances that start from then on.
 *
 * Tasks cannot have the rights of their instance: metadata is given out to one network hop only, which the containers of
 * bridge tasks are beyond, and the agent blocks it for awsvpc tasks.
 * Synthesis is refused for an image or a volume that EC2 would refuse
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/launch_container_instance.html
 */
export class Ec2LaunchTemplate extends Module {
  public readonly launchTemplateId: string;
  /** The newest version: a change of the template is one of the auto scaling group too. */
  public readonly version: string;
  /** For names of what is started with it. */
  public readonly namePrefix: string;

  public constructor(scope: Construct, id: string, props: Ec2LaunchTemplateProps) {
    super(scope, id);
    const { cpuArchitecture, imageId } = props;
    const isImage = (id: string): boolean => /^(ami-([0-9a-f]{8}|[0-9a-f]{17})|resolve:ssm:.+)$/.test(id);
    check(this, "imageId", imageId, isImage, ec2.imageId);
    const sizes = { min: imageId === undefined ? 30 : 1, max: 16384 };
    checkInteger(this, "rootVolumeGib", props.rootVolumeGib, sizes, ec2.rootVolume);

    this.namePrefix = namePrefix(this, props.purpose, NAME_PREFIX_LIMIT);
    // the provider tags the launch template itself, what is started with it must be told
    const defaultTags = new DataAwsDefaultTags(this, "default_tags").interpolationForAttribute("tags");
    const tags = Token.asStringMap(Fn.merge([defaultTags, { Name: this.namePrefix.slice(0, -1) }]));
    const template = new LaunchTemplate(this, "launch_template", {
      namePrefix: this.namePrefix,
      // the parameter is read when an instance starts: no plan changes with a new image
      imageId: imageId ?? `resolve:ssm:${PARAMETER[cpuArchitecture]}`,
      instanceType: props.instanceType,
      vpcSecurityGroupIds: [...props.securityGroupIds],
      iamInstanceProfile: { arn: props.instanceProfileArn },
      userData: Fn.base64encode(userData(props.ecsClusterName)),
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: {
            volumeType: "gp3",
            volumeSize: props.rootVolumeGib,
            encrypted: "true",
            deleteOnTermination: "true",
          },
        },
      ],
      tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({
        resourceType,
        tags,
      })),
      lifecycle: { createBeforeDestroy: true },
    });
    this.launchTemplateId = template.id;
    this.version = Token.asString(template.latestVersion);
  }
}

/**
 * Settings of the container agent.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html
 */
function userData(ecsClusterName: string): string {
  return [
    "#!/bin/bash",
    "cat <<'SETTINGS' >> /etc/ecs/ecs.config",
    `ECS_CLUSTER=${ecsClusterName}`,
    "ECS_AWSVPC_BLOCK_IMDS=true",
    // log streams are opened with the rights of the task's execution role, not with those of the instance
    "ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE=true",
    "SETTINGS",
    "",
  ].join("\n");
}
