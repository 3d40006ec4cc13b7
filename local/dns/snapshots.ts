export interface SnapshotOptions {
  /** How long one is used, in milliseconds. */
  readonly refreshMs: number;
  /** How long reading one may take, in milliseconds. */
  readonly timeoutMs: number;
}

/**
 * The last state that was read. It is read again on demand only, once at a time, and not before the last one, be it a
 * failure, is `refreshMs` old: however many ask, the API is asked a few times a second.
 */
export class Snapshots<T> {
  private reading: Promise<T> | undefined;
  private last: Promise<T> | undefined;
  private lastEnded = 0;
  private stopped = false;
  private abort = new AbortController();

  public constructor(
    private readonly read: (signal: AbortSignal) => Promise<T>,
    private readonly options: SnapshotOptions,
  ) {}

  /** @throws what reading throws, and Error where that takes too long or this has been stopped */
  public current(): Promise<T> {
    if (this.stopped) return Promise.reject(new Error("stopped"));
    if (this.reading) return this.reading;
    if (this.last && performance.now() - this.lastEnded < this.options.refreshMs) return this.last;
    this.last = this.reading = this.readInTime().finally(() => {
      this.reading = undefined;
      this.lastEnded = performance.now();
    });
    return this.reading;
  }

  /** Ends a read that is under way, and its timer. */
  public stop(): void {
    this.stopped = true;
    this.abort.abort(new Error("stopped"));
  }

  private async readInTime(): Promise<T> {
    const { timeoutMs } = this.options;
    const abort = (this.abort = new AbortController());
    const { signal } = abort;
    const timer = setTimeout(() => abort.abort(new Error(`no answer after ${timeoutMs} ms`)), timeoutMs);
    try {
      // a client may not listen to the signal
      return await Promise.race([this.read(signal), rejectionBy(signal)]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function rejectionBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}
