export {
  cloudMapResolver,
  type CloudMapResolverOptions,
  type DiscoverInstancesClient,
} from "./cloud-map-resolver.js";
export { createDiscoveryDispatcher, type DiscoveryDispatcher } from "./discovery-dispatcher.js";
export type {
  DiscoveryEvent,
  EjectEvent,
  PanicEvent,
  ReadmitEvent,
  ResolveEvent,
  RetryEvent,
  StaleEvent,
} from "./discovery-event.js";
export { drainOnSigterm, type Drain, type DrainOptions } from "./drain.js";
export type { Endpoint, EndpointState, ResolutionState, Resolver } from "./endpoint.js";
export type { Failure } from "./failure.js";
export { LookUpError } from "./look-up-error.js";
export type {
  DiscoveryOptions,
  DnsOptions,
  EjectOptions,
  RetryBudgetOptions,
  RetryOptions,
} from "./options.js";
