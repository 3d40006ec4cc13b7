import type { Duplex } from "node:stream";

/** What one request under way has moved; kept by whoever receives the response. */
export interface Flow {
  /** Received since `measuredAt`. */
  bytes: number;
  /** When `bytes` was last 0; of `performance.now()`. */
  measuredAt: number;
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
  readonly #responses = new Set<Flow>();

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

  /** The response began. */
  respond(flow: Flow, now: number): void {
    flow.measuredAt = now;
    this.#responses.add(flow);
  }

  end(flow: Flow): void {
    this.#inflight -= 1;
    if (flow.isIdle) this.#idle -= 1;
    this.#responses.delete(flow);
  }

  /** The connection is the caller's from now on. It is over with its socket. */
  upgrade(socket: Duplex): void {
    this.#upgraded += 1;
    socket.once("close", () => (this.#upgraded -= 1));
  }

  /** Finds out which responses are idle. */
  measure(now: number): void {
    for (const flow of this.#responses) {
      const over = now - flow.measuredAt;
      if (over < MEASURED_OVER_MS) continue;
      const isIdle = flow.bytes * 1000 < IDLE_BYTES_PER_SECOND * over;
      if (isIdle !== flow.isIdle) this.#idle += isIdle ? 1 : -1;
      flow.isIdle = isIdle;
      flow.bytes = 0;
      flow.measuredAt = now;
    }
  }
}
