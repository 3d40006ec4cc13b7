/** The span over which requests and retries are weighed against each other: Finagle's too. */
const WINDOW_MS = 10_000;

/**
 * Keeps retries from multiplying the load of a service that is down: over about the last 10 s at most `ratio` retries
 * per request, and `minPerSecond` besides. Both counts fade exponentially instead of being kept per second.
 * @see https://twitter.github.io/finagle/guide/Clients.html#retries
 */
export class RetryBudget {
  #requests = 0;
  #retries = 0;
  #fadedAt = performance.now();

  constructor(
    private readonly ratio: number,
    private readonly minPerSecond: number,
  ) {}

  countRequest(now: number): void {
    this.#fade(now);
    this.#requests += 1;
  }

  /** @returns false if there are no means for a retry; otherwise it is taken from them. */
  takeRetry(): boolean {
    this.#fade(performance.now());
    const allowed = this.ratio * this.#requests + (this.minPerSecond * WINDOW_MS) / 1000;
    if (this.#retries + 1 > allowed) return false;
    this.#retries += 1;
    return true;
  }

  #fade(now: number): void {
    const remaining = Math.exp((this.#fadedAt - now) / WINDOW_MS);
    this.#requests *= remaining;
    this.#retries *= remaining;
    this.#fadedAt = now;
  }
}
