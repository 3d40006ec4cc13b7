import { EcsTaskDefinition, type EcsTaskDefinitionVolume } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { Lazy } from "cdktf";
import type { Construct } from "constructs";
import { checkEc2TaskSize } from "../../core/compute/ec2-task-size";
import { checkFargateSize } from "../../core/compute/fargate-size";
import { awsContext } from "../../core/framework/aws-context";
import { check, checkGiven, checkInteger, checkText, refuse } from "../../core/framework/check";
import { claim } from "../../core/framework/claims";
import { freeText, jsonText } from "../../core/framework/json-text";
import { Module } from "../../core/framework/module";
import { checkEcsName } from "../../core/framework/names";
import { warnUnless } from "../../core/framework/warnings";
import type { IEfsAccessPoint } from "../../core/storage/efs-access-point";
import { taskDefinition as rules } from "../../rules/task-definition";
import { awsLogs, type ContainerProps } from "./container";
import { checkContainers, checkEnvironmentName } from "./container-checks";
import { ServiceConnectProxy } from "./service-connect-proxy";
import type { MountOptions, TaskDefinitionProps } from "./task-definition-props";

interface Mount {
  readonly accessPoint: IEfsAccessPoint;
  readonly options: MountOptions;
}

/**
 * A task definition for Fargate or EC2 made of typed containers. Environment and mounts can be added until the app is synthesized.
 * Synthesis is refused for sizes, names and containers that ECS does not allow
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
 */
export class TaskDefinition extends Module {
  /** ARN of the revision. */
  public readonly taskDefinitionArn: string;
  /** What ECS adds to the tasks of a service in a Service Connect namespace; it stands in the service, not here. */
  public readonly serviceConnectProxy: ServiceConnectProxy;
  private readonly resource: EcsTaskDefinition;
  private readonly injected = new Map<string, string>();
  private readonly mounts: Mount[] = [];

  public constructor(
    scope: Construct,
    id: string,
    private readonly props: TaskDefinitionProps,
  ) {
    super(scope, id);
    checkGiven(this, props, [
      "family",
      "containers",
      "cpu",
      "memory",
      "cpuArchitecture",
      "executionRole",
      "taskRole",
      "logs",
    ]);
    checkEcsName(this, "family", props.family);
    const other = claim(this, [this.node.root], `family ${props.family}`);
    warnUnless(this, "family", props.family, () => other === undefined, {
      ...rules.familyTaken,
      allowed: `${rules.familyTaken.allowed}; ${other?.node.path} has this one`,
    });
    const { compatibility = "FARGATE", networkMode = "awsvpc" } = props;
    const checkSize = compatibility === "EC2" ? checkEc2TaskSize : checkFargateSize;
    checkSize(this, props.cpu, props.memory);
    const isOnFargate = compatibility === "FARGATE";
    check(this, "networkMode", networkMode, (mode) => !isOnFargate || mode === "awsvpc", rules.fargateMode);
    if (isOnFargate) {
      checkInteger(
        this,
        "ephemeralStorageGib",
        props.ephemeralStorageGib,
        { min: 21, max: 200 },
        rules.ephemeralStorage,
      );
    } else {
      check(this, "ephemeralStorageGib", props.ephemeralStorageGib, () => false, {
        ...rules.ephemeralStorage,
        mend: "leave it out, and give the Ec2Capacity a larger `rootVolumeGib`",
      });
    }
    checkContainers(this, props.containers, props, networkMode);
    const readOnly = props.containers.filter(({ readonlyRootFilesystem }) => readonlyRootFilesystem);
    check(
      this,
      "containers readonlyRootFilesystem",
      readOnly.map(({ name }) => name),
      (all) => !props.initProcessEnabled || all.length === 0,
      rules.readOnlySessions,
    );

    const images = new Map(
      props.containers.map((container) => [
        container.name,
        container.image.bind(this, `container "${container.name}" image`, props.executionRole),
      ]),
    );
    const secrets = new Map(
      props.containers.map((container) => [container.name, this.bindSecrets(container)]),
    );
    const writing = ["logs:CreateLogStream", "logs:PutLogEvents"];
    props.executionRole.grant(
      { sid: "WriteLogs", actions: writing, resources: [`${props.logs.logGroupArn}:*`] },
      this,
    );

    const { region } = awsContext(this);
    this.resource = new EcsTaskDefinition(this, "task_definition", {
      family: props.family,
      requiresCompatibilities: [compatibility],
      networkMode,
      cpu: `${props.cpu}`,
      memory: `${props.memory}`,
      runtimePlatform: { cpuArchitecture: props.cpuArchitecture, operatingSystemFamily: "LINUX" },
      ephemeralStorage: props.ephemeralStorageGib ? { sizeInGib: props.ephemeralStorageGib } : undefined,
      executionRoleArn: props.executionRole.roleArn,
      taskRoleArn: props.taskRole.roleArn,
      containerDefinitions: Lazy.stringValue({
        produce: () =>
          jsonText(
            props.containers.map((container) =>
              this.render(container, images.get(container.name), secrets.get(container.name), region),
            ),
          ),
      }),
      skipDestroy: props.skipDestroy,
    });
    this.taskDefinitionArn = this.resource.arn;
    this.serviceConnectProxy = new ServiceConnectProxy(this, props);
  }

