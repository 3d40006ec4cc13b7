import { setTimeout as delay } from "node:timers/promises";
import type { DiscoveryEvent } from "./discovery-event.js";
import type { Endpoint, Resolver } from "./endpoint.js";

/** Look-ups of a name of which nothing is known are so far apart at least, in milliseconds, while they fail. */
const FAILING_PAUSE_MS = 100;
/** From this share of an answer's life on, the next request has it renewed in the background. */
const RENEW_AT = 0.8;

export interface CachePolicy {
  readonly minTtlMs: number;
  readonly maxTtlMs: number;
  readonly maxStaleMs: number;
}

interface Answer {
  readonly endpoints: readonly Endpoint[];
  readonly renewAt: number;
  readonly expiresAt: number;
}

interface LookUp {
  readonly result: Promise<readonly Endpoint[]>;
  /** Begun while its predecessor was still good: nobody has to wait for it. */
  readonly inBackground: boolean;
}

/**
 * The endpoints of one host name. However many ask at once, one look-up is under way; nothing is looked up unless
 * somebody asks, so there is no timer. A failure is never remembered as an answer: it only slows down the next look-up.
 */
export class CachedName {
  #answer: Answer | undefined;
  #lookUp: LookUp | undefined;
  #failing = false;
  #notBefore = 0;

  constructor(
    private readonly hostname: string,
    private readonly resolver: Resolver,
    private readonly policy: CachePolicy,
    private readonly emit: (event: DiscoveryEvent) => void,
    private readonly closing: AbortSignal,
  ) {}

  /** @returns the endpoints, or a promise if they must be waited for; it rejects with the resolver's error. */
  get(): readonly Endpoint[] | Promise<readonly Endpoint[]> {
    const now = performance.now();
    const answer = this.#answer;
    if (answer !== undefined && now < answer.expiresAt) {
      if (now >= answer.renewAt) this.#renew(now);
      return answer.endpoints;
    }
    const stale = this.#stale(now);
    if (stale !== undefined && (this.#failing || this.#lookUp?.inBackground === true)) {
      this.#renew(now);
      return stale.endpoints;
    }
    this.#lookUp ??= this.#begin(false);
    return this.#lookUp.result;
  }

  #stale(now: number): Answer | undefined {
    const answer = this.#answer;
    return answer !== undefined && now < answer.expiresAt + this.policy.maxStaleMs ? answer : undefined;
  }

  #renew(now: number): void {
    if (this.#lookUp !== undefined || now < this.#notBefore) return;
    this.#lookUp = this.#begin(true);
    // told as an event; whoever asks when nothing is left hears of it
    this.#lookUp.result.catch(() => undefined);
  }

  #begin(inBackground: boolean): LookUp {
    const result = this.#resolve().finally(() => {
      this.#lookUp = undefined;
    });
    return { inBackground, result };
  }

  async #resolve(): Promise<readonly Endpoint[]> {
    const pause = this.#notBefore - performance.now();
    if (pause > 0) await delay(pause, undefined, { signal: this.closing });
    try {
      const endpoints = await this.resolver(this.hostname);
      if (endpoints.length === 0) throw new Error(`The resolver found no endpoint of ${this.hostname}.`);
      this.#keep(endpoints);
      return endpoints;
    } catch (error) {
      return this.#fallBack(error as Error);
    }
  }

  #keep(endpoints: readonly Endpoint[]): void {
    const { minTtlMs, maxTtlMs } = this.policy;
    const shortest = Math.min(...endpoints.map((endpoint) => endpoint.ttlMs ?? maxTtlMs));
    const ttlMs = Math.min(Math.max(shortest, minTtlMs), maxTtlMs);
    const now = performance.now();
    this.#answer = { endpoints, renewAt: now + ttlMs * RENEW_AT, expiresAt: now + ttlMs };
    this.#failing = false;
    this.#notBefore = 0;
    this.emit({ type: "resolve", hostname: this.hostname, endpoints, ttlMs });
  }

  #fallBack(error: Error): readonly Endpoint[] {
    const now = performance.now();
    const stale = this.#stale(now);
    this.#failing = true;
    this.#notBefore = now + (stale === undefined ? FAILING_PAUSE_MS : this.policy.minTtlMs);
    if (stale === undefined) throw error;
    this.emit({ type: "stale", hostname: this.hostname, error, overdueMs: now - stale.expiresAt });
    return stale.endpoints;
  }
}
