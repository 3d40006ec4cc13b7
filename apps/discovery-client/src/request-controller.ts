import { errors, type Dispatcher } from "undici";

/**
 * The one controller that a caller's handler gets for a request. Each attempt has a connection of its own, with a
 * controller of its own, and between attempts there is none: whoever kept the first could no longer abort the second, nor
 * anything during look-up and pauses. This one hands on to the connection that is in use.
 */
export class RequestController implements Dispatcher.DispatchController {
  reason: Error | null = null;
  #paused = false;
  #connection: Dispatcher.DispatchController | undefined;

  /** @param onAbort called if there is no connection that would tell of it */
  constructor(private readonly onAbort: (reason: Error) => void) {}

  /** An attempt is about to be sent. */
  attach(connection: Dispatcher.DispatchController): void {
    this.#connection = connection;
    if (this.#paused) connection.pause();
  }

  /** The attempt failed. */
  detach(): void {
    this.#connection = undefined;
  }

  get aborted(): boolean {
    return this.reason !== null;
  }

  abort(reason?: Error): void {
    if (this.aborted) return;
    this.reason = reason ?? new errors.RequestAbortedError();
    if (this.#connection === undefined) this.onAbort(this.reason);
    else this.#connection.abort(this.reason);
  }

  get paused(): boolean {
    return this.#paused;
  }

  pause(): void {
    this.#paused = true;
    this.#connection?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#connection?.resume();
  }

  get rawHeaders(): Dispatcher.DispatchController["rawHeaders"] {
    return this.#connection?.rawHeaders;
  }

  get rawTrailers(): Dispatcher.DispatchController["rawTrailers"] {
    return this.#connection?.rawTrailers;
  }
}
