import type { Duplex } from "node:stream";

/** What one request under way has moved; kept by whoever receives the response. */
export interface Flow {
  /** Received since `since`. */
  bytes: number;
  /** When `bytes` was last 0; of `performance.now()`. */
  since: number;
  /** So little comes, and has for so long, that the address has room for others. */
  isIdle: boolean;
}

/** A response is measured over at least this long, in milliseconds. */
const MEASURED_OVER_MS = 250;
/** A response that brings less than this in a second is idle: a server that waits for events, or a reader that is slow. */
const IDLE_BYTES_PER_SECOND = 65_536;

/**
 * What is under way at one address. An event stream, a WebSocket or a download whose reader is slow stays open for
 * hours and asks next to nothing of its task: counted like a request that waits for its answer, it would send all short
 * requests to whichever task has the fewest streams.
 */
export class Traffic {
  #inflight = 0;
  #idle = 0;
  #upgraded = 0;

  /** Requests whose response is not complete. */
  get inflight(): number {
    return this.#inflight;
  }

  /** Of those, the ones that occupy the address. */
  get load(): number {
    return this.#inflight - this.#idle;
  }

  /** Idle responses, and connections that were upgraded. */
  get streams(): number {
    return this.#idle + this.#upgraded;
  }

  /** Everything that is open, idle or not. */
  get open(): number {
    return this.#inflight + this.#upgraded;
  }

  begin(): void {
    this.#inflight += 1;
  }

  end(flow: Flow): void {
    this.#inflight -= 1;
    if (flow.isIdle) this.#idle -= 1;
  }

  /** The connection is the caller's from now on. It is over with its socket. */
  upgrade(socket: Duplex): void {
    this.#upgraded += 1;
    socket.once("close", () => (this.#upgraded -= 1));
  }

  /** Finds out whether a response that has begun is idle. */
  measure(flow: Flow, now: number): void {
    const over = now - flow.since;
    if (over < MEASURED_OVER_MS) return;
    const isIdle = flow.bytes * 1000 < IDLE_BYTES_PER_SECOND * over;
    if (isIdle !== flow.isIdle) this.#idle += isIdle ? 1 : -1;
    flow.isIdle = isIdle;
    flow.bytes = 0;
    flow.since = now;
  }
}
