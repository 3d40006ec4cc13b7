import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { EcsService as AwsEcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { Fn, Lazy, TerraformStack, Token, type TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { addressOf, snakeCase } from "../core/address";
import { checkInteger, checkPort, InvalidInputError } from "../core/check";
import type { IEcsCluster } from "../core/ecs-cluster";
import { EcsTasksRole, type IGrantee } from "../core/ecs-tasks-role";
import type { EfsAccessPoint } from "../core/efs-access-point";
import { Iam } from "../core/iam";
import { checkRetention, type LogRetentionDays } from "../core/log-retention";
import { Module } from "../core/module";
import { checkEcsName } from "../core/names";
import { checkSecurityGroups, checkSubnets, checkVpcId } from "../core/network-ids";
import { OpenPort, SecurityGroup } from "../core/security-group";
import { CallGraph } from "./call-graph";
import { checkCapacity, type Capacity } from "./capacity";
import type { ContainerProps } from "./container";
import { checkDeployment, type Deployment } from "./deployment";
import type { DiscoveryBinding, IDiscovery } from "./discovery";
import { httpEndpoint, type Endpoint, type IConnectable } from "./endpoint";
import { TaskDefinition, type MountOptions } from "./task-definition";

/** An ECS service on Fargate whose tasks other services can call, and that can call others. */
export interface EcsServiceProps {
  /** Letters, digits, hyphens and underscores; unique in the cluster. */
  readonly serviceName: string;
  readonly ecsCluster: IEcsCluster;
  /** Where the tasks run, 1 to 16 subnets of one VPC. May be a list that only Terraform knows. */
  readonly subnets: readonly string[];
  /** Security groups beside the service's own. @default - none */
  readonly securityGroups?: readonly string[];
  /** The VPC of the subnets. @default - looked up from the first subnet when Terraform plans */
  readonly vpcId?: string;
  /** The first one is the one that callers reach. */
  readonly containers: readonly ContainerProps[];
  /** CPU units of a task, 1024 are one vCPU. @default 256 */
  readonly cpu?: number;
  /** MiB of a task. @default 512 */
  readonly memory?: number;
  /** @default "X86_64" */
  readonly cpuArchitecture?: "X86_64" | "ARM64";
  /** GiB of scratch space, 21 to 200. @default - 20, Fargate's own */
  readonly ephemeralStorageGib?: number;
  /** The role that ECS starts tasks with. @default - one of the service's own, with what it needs */
  readonly taskExecutionRole?: IGrantee;
  /** How callers reach the service. @default - not at all */
  readonly discovery?: IDiscovery;
  /** Tasks to run, 0 to 1000. @default 1 */
  readonly desiredCount?: number;
  /** @default "FARGATE" */
  readonly capacity?: Capacity;
  /** @default - rolls back by itself, never fewer healthy tasks than desired, at most twice as many */
  readonly deployment?: Deployment;
  /** @default 30 */
  readonly logRetentionInDays?: LogRetentionDays;
  /** Where tasks may connect to by HTTPS: image, log and secret APIs are there. @default ["0.0.0.0/0"] */
  readonly httpsEgressCidrBlocks?: readonly string[];
  /** A public address for each task, needed in public subnets without NAT. @default false */
  readonly assignPublicIp?: boolean;
  /** Allows `aws ecs execute-command`. @default false */
  readonly enableExecuteCommand?: boolean;
  /** Lets Terraform wait until the tasks are up, 20 minutes at most. @default false */
  readonly waitForSteadyState?: boolean;
  /** Keeps superseded task definitions active, also after a destroy. @default false */
  readonly skipDestroy?: boolean;
}

/** What is needed to call a service that exists already. */
export interface EcsServiceAttributes {
  readonly serviceName: string;
  /** DNS name that the service answers by. */
  readonly host: string;
  readonly port: number;
  /** The group that must let callers in. */
  readonly securityGroupId: string;
}

export interface ConnectOptions {
  /** Environment variable that gets the callee's URL. @default - the callee's name: `STOCK_SERVICE_URL` */
  readonly environment?: string;
}

/**
 * An ECS service with its task definition, log group, roles, security group and way of being reached.
 *
 * ```ts
 * signal.connectTo(stock, { environment: "STOCK_SERVICE_URL" });
 * ```
 * @throws InvalidInputError for what ECS would refuse
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
 */
export class EcsService extends Module implements IConnectable {
  /** A service that exists already, as something to connect to. */
  public static fromServiceAttributes(scope: Construct, attributes: EcsServiceAttributes): IConnectable {
    const { serviceName, host, port, securityGroupId } = attributes;
    checkPort(scope, "port", port);
    return { serviceName, securityGroupId, endpoint: httpEndpoint(host, port) };
  }

  public readonly serviceName: string;
  public readonly serviceArn: string;
  /** The service's own group: nothing gets in but what `connectTo` opens. */
  public readonly securityGroupId: string;
  /** What the containers themselves may do. */
  public readonly taskRole: IGrantee;
  public readonly taskDefinition: TaskDefinition;
  private readonly executionRole: IGrantee;
  private readonly binding?: DiscoveryBinding;
  private readonly prerequisites: TerraformResource[] = [];
  private readonly ports = new Map<string, OpenPort>();

  public constructor(scope: Construct, id: string, props: EcsServiceProps) {
    super(scope, id);
    checkEcsName(this, "serviceName", props.serviceName);
    checkSubnets(this, "subnets", props.subnets);
    checkSecurityGroups(this, "securityGroups", props.securityGroups);
    checkVpcId(this, "vpcId", props.vpcId);
    checkInteger(
      this,
      "desiredCount",
      props.desiredCount,
      { min: 0, max: 1000 },
      { mend: "give the number of tasks" },
    );
    checkRetention(this, "logRetentionInDays", props.logRetentionInDays);
    const capacity = props.capacity ?? "FARGATE";
    checkCapacity(this, capacity);
    checkDeployment(this, props.deployment, props.desiredCount);

    this.serviceName = props.serviceName;
    this.executionRole = props.taskExecutionRole ?? new Iam(this, "iam");
    this.taskRole = this.newTaskRole(props);
    this.securityGroupId = this.newSecurityGroup(props);
    this.taskDefinition = this.newTaskDefinition(props);
    this.binding = props.discovery?.bind({
      scope: this,
      serviceName: this.serviceName,
      port: props.containers[0]?.portMappings?.[0]?.containerPort,
    });

    const usesFargate = capacity === "FARGATE";
    if (!usesFargate) this.prerequisites.push(...props.ecsCluster.capacityProviderAssociations);
    const service = new AwsEcsService(this, "service", {
      name: this.serviceName,
      cluster: props.ecsCluster.ecsClusterId,
      taskDefinition: this.taskDefinition.taskDefinitionArn,
      desiredCount: props.desiredCount ?? 1,
      launchType: usesFargate ? "FARGATE" : undefined,
      capacityProviderStrategy: usesFargate ? undefined : capacity.map((share) => ({ weight: 1, ...share })),
      // the provider replaces a service whose strategy changes unless a new deployment is forced
      forceNewDeployment: usesFargate ? undefined : true,
      networkConfiguration: {
        subnets: [...props.subnets],
        securityGroups: this.securityGroups(props.securityGroups),
        assignPublicIp: props.assignPublicIp ?? false,
      },
      serviceRegistries: this.binding?.serviceRegistries,
      deploymentMinimumHealthyPercent: props.deployment?.minimumHealthyPercent ?? 100,
      deploymentMaximumPercent: props.deployment?.maximumPercent ?? 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      // always said: the default differs between the provider's versions 5 and 6
      availabilityZoneRebalancing: (props.deployment?.maximumPercent ?? 200) > 100 ? "ENABLED" : "DISABLED",
      enableExecuteCommand: props.enableExecuteCommand ?? false,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      waitForSteadyState: props.waitForSteadyState ?? false,
      lifecycle: this.binding && { replaceTriggeredBy: [...this.binding.replaceTriggeredBy] },
    });
    service.dependsOn = Lazy.listValue({ produce: () => this.dependencies() });
    this.serviceArn = service.id;
  }

  /** Where the service answers. @throws InvalidInputError where it cannot be called by name */
  public get endpoint(): Endpoint {
    const endpoint = this.binding?.endpoint;
    if (endpoint !== undefined) return endpoint;
    throw new InvalidInputError(
      { scope: this, property: this.binding ? "namespace name" : "discovery", value: undefined },
      {
        allowed: "a service whose DNS name is known here",
        mend: this.binding
          ? "give the namespace by `DnsNamespace.fromDnsNamespaceAttributes({ namespaceId, namespaceName })` instead of by its id"
          : "give the service a `discovery`, for example `new CloudMapDns({ namespace })`",
      },
    );
  }

  /**
   * Lets this service call another one: opens the callee's port for it, and for nobody else, and puts the callee's URL
   * into the environment of its containers. Calling it again, or the other way round too, is safe.
   * @throws InvalidInputError where the callee has no name or the environment variable is taken
   */
  public connectTo(callee: IConnectable, options: ConnectOptions = {}): void {
    const { endpoint } = callee;
    const environment = options.environment ?? `${snakeCase(callee.serviceName).toUpperCase()}_URL`;
    this.taskDefinition.addEnvironment(environment, endpoint.url);
    this.openPort(
      `to_${snakeCase(callee.serviceName)}`,
      callee.securityGroupId,
      endpoint.port,
      `${this.serviceName} calls ${callee.serviceName}`,
    );
    CallGraph.of(this).add({
      caller: this.serviceName,
      callee: callee.serviceName,
      endpoint,
      environment: [environment],
    });
  }

  /** Mounts an access point of a file system into the containers, with all that it takes. */
  public mount(accessPoint: EfsAccessPoint, options: MountOptions): void {
    this.taskDefinition.mount(accessPoint, options);
    const { securityGroupId, mountPrerequisites } = accessPoint.fileSystem;
    if (securityGroupId !== undefined) {
      this.openPort("to_efs", securityGroupId, NFS_PORT, `${this.serviceName} mounts the file system`);
    }
    this.prerequisites.push(...mountPrerequisites);
  }

  private openPort(id: string, securityGroupId: string, port: number, description: string): void {
    const target = `${securityGroupId}:${port}`;
    if (this.ports.has(target)) return;
    const name = this.node.tryFindChild(id) === undefined ? id : `${id}_${this.ports.size + 1}`;
    this.ports.set(
      target,
      new OpenPort(this, name, { from: this.securityGroupId, to: securityGroupId, port, description }),
    );
  }

  private newTaskRole(props: EcsServiceProps): IGrantee {
    const role = new EcsTasksRole(this, "task_role", {
      purpose: this.serviceName,
      description: `What the containers of ${this.serviceName} may do`,
    });
    if (props.enableExecuteCommand) {
      role.grant({
        sid: "ExecuteCommand",
        actions: ["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"].map(
          (action) => `ssmmessages:${action}`,
        ),
        resources: ["*"],
      });
    }
    return role;
  }

  private newSecurityGroup(props: EcsServiceProps): string {
    const vpcId = props.vpcId ?? new DataAwsSubnet(this, "subnet", { id: firstOf(props.subnets) }).vpcId;
    const { securityGroupId } = new SecurityGroup(this, "security_group", {
      vpcId,
      purpose: this.serviceName,
      description: `Tasks of ${this.serviceName}`,
    });
    for (const cidrIpv4 of props.httpsEgressCidrBlocks ?? [ANYWHERE]) {
      const rule = new VpcSecurityGroupEgressRule(
        this,
        cidrIpv4 === ANYWHERE ? "https" : `https_${snakeCase(cidrIpv4)}`,
        {
          securityGroupId,
          cidrIpv4,
          ipProtocol: "tcp",
          fromPort: 443,
          toPort: 443,
          description: "Image, log and secret APIs of AWS",
        },
      );
      this.prerequisites.push(rule);
    }
    return securityGroupId;
  }

  private newTaskDefinition(props: EcsServiceProps): TaskDefinition {
    const logGroup = new CloudwatchLogGroup(this, "log_group", {
      name: `/ecs/${TerraformStack.of(this).node.id}/${this.serviceName}`,
      retentionInDays: props.logRetentionInDays ?? 30,
    });
    return new TaskDefinition(this, "task_definition", {
      family: this.serviceName,
      containers: props.containers,
      cpu: props.cpu ?? 256,
      memory: props.memory ?? 512,
      cpuArchitecture: props.cpuArchitecture ?? "X86_64",
      ephemeralStorageGib: props.ephemeralStorageGib,
      executionRole: this.executionRole,
      taskRole: this.taskRole,
      logs: { logGroupName: logGroup.name, logGroupArn: logGroup.arn },
      skipDestroy: props.skipDestroy,
    });
  }

  /** The service's own group and those that were given, which may be a list that only Terraform knows. */
  private securityGroups(given: readonly string[] = []): string[] {
    return Token.isUnresolved(given)
      ? Token.asList(Fn.concat([given, [this.securityGroupId]]))
      : [...given, this.securityGroupId];
  }

  /** What must be there before the first task starts, and must stay until the last one has stopped. */
  private dependencies(): string[] {
    const resources = new Set([
      ...this.prerequisites,
      ...this.executionRole.policies,
      ...this.taskRole.policies,
      ...[...this.ports.values()].flatMap(({ rules }) => rules),
    ]);
    // Terraform orders what is in one stack; whole stacks are ordered by CDKTF
    const stack = TerraformStack.of(this);
    return [...resources].filter((resource) => TerraformStack.of(resource) === stack).map(addressOf);
  }
}

const NFS_PORT = 2049;
const ANYWHERE = "0.0.0.0/0";

function firstOf(subnets: readonly string[]): string {
  return Token.isUnresolved(subnets) ? Token.asString(Fn.element(subnets, 0)) : (subnets[0] ?? "");
}
