import type { TerraformResource } from "cdktf";
import type { Statement } from "../../core/iam/policy";

/** Where a service answers. Known at synth, so that it can be written into a caller's environment. */
export interface Endpoint {
  /** DNS name: `stock-service.trading-platform.local`. */
  readonly host: string;
  /** The port in the URL; where that has none because each task has another one, the container port. */
  readonly port: number;
  /**
   * `http://<host>`, with the port where it is not 80, or `tcp://<host>:<port>`; no slash at the end. Without a port too
   * where each task has another one, which callers learn with its address.
   */
  readonly url: string;
}

/** The endpoint of an HTTP service. */
export function httpEndpoint(host: string, port: number): Endpoint {
  return { host, port, url: port === 80 ? `http://${host}` : `http://${host}:${port}` };
}

/** The endpoint of an HTTP service each task of which has another port on its instance. */
export function portlessEndpoint(host: string, containerPort: number): Endpoint {
  return { host, port: containerPort, url: `http://${host}` };
}

/** The endpoint of a service that speaks no HTTP. */
export function tcpEndpoint(host: string, port: number): Endpoint {
  return { host, port, url: `tcp://${host}:${port}` };
}

/** Where a caller's packets arrive: the security group that must let them in, and the port. */
export interface Entrance {
  /** The group that must let callers in. */
  readonly securityGroupId: string;
  /** The port, or the first one of a range. */
  readonly port: number;
  /** The last port of a range. @default - `port`, which is the only one then */
  readonly toPort?: number;
  /** What it is called in the addresses and descriptions of rules. @default - the callee's service name */
  readonly name?: string;
}

/** What a callee asks of the ECS services that call it, beside the security group rules. */
export interface CallerRequirements {
  /** ARN of the Service Connect namespace that callers join as clients. @default - none */
  readonly serviceConnectNamespaceArn?: string;
  /** The callee's ECS service, where a caller's tasks only find what was there when they started. @default - none */
  readonly deployedBefore?: TerraformResource;
  /** What the caller's containers must be allowed to find the callee. @default - nothing */
  readonly permissions?: readonly Statement[];
}

/** Whatever `connectTo` can be called with: a service of this app or one that exists already. */
export interface IConnectable {
  /** Name of the ECS service. */
  readonly serviceName: string;
  /** Where it answers. Reading it throws where the service cannot be called by name. */
  readonly endpoint: Endpoint;
  /** The group of its tasks. */
  readonly securityGroupId: string;
  /**
   * Where callers' packets arrive, which may be another port than that of the URL.
   * @default - the group of its tasks, on the port of the endpoint
   */
  readonly entrance?: Entrance;
  /** What it asks of its callers beside the rules of the security groups. @default - none */
  readonly callerRequirements?: CallerRequirements;
}

/** One service calls another. */
export interface Call {
  /** Id of the caller's stack. */
  readonly stack: string;
  /** Name of the calling ECS service. */
  readonly caller: string;
  /** Name of the called ECS service. */
  readonly callee: string;
  /** Where the callee answers. */
  readonly endpoint: Endpoint;
  /** Names of the environment variables that hold the URL, sorted. */
  readonly environment: readonly string[];
}
