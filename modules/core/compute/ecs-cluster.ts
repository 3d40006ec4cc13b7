import { claimInStack } from "../framework/claims";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EcsCluster as AwsEcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import { Fn, Lazy, Token, type TerraformResource } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { ecsService } from "../../rules/ecs-service";
import { checkLogGroupName } from "../cloudwatch/log-group-name";
import { checkRetention, type LogRetentionDays } from "../cloudwatch/log-retention";
import { arn } from "../framework/aws-context";
import { Module } from "../framework/module";
import { checkEcsName } from "../framework/names";
import { Platform } from "../framework/platform";
import type { IGrantee } from "../iam/ecs-tasks-role";

/** A cluster that services can run in. */
export interface IEcsCluster {
  /** The cluster's ARN, which is what Terraform calls the id of `aws_ecs_cluster`. */
  readonly ecsClusterId: string;
  /** Name of the cluster. @default - the end of its ARN */
  readonly ecsClusterName?: string;
  /** What Container Insights measures in it. @default - it is not known here */
  readonly containerInsights?: ContainerInsights;
  /** What associates capacity providers with it; empty for an imported cluster. */
  readonly capacityProviderAssociations: readonly TerraformResource[];
  /** Gives a task role what `aws ecs execute-command` needs in this cluster. */
  grantExecuteCommand(taskRole: IGrantee): void;
}

/** `enhanced` adds metrics per task and container. */
export type ContainerInsights = "enabled" | "enhanced" | "disabled";

/** What is needed to use a cluster that exists already. */
export interface EcsClusterAttributes {
  /** ARN of the cluster. */
  readonly ecsClusterId: string;
  /** Whether it has Container Insights: an alarm on missing tasks needs them. @default - it is not known here */
  readonly containerInsights?: ContainerInsights;
}

/** Where what is typed into `aws ecs execute-command` sessions is kept: a log group of the cluster's. */
export interface ExecuteCommandLogging {
  /** Days for which it is kept. @default 30 */
  readonly retentionInDays?: LogRetentionDays;
  /** ARN of a KMS key for the session and its log. @default - AWS's own encryption */
  readonly kmsKeyArn?: string;
}

export interface EcsClusterProps {
  /** Unique in the account and region. @default - `<prefix>-<environment>-<stack>`: see `Platform` */
  readonly clusterName?: string;
  /** `enhanced` adds metrics per task and container. @default "enabled" */
  readonly containerInsights?: ContainerInsights;
  /** Keeps a log of what is typed into `aws ecs execute-command` sessions. @default - sessions leave no log */
  readonly executeCommandLogging?: ExecuteCommandLogging;
}

/**
 * An ECS cluster with the capacity providers FARGATE and FARGATE_SPOT, and those that are made for it: `Ec2Capacity`.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html
 */
export class EcsCluster extends Module implements IEcsCluster {
  /** A cluster that exists already. */
  public static fromEcsClusterAttributes(attributes: EcsClusterAttributes): IEcsCluster {
    return {
      ecsClusterId: attributes.ecsClusterId,
      containerInsights: attributes.containerInsights,
      capacityProviderAssociations: [],
      grantExecuteCommand: grantSessions,
    };
  }

  public readonly ecsClusterId: string;
  /** ARN of the cluster, the same as `ecsClusterId`. */
  public readonly ecsClusterArn: string;
  /** Name of the cluster. */
  public readonly ecsClusterName: string;
  public readonly containerInsights: ContainerInsights;
  public readonly capacityProviderAssociations: readonly TerraformResource[];

  private readonly capacityProviders = new Map<string, string>();
  private sessionLog?: CloudwatchLogGroup;

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: EcsClusterProps = {},
  ) {
    super(scope, id);
    const { clusterName = Platform.of(this).name } = props;
    checkEcsName(this, "clusterName", clusterName);
    claimInStack(this, "clusterName", "cluster", clusterName, ecsService.clusterTaken);

    this.containerInsights = props.containerInsights ?? "enabled";
    const cluster = new AwsEcsCluster(this, "cluster", {
      name: clusterName,
      setting: [{ name: "containerInsights", value: this.containerInsights }],
      configuration: props.executeCommandLogging && {
        executeCommandConfiguration: this.executeCommand(clusterName, props.executeCommandLogging),
      },
    });
    const association = new EcsClusterCapacityProviders(this, "capacity_providers", {
      clusterName: cluster.name,
      // one list for the whole cluster: what is not in it is taken away from it
      capacityProviders: Lazy.listValue({ produce: () => this.capacityProviderNames() }),
    });
    this.ecsClusterId = cluster.id;
    this.ecsClusterArn = cluster.arn;
    this.ecsClusterName = cluster.name;
    this.capacityProviderAssociations = [association];
  }

  /** Associates a capacity provider with the cluster; `Ec2Capacity` does it by itself. */
  public addCapacityProvider(owner: IConstruct, capacityProviderName: string): void {
    this.capacityProviders.set(owner.node.path, capacityProviderName);
  }

  public grantExecuteCommand(taskRole: IGrantee): void {
    grantSessions(taskRole);
    if (this.sessionLog === undefined) return;
    taskRole.grant({
      sid: "FindSessionLog",
      actions: ["logs:DescribeLogGroups"],
      resources: [arn(this, "logs", "log-group:*")],
    });
    taskRole.grant({
      sid: "WriteSessionLog",
      actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      resources: [`${this.sessionLog.arn}:*`],
    });
    const { kmsKeyArn } = this.props.executeCommandLogging ?? {};
    if (kmsKeyArn !== undefined) {
      taskRole.grant({ sid: "DecryptSession", actions: ["kms:Decrypt"], resources: [kmsKeyArn] });
    }
  }

  /** In an order that does not depend on that in which they were made. */
  private capacityProviderNames(): string[] {
    const ordered = [...this.capacityProviders].sort(([a], [b]) => (a < b ? -1 : 1));
    return ["FARGATE", "FARGATE_SPOT", ...ordered.map(([, name]) => name)];
  }

  private executeCommand(clusterName: string, logging: ExecuteCommandLogging): object {
    const retentionInDays = logging.retentionInDays ?? 30;
    checkRetention(this, "executeCommandLogging.retentionInDays", retentionInDays);
    const name = `/ecs/${clusterName}/execute-command`;
    checkLogGroupName(this, "executeCommandLogging log group", name);
    this.sessionLog = new CloudwatchLogGroup(this, "execute_command", {
      name,
      retentionInDays,
      kmsKeyId: logging.kmsKeyArn,
    });
    return {
      kmsKeyId: logging.kmsKeyArn,
      logging: "OVERRIDE",
      logConfiguration: {
        cloudWatchEncryptionEnabled: logging.kmsKeyArn !== undefined,
        cloudWatchLogGroupName: this.sessionLog.name,
      },
    };
  }
}

/** The part behind the slash of `arn:aws:ecs:eu-central-1:123456789012:cluster/platform`. */
export function clusterNameOf(ecsClusterId: string): string {
  // element() begins again at the end of the list: what has no slash is taken for the name itself
  return Token.isUnresolved(ecsClusterId)
    ? Token.asString(Fn.element(Fn.split("/", ecsClusterId), 1))
    : (ecsClusterId.split("/").at(-1) ?? "");
}

/** The four actions of the channel that a session runs over; they know no resource. */
function grantSessions(taskRole: IGrantee): void {
  taskRole.grant({
    sid: "ExecuteCommand",
    actions: ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"].map(
      (action) => `ssmmessages:${action}`,
    ),
    resources: ["*"],
  });
}
