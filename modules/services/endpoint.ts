/** Where a service answers. Known at synth, so that it can be written into a caller's environment. */
export interface Endpoint {
  /** DNS name: `stock-service.trading-platform.local`. */
  readonly host: string;
  readonly port: number;
  /** `http://<host>`, with the port where it is not 80, and no slash at the end. */
  readonly url: string;
}

/** The endpoint of an HTTP service. */
export function httpEndpoint(host: string, port: number): Endpoint {
  return { host, port, url: port === 80 ? `http://${host}` : `http://${host}:${port}` };
}

/** Whatever `connectTo` can be called with: a service of this app or one that exists already. */
export interface IConnectable {
  /** Name of the ECS service. */
  readonly serviceName: string;
  /** Where it answers. Reading it throws where the service cannot be called by name. */
  readonly endpoint: Endpoint;
  /** The group that must let callers in. */
  readonly securityGroupId: string;
}

/** One service calls another. */
export interface Call {
  /** Name of the calling ECS service. */
  readonly caller: string;
  /** Name of the called ECS service. */
  readonly callee: string;
  readonly endpoint: Endpoint;
  /** Names of the environment variables that hold the URL, sorted. */
  readonly environment: readonly string[];
}
