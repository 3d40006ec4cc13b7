import type { Failure } from "./failure.js";

/** When to eject, and for how long; see `EjectOptions`. */
export interface EjectPolicy {
  readonly consecutive: number;
  readonly baseMs: number;
  readonly maxMs: number;
}

/** Back-off differs by up to a tenth either way, so that many callers do not probe at the same moment. */
const JITTER = 0.1;

/**
 * Whether one address gets requests. In, until it fails; then out for a time that doubles; then one request, the probe,
 * decides whether it is in again or out for longer. Times are those of `performance.now()`.
 */
export class Health {
  /** Failures since the last complete answer. */
  consecutiveFailures = 0;
  #ejectedUntil: number | null = null;
  #ejections = 0;
  #backOffMs = 0;
  #readmittedAt = 0;
  #answeredAt = -Infinity;
  #probing = false;

  constructor(private readonly policy: EjectPolicy) {}

  get ejectedUntil(): number | null {
    return this.#ejectedUntil;
  }

  get isEjected(): boolean {
    return this.#ejectedUntil !== null;
  }

  /**
   * Whether the next request is to probe the address. One that may be repeated elsewhere is preferred: others wait for
   * as long again, since a probe of a frozen task fails them.
   */
  isProbeDue(now: number, repeatable: boolean): boolean {
    if (this.#ejectedUntil === null || this.#probing) return false;
    return now >= this.#ejectedUntil + (repeatable ? 0 : this.#backOffMs);
  }

  /** @returns whether the request that begins now is the one on trial, so that no other is until `endProbe()`. */
  beginProbe(): boolean {
    if (!this.isEjected || this.#probing) return false;
    this.#probing = true;
    return true;
  }

  /** If the probe told nothing, for example since its caller aborted it, another one may follow. */
  endProbe(): void {
    this.#probing = false;
  }

  /**
   * The address began to answer.
   * @param trial the request was sent while the address was out. What was sent before tells nothing of now.
   * @returns whether this brings the address in again
   */
  answered(now: number, trial: boolean): boolean {
    this.#answeredAt = now;
    if (!trial || this.#ejectedUntil === null) return false;
    this.#ejectedUntil = null;
    this.#readmittedAt = now;
    this.consecutiveFailures = 0;
    return true;
  }

  /**
   * @param sentAt when the failed attempt was begun
   * @param trial it was begun while the address was out
   * @param mayEject false for the only address there is
   * @returns for how long this puts the address out, or undefined if it does not
   */
  failed(
    failure: Failure,
    now: number,
    sentAt: number,
    trial: boolean,
    mayEject: boolean,
  ): number | undefined {
    this.consecutiveFailures += 1;
    if (!mayEject) return undefined;
    if (this.#ejectedUntil !== null) {
      return trial && now >= this.#ejectedUntil ? this.#eject(now) : undefined;
    }
    const silent = failure === "headers-timeout" && this.#answeredAt < sentAt;
    const atOnce = failure === "connect" || silent;
    return atOnce || this.consecutiveFailures >= this.policy.consecutive ? this.#eject(now) : undefined;
  }

  #eject(now: number): number {
    const { baseMs, maxMs } = this.policy;
    if (!this.isEjected && now - this.#readmittedAt > maxMs) this.#ejections = 0;
    const jitter = 1 + JITTER * (2 * Math.random() - 1);
    this.#backOffMs = Math.min(baseMs * 2 ** this.#ejections, maxMs) * jitter;
    this.#ejections += 1;
    this.#ejectedUntil = now + this.#backOffMs;
    return this.#backOffMs;
  }
}
