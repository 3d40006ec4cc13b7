/**
 * What the task runner reads of ECS, under the API's own names. Only what it uses is here.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Operations.html
 */
export interface EcsApi {
  /** ARNs. */
  listClusters(): Promise<string[]>;
  /** ARNs. */
  listServices(cluster: string): Promise<string[]>;
  describeServices(cluster: string, services: readonly string[]): Promise<EcsService[]>;
  describeTaskDefinition(taskDefinition: string): Promise<TaskDefinition>;
  /** The one thing that it writes: the rollback of a circuit breaker. */
  updateService(cluster: string, service: string, taskDefinition: string): Promise<void>;
}

export interface EcsService {
  readonly serviceArn: string;
  readonly serviceName: string;
  readonly clusterArn: string;
  /** `ACTIVE`, `DRAINING` or `INACTIVE`. */
  readonly status: string;
  readonly desiredCount: number;
  /** ARN. */
  readonly taskDefinition: string;
  readonly deployments?: readonly EcsDeployment[];
  readonly deploymentConfiguration?: DeploymentConfiguration;
  readonly serviceRegistries?: readonly ServiceRegistry[];
  readonly networkConfiguration?: {
    readonly awsvpcConfiguration: {
      readonly subnets?: readonly string[];
      readonly securityGroups?: readonly string[];
    };
  };
}

export interface EcsDeployment {
  readonly id: string;
  /** `PRIMARY`, `ACTIVE` or `INACTIVE`. */
  readonly status: string;
  readonly taskDefinition: string;
}

export interface DeploymentConfiguration {
  /** Percent of the desired count. @default 200 */
  readonly maximumPercent?: number;
  /** Percent of the desired count. @default 100 */
  readonly minimumHealthyPercent?: number;
  readonly deploymentCircuitBreaker?: { readonly enable: boolean; readonly rollback: boolean };
}

export interface ServiceRegistry {
  /** ARN of a Cloud Map service. */
  readonly registryArn: string;
  readonly port?: number;
  readonly containerName?: string;
  readonly containerPort?: number;
}

export interface TaskDefinition {
  readonly taskDefinitionArn: string;
  readonly family: string;
  readonly revision: number;
  readonly containerDefinitions: readonly ContainerDefinition[];
  readonly volumes?: readonly Volume[];
}

export interface ContainerDefinition {
  readonly name: string;
  readonly image: string;
  /** The task ends with this container. @default true */
  readonly essential?: boolean;
  readonly entryPoint?: readonly string[];
  readonly command?: readonly string[];
  readonly workingDirectory?: string;
  readonly environment?: readonly { readonly name: string; readonly value: string }[];
  readonly environmentFiles?: readonly { readonly value: string }[];
  readonly secrets?: readonly { readonly name: string; readonly valueFrom: string }[];
  readonly portMappings?: readonly { readonly containerPort?: number; readonly protocol?: string }[];
  readonly mountPoints?: readonly MountPoint[];
  readonly healthCheck?: HealthCheck;
  readonly dependsOn?: readonly ContainerDependency[];
  /** Seconds between SIGTERM and SIGKILL. @default 30 */
  readonly stopTimeout?: number;
  /** `uid`, `uid:gid`, `user` or `user:group`. */
  readonly user?: string;
}

export interface ContainerDependency {
  readonly containerName: string;
  readonly condition: "START" | "HEALTHY" | "COMPLETE" | "SUCCESS";
}

export interface MountPoint {
  readonly sourceVolume: string;
  readonly containerPath: string;
  readonly readOnly?: boolean;
}

export interface HealthCheck {
  /** Begins with `CMD`, `CMD-SHELL` or `NONE`. */
  readonly command: readonly string[];
  /** Seconds. @default 30 */
  readonly interval?: number;
  /** Seconds. @default 5 */
  readonly timeout?: number;
  /** Failures in a row that make a container unhealthy. @default 3 */
  readonly retries?: number;
  /** Seconds in which failures do not count. @default 0 */
  readonly startPeriod?: number;
}

export interface Volume {
  readonly name: string;
  readonly host?: { readonly sourcePath?: string };
  readonly efsVolumeConfiguration?: EfsVolume;
}

export interface EfsVolume {
  readonly fileSystemId: string;
  readonly rootDirectory?: string;
  readonly authorizationConfig?: { readonly accessPointId?: string };
}
