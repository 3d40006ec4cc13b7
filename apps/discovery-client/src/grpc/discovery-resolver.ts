import { experimental, Metadata, status, type ChannelOptions } from "@grpc/grpc-js";
import { CachedName } from "../cached-name.js";
import type { DiscoveryEvent } from "../discovery-event.js";
import { DnsResolver } from "../dns-resolver.js";
import type { Endpoint } from "../endpoint.js";
import type { Settings } from "../settings.js";
import { HOSTNAME } from "./discovery-balancer.js";
import { serviceConfigOf } from "./service-config.js";

type Listener = experimental.ResolverListener;
type ResolverClass = Parameters<typeof experimental.registerResolver>[1];
type Uri = experimental.GrpcUri;

/** While nothing is known of a name, it is asked for so often at least, in milliseconds. */
const RETRY_MS = 100;

/**
 * @param policy the name of the load balancing policy that is to get the addresses
 * @returns the class that grpc-js makes a resolver of for each channel
 */
export function discoveryResolver(settings: Settings, policy: string): ResolverClass {
  return class DiscoveryResolver implements experimental.Resolver {
    static getDefaultAuthority({ path }: Uri): string {
      return hostAndPort(path).host;
    }

    readonly #port: number | undefined;
    readonly #name: CachedName;
    readonly #dns = settings.resolver === undefined ? new DnsResolver(settings.dns) : undefined;
    readonly #closing = new AbortController();
    readonly #attributes: Record<string, unknown>;
    readonly #serviceConfig: ReturnType<typeof serviceConfigOf>;
    #timer: NodeJS.Timeout | undefined;
    #delivered = "";
    #isActive = false;

    constructor(
      target: Uri,
      private readonly listener: Listener,
      channelOptions: ChannelOptions,
    ) {
      const { host, port } = hostAndPort(target.path);
      this.#port = port;
      this.#attributes = { [HOSTNAME]: host };
      this.#serviceConfig = serviceConfigOf(channelOptions, policy);
      this.#name = new CachedName(
        host,
        settings.resolver ?? ((hostname) => this.#dns?.resolve(hostname) ?? Promise.resolve([])),
        settings.cache,
        (event) => this.#hear(event),
        this.#closing.signal,
      );
    }

    /** grpc-js calls this at the start, when a connection is lost, and when an address cannot be connected to. */
    updateResolution(): void {
      if (this.#isActive) {
        this.#name.lookUpAnew();
        return;
      }
      this.#isActive = true;
      setImmediate(() => this.#ask());
    }

    destroy(): void {
      this.#isActive = false;
      this.#delivered = "";
      clearTimeout(this.#timer);
    }

    /** A channel is told what changes, so somebody has to ask: as often as the cache looks up if requests do. */
    #ask(): void {
      if (!this.#isActive) return;
      const found = this.#name.get(performance.now());
      if (!(found instanceof Promise)) {
        this.#deliver(found);
        this.#askIn(settings.cache.minTtlMs);
        return;
      }
      found.then(
        (endpoints) => {
          this.#deliver(endpoints);
          this.#askIn(settings.cache.minTtlMs);
        },
        (error: unknown) => {
          this.#deliverError(error as Error);
          this.#askIn(RETRY_MS);
        },
      );
    }

    #askIn(ms: number): void {
      clearTimeout(this.#timer);
      if (!this.#isActive) return;
      this.#timer = setTimeout(() => this.#ask(), Math.max(ms, RETRY_MS));
      this.#timer.unref();
    }

    #hear(event: DiscoveryEvent): void {
      if (event.type === "resolve") this.#deliver(event.endpoints);
      settings.onEvent?.(event);
    }

    #deliver(endpoints: readonly Endpoint[]): void {
      if (!this.#isActive) return;
      const addresses = endpoints.map(({ address, port = this.#port ?? 443 }) => ({ host: address, port }));
      const key = addresses
        .map(({ host, port }) => `${host} ${port}`)
        .sort()
        .join();
      if (key === this.#delivered) return;
      this.#delivered = key;
      const list = addresses.map((address) => ({ addresses: [address] }));
      this.listener(experimental.statusOrFromValue(list), this.#attributes, this.#serviceConfig, "");
    }

    #deliverError({ message }: Error): void {
      if (!this.#isActive) return;
      const error = { code: status.UNAVAILABLE, details: message, metadata: new Metadata() };
      this.listener(experimental.statusOrFromError(error), this.#attributes, this.#serviceConfig, "");
    }
  };
}

/** @throws Error if the target of a channel is not `scheme:///name:port` */
function hostAndPort(path: string): experimental.HostPort {
  const parsed = experimental.splitHostPort(path);
  if (parsed === null || parsed.host === "") {
    throw new Error(
      `ecs-discovery-client/grpc: the target's path is "${path}"; it must be a name and a port, ` +
        'for example "discovery:///stock-service.trading.internal:50051".',
    );
  }
  return parsed;
}
