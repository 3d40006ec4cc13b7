import {
  DeregisterInstanceCommand,
  RegisterInstanceCommand,
  ServiceDiscoveryClient,
  UpdateInstanceCustomHealthStatusCommand,
} from "@aws-sdk/client-servicediscovery";
import { clientConfig } from "../aws-client";
import { EMULATED_REGION, type Emulator } from "../emulator-process";
import type { EcsService, ServiceRegistry, TaskDefinition } from "./ecs-api";

/** What the task runner writes to Cloud Map. */
export interface CloudMapApi {
  registerInstance(serviceId: string, instanceId: string, attributes: Record<string, string>): Promise<void>;
  /** Also where the instance or the service is gone. */
  deregisterInstance(serviceId: string, instanceId: string): Promise<void>;
  /** Also where the service has no custom health check. */
  setHealth(serviceId: string, instanceId: string, status: "HEALTHY" | "UNHEALTHY"): Promise<void>;
  close(): void;
}

const GONE = ["InstanceNotFound", "ServiceNotFound"];

/** Cloud Map through the AWS SDK. */
export class CloudMapClient implements CloudMapApi {
  private readonly client: ServiceDiscoveryClient;

  public constructor(emulator: Emulator) {
    this.client = new ServiceDiscoveryClient({ ...clientConfig(emulator), maxAttempts: 2 });
  }

  public async registerInstance(
    serviceId: string,
    instanceId: string,
    attributes: Record<string, string>,
  ): Promise<void> {
    await this.client.send(
      new RegisterInstanceCommand({
        ServiceId: serviceId,
        InstanceId: instanceId,
        CreatorRequestId: instanceId,
        Attributes: attributes,
      }),
    );
  }

  public async deregisterInstance(serviceId: string, instanceId: string): Promise<void> {
    const command = new DeregisterInstanceCommand({ ServiceId: serviceId, InstanceId: instanceId });
    await this.client.send(command).catch(except(GONE));
  }

  public async setHealth(
    serviceId: string,
    instanceId: string,
    status: "HEALTHY" | "UNHEALTHY",
  ): Promise<void> {
    const command = new UpdateInstanceCustomHealthStatusCommand({
      ServiceId: serviceId,
      InstanceId: instanceId,
      Status: status,
    });
    await this.client.send(command).catch(except(["CustomHealthNotFound", ...GONE]));
  }

  public close(): void {
    this.client.destroy();
  }
}

function except(names: readonly string[]): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof Error && names.includes(error.name))) throw error;
  };
}

/** For example `srv-0123456789abcdef` of `arn:aws:servicediscovery:us-east-1:123456789012:service/srv-0123456789abcdef`. */
export function registryIdOf({ registryArn }: ServiceRegistry): string {
  return nameOf(registryArn);
}

/**
 * The attributes that ECS registers a task with. The port is that of the registry, and without one there the first
 * that the task definition has.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-discovery.html
 */
export function attributesOf(
  service: EcsService,
  registry: ServiceRegistry,
  definition: TaskDefinition,
  address: string,
): Record<string, string> {
  const port =
    registry.port ??
    registry.containerPort ??
    definition.containerDefinitions.flatMap(({ portMappings }) => portMappings ?? [])[0]?.containerPort;
  return {
    AWS_INSTANCE_IPV4: address,
    ...(port ? { AWS_INSTANCE_PORT: `${port}` } : {}),
    AVAILABILITY_ZONE: `${EMULATED_REGION}a`,
    REGION: EMULATED_REGION,
    ECS_CLUSTER_NAME: nameOf(service.clusterArn),
    ECS_SERVICE_NAME: service.serviceName,
    ECS_TASK_DEFINITION_FAMILY: definition.family,
  };
}

/** The last part of an ARN. */
export function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}
