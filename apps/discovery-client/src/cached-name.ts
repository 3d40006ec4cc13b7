import type { DiscoveryEvent } from "./discovery-event.js";
import type { Endpoint, ResolutionState, Resolver } from "./endpoint.js";
import { LookUpError, NoEndpointError } from "./look-up-error.js";

/** Look-ups of a name of which nothing is known are so far apart at least, in milliseconds, while they fail. */
const FAILING_PAUSE_MS = 100;
/** From this share of an answer's life on, the next request has it renewed in the background. */
const RENEW_AT = 0.8;
/** A request waits so long for a look-up, in milliseconds, if there is an old answer that it can go by. */
const PATIENCE_MS = 300;

/**
 * A look-up that takes longer has failed, in milliseconds. DNS is asked with time limits of its own, which are shorter; a
 * resolver of the caller's may have none, and one look-up without an end would be the last.
 */
const LIMIT_MS = 30_000;

export interface CachePolicy {
  readonly minTtlMs: number;
  readonly maxTtlMs: number;
  /** How long an answer that ran out is used while look-ups fail. */
  readonly maxStaleMs: number;
  /** How long it is used while they answer that there is no address. */
  readonly maxAbsentMs: number;
}

interface Answer {
  readonly endpoints: readonly Endpoint[];
  readonly resolvedAt: number;
  readonly renewAt: number;
  readonly expiresAt: number;
}

interface LookUp {
  readonly result: Promise<readonly Endpoint[]>;
  /** Nobody has to wait for it: it was begun while its predecessor was still good, or takes too long. */
  inBackground: boolean;
  /** What those get who wait: the result, or the old answer. */
  prompt: Promise<readonly Endpoint[]> | undefined;
}

/**
 * The endpoints of one host name. However many ask at once, one look-up is under way; nothing is looked up unless
 * somebody asks, so there is no timer. A failure is never remembered as an answer: it only slows down the next look-up.
 *
 * A resolver that does not answer says nothing of the addresses that it named before, so these stay in use. One that
 * answers that there are none is believed after a while, since a deployment may take the old record away before the new
 * one comes.
 */
export class CachedName {
  #answer: Answer | undefined;
  #lookUp: LookUp | undefined;
  #failingSince: number | undefined;
  #absentSince: number | undefined;
  #error: LookUpError | undefined;
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
  get(now: number): readonly Endpoint[] | Promise<readonly Endpoint[]> {
    const answer = this.#answer;
    if (answer === undefined || !this.#isUsable(answer, now)) {
      this.#lookUp ??= this.#begin(false);
      return this.#lookUp.result;
    }
    if (now < answer.renewAt) return answer.endpoints;
    const isGood = now < answer.expiresAt;
    if (isGood || this.#failingSince !== undefined || this.#lookUp?.inBackground === true) {
      this.#renew(now);
      return answer.endpoints;
    }
    this.#lookUp ??= this.#begin(false);
    this.#lookUp.prompt ??= this.#promptly(this.#lookUp, answer);
    return this.#lookUp.prompt;
  }

  /** The last answer, however old. */
  get known(): readonly Endpoint[] | undefined {
    return this.#answer?.endpoints;
  }

  /** For those who watch. Times are in milliseconds since the epoch. */
  get state(): ResolutionState {
    return {
      resolvedAt: this.#answer === undefined ? null : epoch(this.#answer.resolvedAt),
      failingSince: this.#failingSince === undefined ? null : epoch(this.#failingSince),
      error: this.#error ?? null,
    };
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

  #isUsable({ expiresAt }: Answer, now: number): boolean {
    const { maxStaleMs, maxAbsentMs } = this.policy;
    const isAbsent = this.#absentSince !== undefined && now >= this.#absentSince + maxAbsentMs;
    return !isAbsent && now < expiresAt + maxStaleMs;
  }

  /** The answer ran out: there may be a better one in a moment, and if not, this one worked. */
  async #promptly(lookUp: LookUp, answer: Answer): Promise<readonly Endpoint[]> {
    await settled(lookUp.result, PATIENCE_MS);
    if (this.#lookUp !== lookUp) return lookUp.result;
    lookUp.inBackground = true;
    lookUp.result.catch(() => undefined);
    return answer.endpoints;
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
    return { inBackground, result, prompt: undefined };
  }

  async #resolve(): Promise<readonly Endpoint[]> {
    const now = performance.now();
    const mayWait = this.#answer === undefined || !this.#isUsable(this.#answer, now);
    if (mayWait && now < this.#notBefore) await delay(this.#notBefore - now);
    try {
      this.closing.throwIfAborted();
      const endpoints = await limited(this.resolver(this.hostname));
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
    const failedForMs = this.#failingSince === undefined ? 0 : now - this.#failingSince;
    this.#answer = { endpoints, resolvedAt: now, renewAt: now + ttlMs * RENEW_AT, expiresAt: now + ttlMs };
    this.#failingSince = undefined;
    this.#absentSince = undefined;
    this.#error = undefined;
    this.#notBefore = 0;
    this.emit({ type: "resolve", hostname: this.hostname, endpoints, ttlMs, failedForMs });
  }

  #namesAnother(endpoints: readonly Endpoint[]): boolean {
    const known = this.#answer?.endpoints ?? [];
    return endpoints.some(
      ({ address, port }) => !known.some((old) => old.address === address && old.port === port),
    );
  }

  #fallBack(error: LookUpError): readonly Endpoint[] {
    const now = performance.now();
    const answer = this.#answer;
    this.#error = error;
    this.#failingSince ??= now;
    if (error.isAbsent) this.#absentSince ??= now;
    const isUsable = answer !== undefined && this.#isUsable(answer, now);
    this.#notBefore = now + (isUsable ? this.policy.minTtlMs : FAILING_PAUSE_MS);
    if (!isUsable) throw error;
    this.emit({
      type: "stale",
      hostname: this.hostname,
      error,
      overdueMs: now - answer.expiresAt,
      since: epoch(this.#failingSince),
    });
    return answer.endpoints;
  }
}

function epoch(time: number): number {
  return Math.round(performance.timeOrigin + time);
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** @throws Error if the look-up takes too long */
async function limited<T>(lookUp: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`The resolver gave no answer within ${LIMIT_MS} ms.`)),
      LIMIT_MS,
    );
    timer.unref();
  });
  try {
    return await Promise.race([lookUp, late]);
  } finally {
    clearTimeout(timer);
  }
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