  /** Puts a variable into the environment of all containers, none of which may have another value under that name. */
  public addEnvironment(name: string, value: string): void {
    checkEnvironmentName(this, "environment", name);
    checkText(this, `environment.${name}`, value);
    for (const container of this.props.containers) {
      const present = this.injected.get(name) ?? container.environment?.[name];
      const isSecret = Object.hasOwn(container.secrets ?? {}, name);
      if (!isSecret && (present === undefined || present === value)) continue;
      const place = isSecret ? "secrets" : "environment";
      refuse(
        { scope: this, property: `container "${container.name}" environment`, value: name },
        {
          ...rules.environmentTaken,
          mend: `take ${name} out of the container's ${place}, or inject under another name`,
        },
      );
    }
    this.injected.set(name, value);
  }

  /** Mounts an access point into the containers: volume, mount points and permissions. */
  public mount(accessPoint: IEfsAccessPoint, options: MountOptions): void {
    const { containerPath, containers = [] } = options;
    check(this, "mount containerPath", containerPath, (path) => path.startsWith("/"), rules.mountPath);
    const known = this.props.containers.map(({ name }) => name);
    for (const name of containers) {
      check(this, "mount containers", name, (given) => known.includes(given), {
        ...rules.mountContainers,
        allowed: `${rules.mountContainers.allowed}: ${known.join(", ")}`,
      });
    }
    const others = this.mounts.map((mount) => mount.options).filter((other) => !areApart(options, other));
    const isFree = (path: string): boolean => others.every((other) => other.containerPath !== path);
    check(this, "mount containerPath", containerPath, isFree, rules.mountTwice);
    const isOther = (mount: Mount): boolean => mount.accessPoint !== accessPoint;
    const taken = this.mounts.filter(isOther).map((mount) => mount.accessPoint.volumeName);
    check(this, "volumeName", accessPoint.volumeName, (name) => !taken.includes(name), rules.volumeNames);
    accessPoint.grantMount(this.props.taskRole, options.readOnly ? "read" : "write");
    this.mounts.push({ accessPoint, options });
    this.resource.putVolume(this.volumes());
  }

  private bindSecrets(container: ContainerProps): { name: string; valueFrom: string }[] {
    return Object.entries(container.secrets ?? {}).map(([name, secret]) => ({
      name,
      valueFrom: secret.bind(this, `container "${container.name}" secrets.${name}`, this.props.executionRole),
    }));
  }

  private volumes(): EcsTaskDefinitionVolume[] {
    const accessPoints = new Set(this.mounts.map(({ accessPoint }) => accessPoint));
    return [...accessPoints].map((accessPoint) => ({
      name: accessPoint.volumeName,
      efsVolumeConfiguration: {
        fileSystemId: accessPoint.fileSystem.fileSystemId,
        transitEncryption: "ENABLED",
        authorizationConfig: { accessPointId: accessPoint.accessPointId, iam: "ENABLED" },
      },
    }));
  }

  private render(
    container: ContainerProps,
    image: string | undefined,
    secrets: object[] | undefined,
    region: string,
  ): object {
    const environment = { ...container.environment, ...Object.fromEntries(this.injected) };
    const mountPoints = this.mounts
      .filter(({ options }) => options.containers?.includes(container.name) ?? true)
      .map(({ accessPoint, options }) => ({
        sourceVolume: accessPoint.volumeName,
        containerPath: options.containerPath,
        readOnly: options.readOnly ?? false,
      }));
    return {
      name: container.name,
      image,
      essential: container.essential ?? true,
      cpu: container.cpu,
      memory: container.memory,
      user: container.user === undefined ? undefined : freeText(container.user),
      readonlyRootFilesystem: container.readonlyRootFilesystem,
      entryPoint: words(container.entryPoint),
      command: words(container.command),
      portMappings: list(
        container.portMappings?.map((mapping) => ({ ...mapping, protocol: mapping.protocol ?? "tcp" })),
      ),
      environment: list(
        Object.entries(environment)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, value]) => ({ name, value: freeText(value) })),
      ),
      secrets: list(secrets),
      mountPoints: list(mountPoints),
      healthCheck: container.healthCheck && {
        ...container.healthCheck,
        interval: container.healthCheck.interval ?? 30,
        timeout: container.healthCheck.timeout ?? 5,
        retries: container.healthCheck.retries ?? 3,
        command: words(container.healthCheck.command),
      },
      linuxParameters: this.props.initProcessEnabled ? { initProcessEnabled: true } : undefined,
      stopTimeout: container.stopTimeout,
      dependsOn: list(
        Object.entries(container.dependsOn ?? {}).map(([containerName, condition]) => ({
          containerName,
          condition,
        })),
      ),
      logConfiguration: awsLogs(this.props.logs.logGroupName, region, this.props.family),
    };
  }
}

/** True where no container sees both mounts. */
function areApart(one: MountOptions, other: MountOptions): boolean {
  return (
    one.containers !== undefined &&
    other.containers !== undefined &&
    !one.containers.some((name) => other.containers?.includes(name))
  );
}

function words(texts: readonly string[] | undefined): unknown[] | undefined {
  // what is no list is refused already
  return Array.isArray(texts) ? texts.map((text: string) => freeText(text)) : undefined;
}

/** ECS leaves empty lists out of what it gives back. */
function list<T>(values: readonly T[] | undefined): readonly T[] | undefined {
  return values && values.length > 0 ? values : undefined;
}
