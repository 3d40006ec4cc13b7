import { experimental, type ChannelOptions } from "@grpc/grpc-js";
import { announcer } from "../announcer.js";
import type { DiscoveryOptions } from "../options.js";
import { settingsFrom } from "../settings.js";
import { discoveryBalancer } from "./discovery-balancer.js";
import { discoveryResolver } from "./discovery-resolver.js";

export { drainGrpcOnSigterm } from "./drain.js";

/** How addresses are found and judged, as for `createDiscoveryDispatcher()`. */
export type GrpcDiscoveryOptions = Pick<
  DiscoveryOptions,
  "record" | "resolver" | "dns" | "eject" | "onEvent"
> & {
  /**
   * The first part of the targets that are found this way. Register others for other options.
   * @default "discovery"
   */
  readonly scheme?: string;
};

/**
 * Lets every channel of this process whose target is `discovery:///name:port` find its tasks as the dispatcher does: the
 * same look-ups, the same cache, the same health. Call it once, before the first channel is made.
 *
 * @returns options for each of those channels, to be spread into one's own: pings that find a frozen task
 * @throws TypeError if an option is unknown or out of range
 * @example
 * const options = registerDiscovery();
 * const client = new Quotes("discovery:///stock-service.trading.internal:50051", credentials.createInsecure(), options);
 */
export function registerDiscovery({
  scheme = "discovery",
  ...options
}: GrpcDiscoveryOptions = {}): ChannelOptions {
  if (!/^[a-z][a-z0-9-]*$/.test(scheme)) {
    throw new TypeError(
      `registerDiscovery: scheme is ${JSON.stringify(scheme)}; it must be lower case letters, digits and hyphens. ` +
        'Left out, it is "discovery".',
    );
  }
  const settings = { ...settingsFrom(options), onEvent: announcer("registerDiscovery", options.onEvent) };
  const policy = `ecs_${scheme.replaceAll("-", "_")}`;
  const { Balancer, Config } = discoveryBalancer(settings, policy);
  experimental.registerLoadBalancerType(policy, Balancer, Config);
  experimental.registerResolver(scheme, discoveryResolver(settings, policy));
  return {
    "grpc.keepalive_time_ms": 5000,
    "grpc.keepalive_timeout_ms": 2000,
    "grpc.initial_reconnect_backoff_ms": 500,
    "grpc.max_reconnect_backoff_ms": 5000,
  };
}
