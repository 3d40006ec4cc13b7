/**
 * Header with the milliseconds that the caller will still wait. Milliseconds from now, as gRPC's `grpc-timeout` has them,
 * and not a point in time: the clocks of two tasks differ, and a second of difference would be a tenth of our time.
 */
export const TIMEOUT_HEADER = "x-request-timeout-ms";

/** Named as the reason of `AbortSignal.timeout()` is: the discovery client counts it against the task that was asked. */
export class DeadlineExceeded extends Error {
  public constructor(timeoutMs: number) {
    super(`no complete answer within ${timeoutMs} ms`);
    this.name = "TimeoutError";
  }
}

export class CallerGone extends Error {
  public constructor() {
    super("the caller closed the connection");
    this.name = "CallerGone";
  }
}

/**
 * The time that one request has, from its arrival to the last byte of its answer. Everything that is done for the request
 * listens to `signal`, so nothing goes on for a caller who has given up or gone.
 */
export class Deadline {
  private readonly controller = new AbortController();
  private readonly endsAt: number;
  private readonly timer: NodeJS.Timeout;

  public constructor(timeoutMs: number) {
    this.endsAt = performance.now() + timeoutMs;
    this.timer = setTimeout(() => this.controller.abort(new DeadlineExceeded(timeoutMs)), timeoutMs);
  }

  /** Aborted with a `DeadlineExceeded` or a `CallerGone` as reason. */
  public get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Milliseconds left, at least 1: what is passed on in `TIMEOUT_HEADER`. */
  public get remainingMs(): number {
    return Math.max(1, Math.ceil(this.endsAt - performance.now()));
  }

  /** Stops all work: the caller has gone. Also to be called when everything was sent; then it only stops the clock. */
  public cancel(): void {
    clearTimeout(this.timer);
    this.controller.abort(new CallerGone());
  }

  /**
   * Settles as `work` does, or rejects with the signal's reason as soon as it is aborted. Giving the signal to undici is
   * not enough: it looks at it once it has a connection, not while it waits for DNS.
   */
  public async race<T>(work: Promise<T>): Promise<T> {
    const { signal } = this;
    let onAbort: (() => void) | undefined;
    const aborted = new Promise<never>((_resolve, reject) => {
      onAbort = () => reject(signal.reason as Error);
      if (signal.aborted) onAbort();
      else signal.addEventListener("abort", onAbort, { once: true });
    });
    try {
      return await Promise.race([work, aborted]);
    } finally {
      if (onAbort) signal.removeEventListener("abort", onAbort);
      // whichever lost may still fail, and nobody listens any more
      work.catch(() => undefined);
    }
  }
}
