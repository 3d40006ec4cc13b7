import { isIP } from "node:net";
import { Backend } from "./backend.js";
import { CachedName } from "./cached-name.js";
import type { DiscoveryEvent } from "./discovery-event.js";
import type { Endpoint, EndpointState, ResolutionState, Resolver } from "./endpoint.js";
import type { Failure } from "./failure.js";
import type { EjectPolicy, Trial } from "./health.js";
import type { Connect } from "./pool.js";
import { RetryBudget } from "./retry-budget.js";
import { Rotation } from "./rotation.js";
import type { Settings } from "./settings.js";

/** What one dispatcher's services share. */
export interface ServiceContext {
  readonly settings: Settings;
  readonly resolver: Resolver;
  readonly connectionsOf: (origin: string, settings: Settings) => Connect;
  readonly emit: (event: DiscoveryEvent) => void;
  /** Finds out which of the responses under way are idle, but not at every request. */
  readonly measure: (now: number) => void;
  readonly closing: AbortSignal;
}

const isIn = ({ health }: Backend): boolean => !health.isEjected;
const load = ({ traffic }: Backend): number => traffic.load;
const open = ({ traffic }: Backend): number => traffic.open;

interface Removed {
  readonly backend: Backend;
  readonly at: number;
}

/** All addresses of one origin such as `http://stock.trading.internal:8080`, and the choice among them. */
export class Service {
  readonly hostname: string;
  readonly budget: RetryBudget;
  lastUsedAt = performance.now();
  readonly #policy: EjectPolicy;
  readonly #connect: Connect;
  readonly #port: number;
  readonly #name: CachedName | undefined;
  readonly #rotation = new Rotation();
  #known: readonly Endpoint[] | undefined;
  readonly #backends = new Map<string, Backend>();
  /** The same, for those who choose. */
  #all: readonly Backend[] = [];
  /** An address may be missing from one answer of eight out of many and be back in the next: what is known is kept. */
  readonly #removed = new Map<string, Removed>();
  #panicking = false;

  constructor(
    url: URL,
    private readonly context: ServiceContext,
  ) {
    const { settings, resolver, emit, closing } = context;
    this.#policy = { ...settings.eject, probeMs: settings.connectTimeoutMs + settings.headersTimeoutMs };
    this.#connect = context.connectionsOf(url.origin, settings);
    this.hostname = url.hostname;
    this.#port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
    this.budget = new RetryBudget(settings.budget.ratio, settings.budget.minPerSecond);
    const address = fixedAddress(url.hostname);
    if (address === undefined) {
      this.#name = new CachedName(url.hostname, resolver, settings.cache, emit, closing);
    } else {
      this.#reconcile([{ address }]);
    }
  }

