import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EcsService as AwsEcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { Lazy, TerraformStack, Token, type TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { checkLogGroupName } from "../../core/cloudwatch/log-group-name";
import { checkRetention } from "../../core/cloudwatch/log-retention";
import type { IEcsCluster } from "../../core/compute/ecs-cluster";
import { addressOf, snakeCase } from "../../core/framework/address";
import {
  check,
  checkGiven,
  checkInteger,
  checkLiteral,
  InvalidInputError,
  refuse,
} from "../../core/framework/check";
import { claim } from "../../core/framework/claims";
import { Module } from "../../core/framework/module";
import { checkEcsName, isEcsName } from "../../core/framework/names";
import { Platform } from "../../core/framework/platform";
import { identityOf } from "../../core/framework/resolved";
import { mayReferTo } from "../../core/framework/stack-order";
import { warnUnless } from "../../core/framework/warnings";
import { EcsTasksRole, type IGrantee } from "../../core/iam/ecs-tasks-role";
import { Iam } from "../../core/iam/iam";
import type { IEfsAccessPoint } from "../../core/storage/efs-access-point";
import { cloudMap } from "../../rules/cloud-map";
import { ecsService as rules } from "../../rules/ecs-service";
import { efs } from "../../rules/efs";
import { CallGraph } from "../calls/call-graph";
import type { CallerRequirements, Endpoint, Entrance, IConnectable } from "../calls/endpoint";
import type { DiscoveryBinding } from "../discovery/discovery";
import { ServiceConnectMembership } from "../discovery/service-connect-membership";
import type { TaskNetwork } from "../networking/task-network";
import { reachedPort, withPort, type ContainerProps } from "../task/container";
import { withHostPort } from "../task/host-port";
import { TaskDefinition } from "../task/task-definition";
import type { MountOptions } from "../task/task-definition-props";
import { initialCount, lifecycleOf, ServiceAutoScaling } from "./auto-scaling";
import { checkAutoScaling, fewestTasks, mostTasks } from "./auto-scaling-checks";
import type { AutoScaling } from "./auto-scaling-props";
import { checkCapacity, ec2CapacitiesOf, launchArguments } from "./capacity";
import { createTaskNetwork } from "./create-task-network";
import { checkDeployment } from "./deployment";
import { checkInstances, checkReachable } from "./ec2-checks";
import type { ConnectOptions, EcsServiceAttributes, EcsServiceProps } from "./ecs-service-props";
import { importedService } from "./imported-service";
import { checkPlacement, placementArguments, zoneRebalancing } from "./placement";

/** Cloud Map has room for so many instances of a service. */
const MAX_REGISTERED_TASKS = 1000;

/**
 * An ECS service with its task definition, log group, roles, security group and way of being reached.
 *
 * ```ts
 * signal.connectTo(stock, { environment: "STOCK_SERVICE_URL" });
 * ```
 * Synthesis is refused for what ECS would refuse
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
 */
export class EcsService extends Module implements IConnectable {
  /** A service that exists already, as something to connect to. */
  public static fromServiceAttributes(scope: Construct, attributes: EcsServiceAttributes): IConnectable {
    return importedService(scope, attributes);
  }

  public readonly serviceName: string;
  /** ARN of the ECS service. */
  public readonly serviceArn: string;
  /** The service's own group, in bridge mode that of the instances: nothing gets in but what `connectTo` opens. */
  public readonly securityGroupId: string;
  /** What the containers themselves may do. */
  public readonly taskRole: IGrantee;
  /** What its tasks are made of. */
  public readonly taskDefinition: TaskDefinition;
  /** The cluster that the service is in. */
  public readonly ecsCluster: IEcsCluster;
  /** Where its containers log to. */
  public readonly logGroupName: string;
  /** How many tasks run by themselves; undefined where their number stays as it is. */
  public readonly autoScaling?: AutoScaling;
  private readonly executionRole: IGrantee;
  private readonly binding?: DiscoveryBinding;
  private readonly service: AwsEcsService;
  private readonly serviceConnect: ServiceConnectMembership;
  private readonly prerequisites: TerraformResource[] = [];
  private readonly network: TaskNetwork;
  private readonly mostTasks?: number;

  public constructor(scope: Construct, id: string, props: EcsServiceProps) {
    super(scope, id);
    checkGiven(this, props, ["serviceName", "ecsCluster", "containers"]);
    checkLiteral(this, "serviceName", props.serviceName);
    checkEcsName(this, "serviceName", props.serviceName);
    checkInteger(this, "desiredCount", props.desiredCount, { min: 0, max: 5000 }, rules.desiredCount);
    props = withStandIns(this, props);
    const isNameFree = this.isNameFree(props);
    mayReferTo(this, "ecsCluster", props.ecsCluster);
    mayReferTo(this, "taskExecutionRole", props.taskExecutionRole);
    const { healthCheckGracePeriodSeconds: gracePeriod } = props;
    const seconds = { min: 0, max: 2147483647 };
    checkInteger(this, "healthCheckGracePeriodSeconds", gracePeriod, seconds, rules.gracePeriod);
    checkRetention(this, "logRetentionInDays", props.logRetentionInDays);
    const capacity = props.capacity ?? "FARGATE";
    this.mostTasks = mostTasks(props.desiredCount, props.autoScaling);
    checkCapacity(this, capacity, this.mostTasks);
    checkInstances(this, props);
    const isOnEc2 = ec2CapacitiesOf(capacity).length > 0;
    checkPlacement(this, props, isOnEc2);
    checkAutoScaling(this, props.autoScaling, props.desiredCount);
    checkDeployment(this, props.deployment, fewestTasks(props.desiredCount, props.autoScaling));

    this.serviceName = props.serviceName;
    this.ecsCluster = props.ecsCluster;
    this.autoScaling = props.autoScaling;
    this.executionRole = props.taskExecutionRole ?? new Iam(this, "iam");
    this.taskRole = this.newTaskRole(props);
    this.network = createTaskNetwork(this, props);
    this.securityGroupId = this.network.securityGroupId;
    const containers = withHostPort(
      withPort(props.containers, props.discovery?.portMapping),
      this.network.hostPort,
    );
    const logGroupName = props.logGroupName ?? `/ecs/${Platform.of(this).name}/${this.serviceName}`;
    // a name that is taken in the cluster is reported already
    if (isNameFree) checkLogGroupName(this, "logGroupName", logGroupName);
    const logGroup = new CloudwatchLogGroup(this, "log_group", {
      name: logGroupName,
      retentionInDays: props.logRetentionInDays ?? 30,
    });
    this.logGroupName = logGroup.name;
    this.taskDefinition = this.newTaskDefinition(props, containers, logGroup);
    const [reached] = containers;
    this.binding = props.discovery?.bind({
      scope: this,
      serviceName: this.serviceName,
      vpcId: this.network.vpcId,
      network: this.network,
      securityGroupId: this.securityGroupId,
      containerName: reached?.name ?? "",
      port: reachedPort(containers)?.containerPort,
      containers,
      taskDefinition: this.taskDefinition,
      mostTasks: this.mostTasks,
    });
    checkReachable(this, this.network, this.binding);
    const isRegistered = Boolean(this.binding?.serviceRegistries ?? this.binding?.serviceConnect);
    const hasRoom = (count: number): boolean => !isRegistered || count <= MAX_REGISTERED_TASKS;
    check(this, "desiredCount", props.desiredCount, hasRoom, cloudMap.instances);
    this.prerequisites.push(...(this.binding?.prerequisites ?? []));
    if (capacity !== "FARGATE") this.prerequisites.push(...props.ecsCluster.capacityProviderAssociations);
    const maximumPercent = props.deployment?.maximumPercent ?? 200;
    this.service = new AwsEcsService(this, "service", {
      name: this.serviceName,
      cluster: props.ecsCluster.ecsClusterId,
      taskDefinition: this.taskDefinition.taskDefinitionArn,
      desiredCount: initialCount(props.desiredCount, props.autoScaling),
      ...launchArguments(capacity),
      ...placementArguments(props, isOnEc2),
      networkConfiguration: this.network.networkConfiguration,
      serviceRegistries: this.binding?.serviceRegistries,
      loadBalancer: this.binding?.loadBalancers && [...this.binding.loadBalancers],
      healthCheckGracePeriodSeconds: this.binding?.loadBalancers && (gracePeriod ?? 60),
      serviceConnectConfiguration: this.binding?.serviceConnect,
      deploymentMinimumHealthyPercent: props.deployment?.minimumHealthyPercent ?? 100,
      deploymentMaximumPercent: maximumPercent,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      // always said: the default differs between the provider's versions 5 and 6
      availabilityZoneRebalancing: zoneRebalancing(props, maximumPercent),
      enableExecuteCommand: props.enableExecuteCommand ?? false,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      waitForSteadyState: props.waitForSteadyState ?? false,
      lifecycle: lifecycleOf(this.binding?.replaceTriggeredBy, props.autoScaling),
    });
    this.service.dependsOn = Lazy.listValue({ produce: () => this.dependencies() });
    this.serviceArn = this.service.id;
    if (props.autoScaling !== undefined) {
      const { autoScaling, ecsCluster } = props;
      const scaled = { autoScaling, service: this.service, ecsClusterId: ecsCluster.ecsClusterId };
      new ServiceAutoScaling(this, "appautoscaling", { ...scaled, isRegistered });
    }
    this.serviceConnect = new ServiceConnectMembership(
      this,
      this.service,
      this.taskDefinition.serviceConnectProxy,
      this.binding?.serviceConnectNamespaceArn,
    );
  }

  /** Where the service answers. @throws InvalidInputError where it cannot be called by name */
  public get endpoint(): Endpoint {
    const endpoint = this.binding?.endpoint;
    if (endpoint !== undefined) return endpoint;
    const given = { scope: this, property: "discovery", value: undefined };
    if (this.binding === undefined) throw new InvalidInputError(given, rules.callee);
    throw new InvalidInputError(
      { ...given, property: "namespace name" },
      {
        ...rules.callee,
        mend: "give the namespace by `DnsNamespace.fromDnsNamespaceAttributes({ namespaceId, namespaceName })` instead of by its id",
      },
    );
  }

  /**
   * Lets this service call another one: opens the callee's port for it, and for nobody else, and puts the callee's URL
   * into the environment of its containers. Calling it again, or the other way round too, is safe: of services that call
   * each other in a circle and must be deployed in an order, the callee of the first `connectTo` comes first.
   * @throws InvalidInputError where the callee has no name
   */
  public connectTo(callee: IConnectable, options: ConnectOptions = {}): void {
    checkGiven(this, { callee }, ["callee"], "connectTo ");
    if (!mayReferTo(this, "connectTo", callee)) return;
    const { endpoint } = callee;
    this.serviceConnect.checkJoin(callee.callerRequirements?.serviceConnectNamespaceArn);
    const environment = options.environment ?? `${snakeCase(callee.serviceName).toUpperCase()}_URL`;
    check(this, "connectTo path", options.path, (path) => /^\/[^\s?#]*$/.test(path), rules.connectPath);
    this.taskDefinition.addEnvironment(environment, `${endpoint.url}${options.path ?? ""}`);
    const entrance = { name: callee.serviceName, ...(callee.entrance ?? { ...callee, port: endpoint.port }) };
    this.network.openService(entrance);
    this.meet(callee.callerRequirements);
    CallGraph.of(this).add({
      stack: TerraformStack.of(this).node.id,
      caller: this.serviceName,
      callee: callee.serviceName,
      endpoint,
      environment: [environment],
    });
  }

  public get entrance(): Entrance | undefined {
    return this.binding && (this.binding.entrance ?? this.network.entrance);
  }

  public get callerRequirements(): CallerRequirements {
    return {
      serviceConnectNamespaceArn: this.binding?.serviceConnectNamespaceArn,
      deployedBefore: this.binding?.mustPrecedeCallers ? this.service : undefined,
      permissions: this.binding?.callerPermissions,
    };
  }

  /** Mounts an access point of a file system into the containers, with all that it takes. */
  public mount(accessPoint: IEfsAccessPoint, options: MountOptions): void {
    checkGiven(this, { accessPoint, options }, ["accessPoint", "options"], "mount ");
    this.taskDefinition.mount(accessPoint, options);
    const writers = options.readOnly ? 0 : this.mostTasks;
    warnUnless(this, "tasks that write to the file system", writers, (count) => count <= 1, efs.oneWriter);
    const { securityGroupId, mountPrerequisites } = accessPoint.fileSystem;
    this.network.openFileSystem(securityGroupId);
    this.prerequisites.push(...mountPrerequisites);
  }

  /** Refuses a name that another service of the cluster has. */
  private isNameFree({ ecsCluster, serviceName }: EcsServiceProps): boolean {
    const cluster = identityOf(this, ecsCluster.ecsClusterId);
    // an ARN that only Terraform knows means another cluster in another stack; the construct is the same everywhere
    const other = claim(this, [`services of ${cluster}`, ecsCluster], serviceName);
    if (other === undefined) return true;
    const allowed = `${rules.nameTaken.allowed}; ${other.node.path} has this one`;
    refuse({ scope: this, property: "serviceName", value: serviceName }, { ...rules.nameTaken, allowed });
    return false;
  }

  /** Gives this service what a callee asks of its callers. */
  private meet(requirements: CallerRequirements = {}): void {
    const { serviceConnectNamespaceArn, deployedBefore, permissions = [] } = requirements;
    this.serviceConnect.join(serviceConnectNamespaceArn);
    permissions.forEach((statement) => this.taskRole.grant(statement, this));
    // of two services that call each other only one can come first
    if (deployedBefore !== undefined && CallGraph.of(this).order(this.service, deployedBefore)) {
      this.prerequisites.push(deployedBefore);
    }
  }

  private newTaskRole(props: EcsServiceProps): IGrantee {
    const role = new EcsTasksRole(this, "task_role", {
      purpose: this.serviceName,
      description: `What the containers of ${this.serviceName} may do`,
    });
    if (props.enableExecuteCommand) props.ecsCluster.grantExecuteCommand(role);
    return role;
  }

  private newTaskDefinition(
    props: EcsServiceProps,
    containers: readonly ContainerProps[],
    logGroup: CloudwatchLogGroup,
  ): TaskDefinition {
    const [instances] = ec2CapacitiesOf(props.capacity);
    return new TaskDefinition(this, "task_definition", {
      // an account has one family of a name in a region
      family: props.family ?? Platform.of(this).qualify(this.serviceName),
      containers,
      cpu: props.cpu ?? 256,
      memory: props.memory ?? 512,
      cpuArchitecture: props.cpuArchitecture ?? instances?.cpuArchitecture ?? "X86_64",
      compatibility: instances === undefined ? "FARGATE" : "EC2",
      networkMode: this.network.networkMode,
      ephemeralStorageGib: props.ephemeralStorageGib,
      executionRole: this.executionRole,
      taskRole: this.taskRole,
      logs: { logGroupName: logGroup.name, logGroupArn: logGroup.arn },
      initProcessEnabled: props.enableExecuteCommand,
      skipDestroy: props.skipDestroy,
    });
  }

  /** What must be there before the first task starts, and must stay until the last one has stopped. */
  private dependencies(): string[] {
    const resources = new Set([
      ...this.prerequisites,
      ...this.executionRole.policies,
      ...this.taskRole.policies,
      ...this.network.rules,
    ]);
    // Terraform orders what is in one stack; whole stacks are ordered by CDKTF
    const stack = TerraformStack.of(this);
    return [...resources].filter((resource) => TerraformStack.of(resource) === stack).map(addressOf);
  }
}

/** The properties with something harmless in place of what was refused already, so that it is reported once. */
function withStandIns(scope: Construct, props: EcsServiceProps): EcsServiceProps {
  const { serviceName, desiredCount } = props;
  const isNumber =
    desiredCount === undefined || Token.isUnresolved(desiredCount) || Number.isInteger(desiredCount);
  if (isEcsName(serviceName) && isNumber) return props;
  return {
    ...props,
    serviceName: isEcsName(serviceName) ? serviceName : `service-${scope.node.addr.slice(0, 8)}`,
    desiredCount: isNumber ? desiredCount : undefined,
  };
}
