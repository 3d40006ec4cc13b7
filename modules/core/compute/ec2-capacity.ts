import { AutoscalingGroup } from "@cdktf/provider-aws/lib/autoscaling-group";
import { EcsCapacityProvider } from "@cdktf/provider-aws/lib/ecs-capacity-provider";
import { TerraformStack, Token, type TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { ec2 } from "../../rules/ec2";
import { checkGiven, checkInteger, InvalidInputError } from "../framework/check";
import { Module } from "../framework/module";
import { checkEcsName } from "../framework/names";
import { Platform } from "../framework/platform";
import { allowHttps } from "../network/https-egress";
import { checkSecurityGroupId, checkSecurityGroups, checkSubnets, checkVpcId } from "../network/network-ids";
import { SecurityGroup, withGroup, type PortOpening } from "../network/security-group";
import { SharedOpenings } from "../network/shared-openings";
import { checkCapacityProviderName, checkSizes, defaultCapacityProviderName } from "./ec2-capacity-checks";
import { Ec2InstanceRole } from "./ec2-instance-role";
import { cpuArchitectureOf, type CpuArchitecture } from "./ec2-instance-type";
import { Ec2LaunchTemplate } from "./ec2-launch-template";
import type { EcsCluster } from "./ecs-cluster";

/** EC2 instances that tasks of a cluster can run on. */
export interface IEc2Capacity {
  /** What rules that lead to the instances are called after, for example `instances`. */
  readonly name: string;
  /** What the services of the cluster know them by. */
  readonly capacityProviderName: string;
  /** ARN of their cluster. @default - it is not known here */
  readonly ecsClusterId?: string;
  /** Of the instances, and so of the images that run on them. */
  readonly cpuArchitecture: CpuArchitecture;
  /** The VPC of the instances. */
  readonly vpcId: string;
  /** Where the instances are. */
  readonly subnets: readonly string[];
  /** The group of the instances, and of the bridge tasks on them. */
  readonly securityGroupId: string;
  /**
   * Opens a port between the instances and another group for a service that runs on them, once for all of them. Returns
   * both rules.
   */
  openPort(user: Construct, id: string, opening: PortOpening): readonly TerraformResource[];
}

/** What is needed to run tasks on instances that exist already. Their capacity provider is associated with the cluster. */
export interface Ec2CapacityAttributes {
  /** What the services of the cluster know the instances by. */
  readonly capacityProviderName: string;
  /** Of the instances, and so of the images that run on them. @default "X86_64" */
  readonly cpuArchitecture?: CpuArchitecture;
  /** The VPC of the instances. */
  readonly vpcId: string;
  /** Where the instances are. */
  readonly subnets: readonly string[];
  /** The group of the instances, and of the bridge tasks on them. */
  readonly securityGroupId: string;
}

export interface Ec2CapacityProps {
  /** The cluster, of the same stack: it keeps one list of its capacity providers. */
  readonly ecsCluster: EcsCluster;
  /** The VPC of the subnets. */
  readonly vpcId: string;
  /** Where the instances are: two subnets in two zones keep the services up when a zone is down. */
  readonly subnets: readonly string[];
  /** For example `t3.small`, or `t4g.small` for ARM64. A task needs one instance that has all its CPU and memory free. */
  readonly instanceType: string;
  /**
   * Of the instances, and so of the images that run on them.
   * @default - that of the instance type; must be given where only Terraform knows the type
   */
  readonly cpuArchitecture?: CpuArchitecture;
  /**
   * An ECS-optimized image of Amazon Linux: `ami-...`. Instances that run already keep theirs.
   * @default - the image of Amazon Linux 2023 that AWS recommends when an instance starts
   */
  readonly imageId?: string;
  /** Fewest instances, 0 or more. @default 1 */
  readonly minCapacity?: number;
  /** Most instances, not fewer than `minCapacity`. */
  readonly maxCapacity: number;
  /** Instances to begin with; ECS starts and stops them as tasks need it. @default - `minCapacity` */
  readonly desiredCapacity?: number;
  /** Percent of the instances that tasks should fill, 1 to 100; less keeps instances free for new tasks. @default 100 */
  readonly targetCapacityPercent?: number;
  /** GiB of the encrypted root volume, which images and containers share. @default 30 */
  readonly rootVolumeGib?: number;
  /** Security groups beside the instances' own, four at most. @default - none */
  readonly securityGroups?: readonly string[];
  /** Where instances, and bridge tasks on them, may connect to by HTTPS. @default ["0.0.0.0/0"] */
  readonly httpsEgressCidrBlocks?: readonly string[];
  /** Allows shells on the instances by Systems Manager. @default false */
  readonly enableSessionManager?: boolean;
  /** Unique in the account and region; not beginning with aws, ecs or fargate. @default - `<prefix>-<environment>-<stack>-<id>`: see `Platform` */
  readonly capacityProviderName?: string;
}

/**
 * EC2 instances for the tasks of a cluster: a launch template, an auto scaling group and the capacity provider by which
 * ECS starts an instance when a task finds no room and stops one that is empty.
 *
 * ```ts
 * const instances = new Ec2Capacity(this, "instances", {
 *   ecsCluster, vpcId, subnets, instanceType: "t4g.small", minCapacity: 2, maxCapacity: 6,
 * });
 * new EcsService(this, "orders", { ..., capacity: instances });
 * ```
 *
 * The group of the instances lets nothing in but what services on them open. A task in awsvpc mode takes up a network
 * interface of its instance, of which small types have two or three.
 * Synthesis is refused for sizes, names and types that EC2 or ECS would refuse
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/asg-capacity-providers.html
 */
export class Ec2Capacity extends Module implements IEc2Capacity {
  /** Instances that exist already. */
  public static fromEc2CapacityAttributes(scope: Construct, attributes: Ec2CapacityAttributes): IEc2Capacity {
    checkEcsName(scope, "capacityProviderName", attributes.capacityProviderName);
    checkVpcId(scope, "vpcId", attributes.vpcId);
    checkSubnets(scope, "subnets", attributes.subnets);
    checkSecurityGroupId(scope, "securityGroupId", attributes.securityGroupId);
    const name = Token.isUnresolved(attributes.capacityProviderName)
      ? "instances"
      : attributes.capacityProviderName;
    const openings = new SharedOpenings(name);
    return {
      ...attributes,
      name,
      cpuArchitecture: attributes.cpuArchitecture ?? "X86_64",
      openPort: (user, id, opening) => openings.open(user, id, opening),
    };
  }

  public readonly name: string;
  public readonly capacityProviderName: string;
  public readonly ecsClusterId: string;
  public readonly cpuArchitecture: CpuArchitecture;
  public readonly vpcId: string;
  public readonly subnets: readonly string[];
  public readonly securityGroupId: string;
  private readonly openings: SharedOpenings;

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: Ec2CapacityProps,
  ) {
    super(scope, id);
    checkGiven(this, props, ["ecsCluster", "vpcId", "subnets", "instanceType", "maxCapacity"]);
    const { ecsCluster, vpcId, subnets } = props;
    checkVpcId(this, "vpcId", vpcId);
    checkSubnets(this, "subnets", subnets);
    checkSecurityGroups(this, "securityGroups", props.securityGroups);
    checkSizes(this, props);
    this.checkCluster();
    this.name = id.replace(/[^A-Za-z0-9_-]+/g, "-");
    this.ecsClusterId = ecsCluster.ecsClusterId;
    this.cpuArchitecture = cpuArchitectureOf(this, props.instanceType, props.cpuArchitecture);
    this.vpcId = vpcId;
    this.subnets = subnets;
    this.openings = new SharedOpenings(this.name, this);
    this.securityGroupId = new SecurityGroup(this, "security_group", {
      vpcId,
      purpose: id,
      description: `Instances ${this.name}`,
    }).securityGroupId;
    const egress = allowHttps(this, this.securityGroupId, props.httpsEgressCidrBlocks);
    this.capacityProviderName = this.newCapacityProvider(this.newGroup(egress)).name;
    ecsCluster.addCapacityProvider(this, this.capacityProviderName);
  }

  public openPort(user: Construct, id: string, opening: PortOpening): readonly TerraformResource[] {
    return this.openings.open(user, id, opening);
  }

  private checkCluster(): void {
    const { ecsCluster } = this.props;
    if (TerraformStack.of(ecsCluster) === TerraformStack.of(this)) return;
    throw new InvalidInputError(
      { scope: this, property: "ecsCluster", value: ecsCluster.node.path },
      ec2.clusterStack,
    );
  }

  private newGroup(prerequisites: TerraformResource[]): AutoscalingGroup {
    const { ecsCluster, subnets, imageId, instanceType, minCapacity = 1 } = this.props;
    const role = new Ec2InstanceRole(this, "instance", {
      ecsClusterArn: ecsCluster.ecsClusterArn,
      enableSessionManager: this.props.enableSessionManager,
    });
    const template = new Ec2LaunchTemplate(this, "template", {
      purpose: this.name,
      ecsClusterName: ecsCluster.ecsClusterName,
      instanceType,
      cpuArchitecture: this.cpuArchitecture,
      imageId,
      rootVolumeGib: this.props.rootVolumeGib ?? 30,
      securityGroupIds: withGroup(this.props.securityGroups, this.securityGroupId),
      instanceProfileArn: role.instanceProfileArn,
    });
    return new AutoscalingGroup(this, "autoscaling_group", {
      namePrefix: template.namePrefix,
      vpcZoneIdentifier: [...subnets],
      minSize: minCapacity,
      maxSize: this.props.maxCapacity,
      desiredCapacity: this.props.desiredCapacity ?? minCapacity,
      launchTemplate: { id: template.launchTemplateId, version: template.version },
      // ECS says which instance may go; a destroy may take them all
      protectFromScaleIn: true,
      forceDelete: true,
      // an instance that registers before there is a capacity provider is none of its own
      waitForCapacityTimeout: "0",
      // ECS adds the tag by itself: without it here every plan would take it away
      tag: [
        { key: "AmazonECSManaged", value: "true", propagateAtLaunch: true },
        // `default_tags` does not reach groups; the launch template tags what is started
        ...Object.entries(Platform.of(this).ownTags).map(([key, value]) => ({
          key,
          value,
          propagateAtLaunch: false,
        })),
      ],
      // instances without permissions or a way out cannot register
      dependsOn: [role.policy, ...prerequisites],
      // ECS moves the number of instances
      lifecycle: { createBeforeDestroy: true, ignoreChanges: ["desired_capacity"] },
    });
  }

  private newCapacityProvider(group: AutoscalingGroup): EcsCapacityProvider {
    const { targetCapacityPercent = 100, capacityProviderName } = this.props;
    const name = capacityProviderName ?? defaultCapacityProviderName(this);
    checkCapacityProviderName(this, name);
    const percent = { min: 1, max: 100 };
    checkInteger(this, "targetCapacityPercent", targetCapacityPercent, percent, ec2.targetCapacity);
    return new EcsCapacityProvider(this, "capacity_provider", {
      name,
      autoScalingGroupProvider: {
        autoScalingGroupArn: group.arn,
        managedScaling: { status: "ENABLED", targetCapacity: targetCapacityPercent },
        // needs managed scaling and the group's own protection
        managedTerminationProtection: "ENABLED",
        managedDraining: "ENABLED",
      },
    });
  }
}
