import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DataAwsSubnet } from "@cdktf/provider-aws/lib/data-aws-subnet";
import { EcsService as AwsEcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { Fn, Lazy, TerraformStack, Token, type TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { addressOf, snakeCase } from "../core/address";
import { check, checkInteger, checkLiteral, checkPort, InvalidInputError } from "../core/check";
import { EcsTasksRole, type IGrantee } from "../core/ecs-tasks-role";
import type { IEfsAccessPoint } from "../core/efs-access-point";
import { Iam } from "../core/iam";
import { checkRetention } from "../core/log-retention";
import { Module } from "../core/module";
import { checkEcsName, checkHost } from "../core/names";
import { checkSecurityGroupId, checkSecurityGroups, checkSubnets, checkVpcId } from "../core/network-ids";
import { initialCount, lifecycleOf, ServiceAutoScaling } from "./auto-scaling";
import { checkAutoScaling, fewestTasks } from "./auto-scaling-checks";
import { CallGraph } from "./call-graph";
import { checkCapacity } from "./capacity";
import { checkDeployment } from "./deployment";
import { reachedPort, withPort, type ContainerProps } from "./container";
import type { DiscoveryBinding } from "./discovery";
import type { ConnectOptions, EcsServiceAttributes, EcsServiceProps } from "./ecs-service-props";
import {
  httpEndpoint,
  type CallerRequirements,
  type Endpoint,
  type Entrance,
  type IConnectable,
} from "./endpoint";
import { checkNamespaceArn } from "./service-connect-checks";
import { ServiceConnectMembership } from "./service-connect-membership";
import { ServiceNetwork } from "./service-network";
import { TaskDefinition, type MountOptions } from "./task-definition";

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
    const { serviceName, host, port, securityGroupId, entrancePort, serviceConnectNamespaceArn } = attributes;
    checkLiteral(scope, "serviceName", serviceName);
    checkEcsName(scope, "serviceName", serviceName);
    checkLiteral(scope, "port", port);
    checkPort(scope, "port", port);
    checkHost(scope, "host", host);
    checkSecurityGroupId(scope, "securityGroupId", securityGroupId);
    checkPort(scope, "entrancePort", entrancePort);
    checkNamespaceArn(scope, "serviceConnectNamespaceArn", serviceConnectNamespaceArn);
    return {
      serviceName,
      securityGroupId,
      endpoint: httpEndpoint(host, port),
      entrance: { securityGroupId, port: entrancePort ?? port },
      callerRequirements: { serviceConnectNamespaceArn },
    };
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
  private readonly service: AwsEcsService;
  private readonly serviceConnect: ServiceConnectMembership;
  private readonly prerequisites: TerraformResource[] = [];
  private readonly network: ServiceNetwork;

  public constructor(scope: Construct, id: string, props: EcsServiceProps) {
    super(scope, id);
    checkLiteral(this, "serviceName", props.serviceName);
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
    checkAutoScaling(this, props.autoScaling, props.desiredCount);
    checkDeployment(this, props.deployment, fewestTasks(props.desiredCount, props.autoScaling));

    this.serviceName = props.serviceName;
    this.executionRole = props.taskExecutionRole ?? new Iam(this, "iam");
    this.taskRole = this.newTaskRole(props);
    const vpcId = props.vpcId ?? new DataAwsSubnet(this, "subnet", { id: firstOf(props.subnets) }).vpcId;
    this.network = new ServiceNetwork(this, {
      serviceName: this.serviceName,
      vpcId,
      httpsEgressCidrBlocks: props.httpsEgressCidrBlocks,
    });
    this.securityGroupId = this.network.securityGroupId;
    const containers = withPort(props.containers, props.discovery?.portMapping);
    this.taskDefinition = this.newTaskDefinition(props, containers);
    const [reached] = containers;
    this.binding = props.discovery?.bind({
      scope: this,
      serviceName: this.serviceName,
      vpcId,
      securityGroupId: this.securityGroupId,
      containerName: reached?.name ?? "",
      port: reachedPort(containers)?.containerPort,
      containers,
      taskDefinition: this.taskDefinition,
    });
    this.prerequisites.push(...(this.binding?.prerequisites ?? []));

    const usesFargate = capacity === "FARGATE";
    if (!usesFargate) this.prerequisites.push(...props.ecsCluster.capacityProviderAssociations);
    this.service = new AwsEcsService(this, "service", {
      name: this.serviceName,
      cluster: props.ecsCluster.ecsClusterId,
      taskDefinition: this.taskDefinition.taskDefinitionArn,
      desiredCount: initialCount(props.desiredCount, props.autoScaling),
      launchType: usesFargate ? "FARGATE" : undefined,
      capacityProviderStrategy: usesFargate
        ? undefined
        : capacity.map((share) => ({ ...share, weight: share.weight ?? 1 })),
      // the provider replaces a service whose strategy changes unless a new deployment is forced
      forceNewDeployment: usesFargate ? undefined : true,
      networkConfiguration: {
        subnets: [...props.subnets],
        securityGroups: this.securityGroups(props.securityGroups),
        assignPublicIp: props.assignPublicIp ?? false,
      },
      serviceRegistries: this.binding?.serviceRegistries,
      loadBalancer: this.binding?.loadBalancers && [...this.binding.loadBalancers],
      healthCheckGracePeriodSeconds:
        this.binding?.loadBalancers && (props.healthCheckGracePeriodSeconds ?? 60),
      serviceConnectConfiguration: this.binding?.serviceConnect,
      deploymentMinimumHealthyPercent: props.deployment?.minimumHealthyPercent ?? 100,
      deploymentMaximumPercent: props.deployment?.maximumPercent ?? 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      // always said: the default differs between the provider's versions 5 and 6
      availabilityZoneRebalancing: (props.deployment?.maximumPercent ?? 200) > 100 ? "ENABLED" : "DISABLED",
      enableExecuteCommand: props.enableExecuteCommand ?? false,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      waitForSteadyState: props.waitForSteadyState ?? false,
      lifecycle: lifecycleOf(this.binding?.replaceTriggeredBy, props.autoScaling),
    });
    this.service.dependsOn = Lazy.listValue({ produce: () => this.dependencies() });
    this.serviceArn = this.service.id;
    if (props.autoScaling !== undefined) {
      const isRegistered = Boolean(this.binding?.serviceRegistries ?? this.binding?.serviceConnect);
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
   * into the environment of its containers. Calling it again, or the other way round too, is safe: of services that call
   * each other in a circle and must be deployed in an order, the callee of the first `connectTo` comes first.
   * @throws InvalidInputError where the callee has no name, the environment variable is taken or the two services are in
   * different Service Connect namespaces
   */
  public connectTo(callee: IConnectable, options: ConnectOptions = {}): void {
    const { endpoint } = callee;
    this.serviceConnect.checkJoin(callee.callerRequirements?.serviceConnectNamespaceArn);
    const environment = options.environment ?? `${snakeCase(callee.serviceName).toUpperCase()}_URL`;
    check(this, "connectTo path", options.path, (path) => /^\/[^\s?#]*$/.test(path), {
      allowed: "a path that begins with a slash, without query",
      mend: 'give a path such as "/api/v1"',
    });
    this.taskDefinition.addEnvironment(environment, `${endpoint.url}${options.path ?? ""}`);
    const entrance = { name: callee.serviceName, ...(callee.entrance ?? { ...callee, port: endpoint.port }) };
    this.network.openService(entrance.name, entrance.securityGroupId, entrance.port);
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
    return this.binding?.entrance;
  }

  public get callerRequirements(): CallerRequirements {
    return {
      serviceConnectNamespaceArn: this.binding?.serviceConnectNamespaceArn,
      deployedBefore: this.binding?.mustPrecedeCallers ? this.service : undefined,
    };
  }

  /** Mounts an access point of a file system into the containers, with all that it takes. */
  public mount(accessPoint: IEfsAccessPoint, options: MountOptions): void {
    this.taskDefinition.mount(accessPoint, options);
    const { securityGroupId, mountPrerequisites } = accessPoint.fileSystem;
    this.network.openFileSystem(securityGroupId);
    this.prerequisites.push(...mountPrerequisites);
  }

  /** Gives this service what a callee asks of its callers. */
  private meet({ serviceConnectNamespaceArn, deployedBefore }: CallerRequirements = {}): void {
    this.serviceConnect.join(serviceConnectNamespaceArn);
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

  private newTaskDefinition(props: EcsServiceProps, containers: readonly ContainerProps[]): TaskDefinition {
    const logGroup = new CloudwatchLogGroup(this, "log_group", {
      name: `/ecs/${TerraformStack.of(this).node.id}/${this.serviceName}`,
      retentionInDays: props.logRetentionInDays ?? 30,
    });
    return new TaskDefinition(this, "task_definition", {
      family: this.serviceName,
      containers,
      cpu: props.cpu ?? 256,
      memory: props.memory ?? 512,
      cpuArchitecture: props.cpuArchitecture ?? "X86_64",
      ephemeralStorageGib: props.ephemeralStorageGib,
      executionRole: this.executionRole,
      taskRole: this.taskRole,
      logs: { logGroupName: logGroup.name, logGroupArn: logGroup.arn },
      initProcessEnabled: props.enableExecuteCommand,
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
      ...this.network.rules,
    ]);
    // Terraform orders what is in one stack; whole stacks are ordered by CDKTF
    const stack = TerraformStack.of(this);
    return [...resources].filter((resource) => TerraformStack.of(resource) === stack).map(addressOf);
  }
}

function firstOf(subnets: readonly string[]): string {
  return Token.isUnresolved(subnets) ? Token.asString(Fn.element(subnets, 0)) : (subnets[0] ?? "");
}
