import { Dispatcher, errors } from "undici";
import { announcer } from "./announcer.js";
import { DnsResolver } from "./dns-resolver.js";
import type { EndpointState, ResolutionState } from "./endpoint.js";
import { Exchange } from "./exchange.js";
import { asHandler } from "./legacy-handler.js";
import type { DiscoveryOptions } from "./options.js";
import { poolsOf } from "./pool.js";
import { Service, type ServiceContext } from "./service.js";
import { settingsFrom, type Settings } from "./settings.js";

/** An undici dispatcher: for `fetch(url, { dispatcher })`, `request(url, { dispatcher })`, `setGlobalDispatcher()`. */
export interface DiscoveryDispatcher extends Dispatcher {
  /** What is known of the addresses of a host name, for metrics, a debug page and tests. Empty before its first use. */
  endpoints(hostname: string): EndpointState[];

  /** How its look-ups go: since when they fail, and why. `undefined` before its first use, and for what needs none. */
  resolution(hostname: string): ResolutionState | undefined;
}

/**
 * Makes a dispatcher that finds the tasks of a service through DNS, spreads requests over them, leaves out those that
 * fail, and tries failed requests again elsewhere. Make one per process, and `close()` it at the end.
 *
 * @throws TypeError if an option is unknown or out of range
 * @example
 * const dispatcher = createDiscoveryDispatcher();
 * const response = await fetch("http://stock-service.trading.internal:8080/api/v1/data/TICKER_1", { dispatcher });
 */
export function createDiscoveryDispatcher(options?: DiscoveryOptions): DiscoveryDispatcher {
  return new Discovery(settingsFrom(options));
}

/** An origin that was not used for so long is forgotten when another one comes. */
const FORGET_AFTER_MS = 600_000;

/** How often the responses under way are measured at most, in milliseconds. */
const MEASURE_EVERY_MS = 100;

export class Discovery extends Dispatcher implements DiscoveryDispatcher {
  readonly #services = new Map<string, Service>();
  readonly #exchanges = new Set<Exchange>();
  readonly #closing = new AbortController();
  readonly #dns: DnsResolver | undefined;
  readonly #context: ServiceContext;
  #ended: Promise<void> | undefined;
  #isDestroyed = false;
  #measuredAt = 0;
  readonly #onOver = (exchange: Exchange): void => {
    this.#exchanges.delete(exchange);
    if (this.#exchanges.size === 0) this.#whenIdle?.();
  };
  #whenIdle: (() => void) | undefined;

  /** @param connectionsOf what a simulation replaces */
  constructor(
    private readonly settings: Settings,
    connectionsOf: ServiceContext["connectionsOf"] = poolsOf,
  ) {
    super();
    this.#dns = settings.resolver === undefined ? new DnsResolver(settings.dns) : undefined;
    this.#context = {
      settings,
      resolver: settings.resolver ?? ((hostname) => this.#dns?.resolve(hostname) ?? Promise.resolve([])),
      connectionsOf,
      emit: announcer("createDiscoveryDispatcher", settings.onEvent),
      measure: (now) => this.#measure(now),
      closing: this.#closing.signal,
    };
  }

  endpoints(hostname: string): EndpointState[] {
    return this.#servicesOf(hostname).flatMap((service) => service.states());
  }

  resolution(hostname: string): ResolutionState | undefined {
    const states = this.#servicesOf(hostname).flatMap((service) => service.resolution ?? []);
    return states.find(({ failingSince }) => failingSince !== null) ?? states[0];
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const receiver = asHandler(handler);
    try {
      if (this.#isDestroyed) throw new errors.ClientDestroyedError();
      if (this.#ended !== undefined) throw new errors.ClientClosedError();
      const exchange = new Exchange({
        options,
        handler: receiver,
        service: this.#serviceOf(options.origin),
        maxRetries: this.settings.maxRetries,
        emit: this.#context.emit,
        onOver: this.#onOver,
      });
      this.#exchanges.add(exchange);
      exchange.start();
    } catch (error) {
      receiver.onResponseError?.(NO_CONNECTION, error as Error);
    }
    return true;
  }

  /** Takes no more requests, completes those under way, then ends every connection. */
  override close(): Promise<void>;
  override close(callback: () => void): void;
  override close(callback?: () => void): Promise<void> | undefined {
    this.#ended ??= this.#completeThenClose();
    return settle(this.#ended, callback);
  }

  /** Fails what is under way with `error` and ends every connection and look-up now. */
  override destroy(error: Error | null, callback: () => void): void;
  override destroy(callback: () => void): void;
  override destroy(error?: Error | null): Promise<void>;
  override destroy(error?: Error | null | (() => void), callback?: () => void): Promise<void> | undefined {
    if (typeof error === "function")
      return settle(this.#destroyNow(new errors.ClientDestroyedError()), error);
    return settle(this.#destroyNow(error ?? new errors.ClientDestroyedError()), callback);
  }

  async #completeThenClose(): Promise<void> {
    if (this.#exchanges.size > 0) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
    }
    await Promise.all([...this.#services.values()].map((service) => service.close()));
    await this.#destroyNow(new errors.ClientDestroyedError());
  }

  async #destroyNow(error: Error): Promise<void> {
    this.#isDestroyed = true;
    this.#ended ??= Promise.resolve();
    this.#closing.abort(error);
    this.#dns?.cancel();
    for (const exchange of [...this.#exchanges]) exchange.abort(error);
    await Promise.all([...this.#services.values()].map((service) => service.destroy(error)));
  }

  #measure(now: number): void {
    if (now - this.#measuredAt < MEASURE_EVERY_MS) return;
    this.#measuredAt = now;
    for (const exchange of this.#exchanges) exchange.measure(now);
  }

  #servicesOf(hostname: string): Service[] {
    const name = hostname.toLowerCase();
    return [...this.#services.values()].filter((service) => service.hostname === name);
  }

  #serviceOf(origin: string | URL | undefined): Service {
    if (origin === undefined) throw new errors.InvalidArgumentError("The request has no origin.");
    const known = this.#services.get(String(origin));
    if (known !== undefined) return known;
    this.#sweep();
    const url = new URL(origin);
    const service = this.#services.get(url.origin) ?? new Service(url, this.#context);
    this.#services.set(url.origin, service);
    return service;
  }

  /** As global dispatcher this meets any number of origins, each of which would stay. */
  #sweep(): void {
    const oldest = performance.now() - FORGET_AFTER_MS;
    for (const [origin, service] of this.#services) {
      if (service.lastUsedAt > oldest || !service.isIdle) continue;
      this.#services.delete(origin);
      void service.close();
    }
  }
}

/** Of a request that came to nothing. */
const NO_CONNECTION: Dispatcher.DispatchController = {
  aborted: false,
  paused: false,
  reason: null,
  abort: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
};

function settle(promise: Promise<void>, callback: (() => void) | undefined): Promise<void> | undefined {
  if (callback === undefined) return promise;
  void promise.then(callback);
  return undefined;
}