  /** @returns a promise if the addresses must be waited for; it rejects with the resolver's error. */
  ready(now: number): Promise<void> | undefined {
    this.lastUsedAt = now;
    const endpoints = this.#name?.get(now);
    if (endpoints instanceof Promise) return endpoints.then((found) => this.#reconcile(found));
    if (endpoints !== undefined) this.#reconcile(endpoints);
    return undefined;
  }

  /**
   * Whom to send the first attempt to. It may be an ejected address whose time is up: then this attempt is its probe.
   * @param repeatable the request may be sent again if the probe fails
   * @param staysOpen it is known to stay open, so it goes where the fewest are open; others go where the load is least
   */
  pick(now: number, repeatable: boolean, staysOpen: boolean): Backend | undefined {
    this.context.measure(now);
    for (const backend of this.#all) if (backend.health.isProbeDue(now, repeatable)) return backend;
    return this.#rotation.choose(this.#eligible(), staysOpen ? open : load);
  }

  /**
   * Whom to send a further attempt to. Never a probe: a request that waited for one frozen task shall not wait again.
   * @param tried addresses that failed this request already
   * @returns undefined if there is no other address
   */
  pickAnother(tried: ReadonlySet<Backend>): Backend | undefined {
    return this.#rotation.choose(
      this.#eligible().filter((backend) => !tried.has(backend)),
      load,
    );
  }

  hasAnother(tried: ReadonlySet<Backend>): boolean {
    return this.#all.some((backend) => !tried.has(backend));
  }

  /** No known address serves a request: looks whether there are others by now. Takes a few hundred milliseconds at most. */
  async lookUpAnew(): Promise<void> {
    await this.#name?.whenLookedUpAnew();
    const known = this.#name?.known;
    if (known !== undefined) this.#reconcile(known);
  }

  answered(backend: Backend, now: number, trial: Trial | undefined): void {
    if (!backend.health.answered(now, trial)) return;
    const { address, port } = backend;
    this.context.emit({ type: "readmit", hostname: this.hostname, address, port });
  }

  failed(backend: Backend, reason: Failure, sentAt: number, trial: Trial | undefined): void {
    const mayEject = this.#all.length > 1;
    const forMs = backend.health.failed(reason, performance.now(), sentAt, trial, mayEject);
    if (reason === "connect" || forMs !== undefined) this.#name?.lookUpAnew();
    if (forMs === undefined) return;
    backend.retire();
    const { address, port } = backend;
    this.context.emit({ type: "eject", hostname: this.hostname, address, port, reason, forMs });
  }

  states(): EndpointState[] {
    return this.#all.map((backend) => backend.state);
  }

  get resolution(): ResolutionState | undefined {
    return this.#name?.state;
  }

  get isIdle(): boolean {
    return this.#everyBackend().every(({ traffic }) => traffic.open === 0);
  }

  async close(): Promise<void> {
    await Promise.all(this.#everyBackend().map((backend) => backend.close()));
  }

  async destroy(error: Error): Promise<void> {
    await Promise.all(this.#everyBackend().map((backend) => backend.destroy(error)));
  }

  #everyBackend(): Backend[] {
    return [...this.#all, ...[...this.#removed.values()].map(({ backend }) => backend)];
  }

  /** Those that are not ejected; all, if that leaves too few. */
  #eligible(): readonly Backend[] {
    const all = this.#all;
    if (!this.#panicking && all.every(isIn)) return all;
    const eligible = all.filter(isIn);
    const [left, total] = [eligible.length, all.length];
    const panics = left === 0 || left < total * this.context.settings.panicBelow;
    if (panics && !this.#panicking && total > 1) {
      this.context.emit({ type: "panic", hostname: this.hostname, eligible: left, total });
    }
    this.#panicking = panics;
    return panics ? all : eligible;
  }

  /** Old ones keep their place, whatever order an answer has: the rotation goes by it. */
  #reconcile(endpoints: readonly Endpoint[]): void {
    if (endpoints === this.#known) return;
    this.#known = endpoints;
    const now = performance.now();
    const present = new Set<string>();
    for (const { address, port = this.#port } of endpoints) {
      const key = `${address} ${port}`;
      present.add(key);
      if (this.#backends.has(key)) continue;
      const returning = this.#removed.get(key)?.backend;
      this.#removed.delete(key);
      this.#backends.set(key, returning ?? new Backend(address, port, this.#policy, this.#connect));
    }
    for (const [key, backend] of this.#backends) {
      if (present.has(key)) continue;
      this.#backends.delete(key);
      this.#removed.set(key, { backend, at: now });
      backend.retire();
    }
    this.#all = [...this.#backends.values()];
    const oldest = now - this.context.settings.eject.maxMs;
    for (const [key, { backend, at }] of this.#removed) {
      if (at < oldest && backend.traffic.open === 0) this.#removed.delete(key);
    }
  }
}

/** @returns what needs no look-up: an address itself, or `localhost` and its subdomains, which never leave the machine. */
function fixedAddress(hostname: string): string | undefined {
  const address = hostname.replace(/^\[(.*)\]$/, "$1");
  if (isIP(address) !== 0) return address;
  return /^(.+\.)?localhost\.?$/.test(hostname) ? "localhost" : undefined;
}
