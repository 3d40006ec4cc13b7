import type { Failure } from "./failure.js";

/** When to eject, and for how long; see `EjectOptions`. */
export interface EjectPolicy {
  readonly consecutive: number;
  readonly baseMs: number;
  readonly maxMs: number;
  /** For so long a probe without a verdict keeps others from being probes, in milliseconds. */
  readonly probeMs: number;
}

/** Back-off differs by up to a tenth either way, so that many callers do not probe at the same moment. */
const JITTER = 0.1;

/** Belongs to a request that begins while its address is out: the ejection that its outcome may end or lengthen. */
export interface Trial {
  readonly ejection: number;
}

/**
 * Whether one address gets requests. In, until it fails; then out for a time that doubles; then one request, the probe,
 * decides whether it is in again or out for longer. Times are those of `performance.now()`.
 */
export class Health {
  /** Failures since the last complete answer. */
  consecutiveFailures = 0;
  #ejectedUntil: number | null = null;
  /** Tells this ejection from those before it. */
  #ejection = 0;
  /** Ejections without a long time between them. */
  #repeats = 0;
  #backOffMs = 0;
  #readmittedAt = 0;
  #answeredAt = -Infinity;
  #probe: Trial | undefined;
  #probeUntil = 0;

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
    if (this.#ejectedUntil === null || this.#isProbing(now)) return false;
    return now >= this.#ejectedUntil + (repeatable ? 0 : this.#backOffMs);
  }

  /** A request begins. @returns undefined while the address is in: then its outcome is one of many. */
  begin(now: number): Trial | undefined {
    if (!this.isEjected) return undefined;
    const trial = { ejection: this.#ejection };
    if (!this.#isProbing(now)) {
      this.#probe = trial;
      this.#probeUntil = now + this.policy.probeMs;
    }
    return trial;
  }

  /** The request is over. If it told nothing, for example since its caller aborted it, another one may be the probe. */
  end(trial: Trial): void {
    if (this.#probe === trial) this.#probe = undefined;
  }

  /**
   * The address began to answer. That is the verdict: how long the response goes on, if it ever ends, tells nothing more.
   * @returns whether this brings the address in again. What was sent before the ejection tells nothing of now.
   */
  answered(now: number, trial: Trial | undefined): boolean {
    this.#answeredAt = now;
    if (!this.#isOnTrial(trial)) return false;
    this.#ejectedUntil = null;
    this.#probe = undefined;
    this.#readmittedAt = now;
    this.consecutiveFailures = 0;
    return true;
  }

  /**
   * @param sentAt when the failed attempt was begun
   * @param mayEject false for the only address there is
   * @returns for how long this puts the address out, or undefined if it does not
   */
  failed(
    failure: Failure,
    now: number,
    sentAt: number,
    trial: Trial | undefined,
    mayEject: boolean,
  ): number | undefined {
    this.consecutiveFailures += 1;
    if (!mayEject) return undefined;
    if (this.#ejectedUntil !== null) {
      return this.#isOnTrial(trial) && now >= this.#ejectedUntil ? this.#eject(now) : undefined;
    }
    const silent = failure === "headers-timeout" && this.#answeredAt < sentAt;
    const atOnce = failure === "connect" || silent;
    return atOnce || this.consecutiveFailures >= this.policy.consecutive ? this.#eject(now) : undefined;
  }

  #isProbing(now: number): boolean {
    return this.#probe !== undefined && now < this.#probeUntil;
  }

  #isOnTrial(trial: Trial | undefined): boolean {
    return this.isEjected && trial?.ejection === this.#ejection;
  }

  #eject(now: number): number {
    const { baseMs, maxMs } = this.policy;
    if (!this.isEjected && now - this.#readmittedAt > maxMs) this.#repeats = 0;
    const jitter = 1 + JITTER * (2 * Math.random() - 1);
    this.#backOffMs = Math.min(baseMs * 2 ** this.#repeats, maxMs) * jitter;
    this.#repeats += 1;
    this.#ejection += 1;
    this.#probe = undefined;
    this.#ejectedUntil = now + this.#backOffMs;
    return this.#backOffMs;
  }
}
