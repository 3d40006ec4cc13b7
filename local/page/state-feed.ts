import type { PageState } from "./page-state";

export interface StateFeedOptions {
  readonly state: () => PageState | Promise<PageState>;
  /** How long it rests between two readings, in milliseconds. */
  readonly refreshMs: number;
  /** How long `state` may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** The state as JSON, or as JSON why it cannot be read: `{"message": "..."}`. */
export interface Update {
  readonly type: "state" | "failure";
  readonly json: string;
}

type Listener = (update: Update) => void;

/** Reads the state, once for all who listen and only while somebody does, and tells them when it changed. */
export class StateFeed {
  private readonly listeners = new Set<Listener>();
  private latest: Update | undefined;
  /** What `latest` says, without the time at which it was read. */
  private content: string | undefined;
  private running = false;
  private reading: Promise<{ update: Update; content: string }> | undefined;
  private wake: () => void = () => undefined;
  private deadline: NodeJS.Timeout | undefined;

  public constructor(private readonly options: StateFeedOptions) {}

  /** Tells the state as soon as it is known, and again whenever it changed. Returns what ends that. */
  public listen(listener: Listener): () => void {
    this.listeners.add(listener);
    if (this.latest) listener(this.latest);
    if (!this.running) void this.run();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.wake();
    };
  }

  /** The state now; a reading that is under way serves all who ask meanwhile. */
  public async read(): Promise<Update> {
    return (await this.readOnce()).update;
  }

  public stop(): void {
    this.listeners.clear();
    this.wake();
    clearTimeout(this.deadline);
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.listeners.size > 0) {
      const { update, content } = await this.readOnce();
      if (content !== this.content) {
        this.content = content;
        this.latest = update;
        this.listeners.forEach((listener) => listener(update));
      }
      if (this.listeners.size > 0) await this.rest();
    }
    this.running = false;
    this.latest = this.content = undefined;
  }

  private async rest(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      timer = setTimeout(resolve, this.options.refreshMs);
    });
    clearTimeout(timer);
  }

  private async readOnce(): Promise<{ update: Update; content: string }> {
    this.reading ??= this.readState().finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async readState(): Promise<{ update: Update; content: string }> {
    try {
      const state: unknown = await this.inTime();
      if (typeof state !== "object" || state === null)
        throw new Error(`it is ${String(state)}, no PageState`);
      const json = JSON.stringify(state);
      return { update: { type: "state", json }, content: JSON.stringify({ ...state, at: undefined }) };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const json = JSON.stringify({ message: message || "it does not say why" });
      return { update: { type: "failure", json }, content: `failure ${json}` };
    } finally {
      clearTimeout(this.deadline);
    }
  }

  private async inTime(): Promise<PageState> {
    const { state, timeoutMs } = this.options;
    const late = new Promise<never>((_, reject) => {
      const error = new Error(`it was not read within ${timeoutMs} ms`);
      this.deadline = setTimeout(() => reject(error), timeoutMs);
    });
    return Promise.race([state(), late]);
  }
}
