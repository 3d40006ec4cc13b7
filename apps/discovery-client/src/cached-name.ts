import type { DiscoveryEvent } from "./discovery-event.js";
import type { Endpoint, Resolver } from "./endpoint.js";
import { LookUpError, NoEndpointError } from "./look-up-error.js";

/** Look-ups of a name of which nothing is known are so far apart at least, in milliseconds, while they fail. */
const FAILING_PAUSE_MS = 100;
/** From this share of an answer's life on, the next request has it renewed in the background. */
const RENEW_AT = 0.8;
/** A request that no known address serves waits so long for a look-up, in milliseconds. */
const PATIENCE_MS = 300;

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
  /** Between look-ups that addresses cause which fail. */
  #anewPauseMs = 0;
  #anewNotBefore = 0;

  constructor(
    private readonly hostname: string,
    private readonly resolver: Resolver,
    private readonly policy: CachePolicy,
    private readonly emit: (event: DiscoveryEvent) => void,
    private readonly closing: AbortSignal,
  ) {}

  /** @returns the endpoints, or a promise if they must be waited for; it rejects with a `LookUpError`. */
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

  /** The last answer, however old. */
  get known(): readonly Endpoint[] | undefined {
    return this.#answer?.endpoints;
  }

  /**
   * An address of the answer failed: DNS may name others by now, though the answer has not run out. Looks up at once, but
   * with pauses that double while nothing new comes of it, up to the floor of the cache.
   */
  lookUpAnew(): void {
    const now = performance.now();
    if (this.#lookUp !== undefined || now < this.#anewNotBefore) return;
    const { minTtlMs, maxTtlMs } = this.policy;
    const isLongAgo = now > this.#anewNotBefore + maxTtlMs;
    const longest = Math.max(minTtlMs, FAILING_PAUSE_MS);
    this.#anewPauseMs = isLongAgo ? FAILING_PAUSE_MS : Math.min(2 * this.#anewPauseMs, longest);
    this.#anewNotBefore = now + this.#anewPauseMs;
    this.#beginInBackground();
  }

  /** Resolves when a look-up is over that is under way or due very soon, or takes too long; at once if there is none. */
  async whenLookedUpAnew(): Promise<void> {
    const wait = this.#anewNotBefore - performance.now();
    if (this.#lookUp === undefined) {
      if (wait > FAILING_PAUSE_MS) return;
      if (wait > 0) await delay(wait + 1);
      this.lookUpAnew();
    }
    if (this.#lookUp !== undefined) await settled(this.#lookUp.result, PATIENCE_MS);
  }

  #stale(now: number): Answer | undefined {
    const answer = this.#answer;
    return answer !== undefined && now < answer.expiresAt + this.policy.maxStaleMs ? answer : undefined;
  }

  #renew(now: number): void {
    if (this.#lookUp === undefined && now >= this.#notBefore) this.#beginInBackground();
  }

  #beginInBackground(): void {
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
    const pause = this.#answer === undefined ? this.#notBefore - performance.now() : 0;
    if (pause > 0) await delay(pause);
    try {
      this.closing.throwIfAborted();
      const endpoints = await this.resolver(this.hostname);
      if (endpoints.length === 0) throw new NoEndpointError(this.hostname);
      this.#keep(endpoints);
      return endpoints;
    } catch (error) {
      return this.#fallBack(new LookUpError(this.hostname, error));
    }
  }

  #keep(endpoints: readonly Endpoint[]): void {
    const { minTtlMs, maxTtlMs } = this.policy;
    const shortest = Math.min(...endpoints.map((endpoint) => endpoint.ttlMs ?? maxTtlMs));
    const ttlMs = Math.min(Math.max(shortest, minTtlMs), maxTtlMs);
    const now = performance.now();
    if (this.#namesAnother(endpoints)) this.#anewPauseMs = FAILING_PAUSE_MS / 2;
    this.#answer = { endpoints, renewAt: now + ttlMs * RENEW_AT, expiresAt: now + ttlMs };
    this.#failing = false;
    this.#notBefore = 0;
    this.emit({ type: "resolve", hostname: this.hostname, endpoints, ttlMs });
  }

  #namesAnother(endpoints: readonly Endpoint[]): boolean {
    const known = this.#answer?.endpoints ?? [];
    return endpoints.some(
      ({ address, port }) => !known.some((old) => old.address === address && old.port === port),
    );
  }

  #fallBack(error: LookUpError): readonly Endpoint[] {
    const now = performance.now();
    const stale = this.#stale(now);
    this.#failing = true;
    this.#notBefore = now + (stale === undefined ? FAILING_PAUSE_MS : this.policy.minTtlMs);
    if (stale === undefined) throw error;
    this.emit({ type: "stale", hostname: this.hostname, error, overdueMs: now - stale.expiresAt });
    return stale.endpoints;
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Resolves when the promise is settled, but after so many milliseconds at the latest. */
async function settled(promise: Promise<unknown>, withinMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)));
  await Promise.race([
    promise.then(
      () => undefined,
      () => undefined,
    ),
    late,
  ]);
  clearTimeout(timer);
}
