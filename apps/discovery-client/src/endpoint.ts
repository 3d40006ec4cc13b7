import type { LookUpError } from "./look-up-error.js";

/** Where a service can be reached, as a resolver tells it. */
export interface Endpoint {
  /** An IPv4 or IPv6 address. */
  readonly address: string;

  /**
   * Replaces the port of the URL.
   * @default - the URL's port
   */
  readonly port?: number;

  /**
   * How long this may be used, in milliseconds, before floor and ceiling are applied.
   * @default - the ceiling, `dns.maxTtlMs`
   */
  readonly ttlMs?: number;
}

/** Finds the endpoints of a host name. Throws, or resolves to an empty list, if there are none. */
export type Resolver = (hostname: string) => Promise<readonly Endpoint[]>;

/** What the dispatcher knows of one address; see `DiscoveryDispatcher.endpoints()`. */
export interface EndpointState {
  readonly address: string;
  readonly port: number;
  /** Requests whose response is not complete. */
  readonly inflight: number;
  /**
   * What stays open and brings next to nothing: those of `inflight` that get less than 64 KiB a second, such as
   * event streams, and the connections that were upgraded, such as WebSockets. They do not count as load.
   */
  readonly streams: number;
  /** When the address may be probed, in milliseconds since the epoch; `null` while it gets requests. */
  readonly ejectedUntil: number | null;
  readonly consecutiveFailures: number;
}

/** How look-ups of a name go; see `DiscoveryDispatcher.resolution()`. Times are in milliseconds since the epoch. */
export interface ResolutionState {
  /** When the answer came that is in use; `null` if there was none yet. */
  readonly resolvedAt: number | null;
  /** When the first of the look-ups failed that have failed since; `null` if the last one succeeded. */
  readonly failingSince: number | null;
  /** Of the last look-up, if it failed. */
  readonly error: LookUpError | null;
}
