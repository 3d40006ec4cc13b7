import type { EcsServiceServiceRegistries } from "@cdktf/provider-aws/lib/ecs-service";
import type { DnsRecordType } from "../../core/cloud-map/service-discovery";
import { httpEndpoint, portlessEndpoint, type Endpoint } from "../calls/endpoint";
import type { TaskNetwork } from "../networking/task-network";
import type { DiscoverableService } from "./discovery";

/**
 * What an ECS service says about its registration. ECS refuses a port where no SRV record needs one, wants one where it
 * does, and in bridge mode wants the container to be named whose port of the instance it registers.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRegistry.html
 */
export function registriesOf(
  { network, containerName, port }: DiscoverableService,
  registryArn: string,
  recordTypes: readonly DnsRecordType[],
): EcsServiceServiceRegistries {
  if (network.networkMode === "bridge") return { registryArn, containerName, containerPort: port };
  return { registryArn, port: recordTypes.includes("SRV") ? port : undefined };
}

/** Where the tasks of a registered service answer: at the container port, or at that of the instance. */
export function endpointIn(network: TaskNetwork, host: string, containerPort: number): Endpoint {
  if (network.networkMode === "awsvpc") return httpEndpoint(host, containerPort);
  return network.hostPort === undefined
    ? portlessEndpoint(host, containerPort)
    : httpEndpoint(host, network.hostPort);
}
