import type { Duplex } from "node:stream";
import { errors, type Dispatcher } from "undici";
import type { Backend } from "./backend.js";
import type { Exchange } from "./exchange.js";
import { FAILURE_STATUSES, failureOf, type Failure } from "./failure.js";
import type { Service } from "./service.js";

type Headers = Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>[2];

/** How an attempt went wrong, as far as it matters for another one. */
export interface AttemptFailure {
  readonly error: Error;
  readonly failure: Failure | undefined;
  /** The request was written to a connection, at least in part. */
  readonly sent: boolean;
  /** The response began, so that the caller has some of it. */
  readonly responded: boolean;
}

/** One try to get a response from one address: tells the exchange what comes, and the service how it went. */
export class Attempt implements Dispatcher.DispatchHandler {
  readonly #begunAt = performance.now();
  /** Begun while the address was out: as its probe, or in panic. */
  readonly #trial: boolean;
  readonly #probe: boolean;
  #sent = false;
  #responded = false;
  #failureStatus = false;

  constructor(
    private readonly exchange: Exchange,
    private readonly service: Service,
    readonly backend: Backend,
  ) {
    this.#trial = backend.health.isEjected;
    this.#probe = backend.health.beginProbe();
    backend.inflight += 1;
  }

  /** undici calls this just before it writes the request: until then, nothing was sent. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.exchange.isOver) {
      controller.abort(this.exchange.reason ?? new errors.RequestAbortedError());
      return;
    }
    this.#sent = true;
    this.exchange.connected(controller);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: Headers,
    statusMessage?: string,
  ): void {
    this.#responded = true;
    this.#failureStatus = FAILURE_STATUSES.has(statusCode);
    if (this.#failureStatus) this.#blame("status");
    else this.service.answered(this.backend, this.#trial);
    this.exchange.handler.onResponseStart?.(this.exchange, statusCode, headers, statusMessage);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.exchange.handler.onResponseData?.(this.exchange, chunk);
  }

  onResponseEnd(_controller: Dispatcher.DispatchController, trailers: Headers): void {
    this.#complete();
    this.exchange.handler.onResponseEnd?.(this.exchange, trailers);
  }

  onRequestUpgrade(
    _controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: Headers,
    socket: Duplex,
  ): void {
    this.service.answered(this.backend, this.#trial);
    this.#complete();
    this.exchange.handler.onRequestUpgrade?.(this.exchange, statusCode, headers, socket);
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.#release();
    const failure = failureOf(error, this.#sent);
    if (failure !== undefined && this.#isBackendsFault(failure)) this.#blame(failure);
    this.exchange.attemptFailed(this.backend, {
      error,
      failure,
      sent: this.#sent,
      responded: this.#responded,
    });
  }

  /** A broken upload looks like a reset, and a caller may lose patience with a response that is long. */
  #isBackendsFault(failure: Failure): boolean {
    if (failure === "reset") return this.exchange.isReplayable;
    return failure !== "deadline" || !this.#responded;
  }

  #blame(failure: Failure): void {
    this.service.failed(this.backend, failure, this.#begunAt, this.#trial);
  }

  #complete(): void {
    this.#release();
    if (!this.#failureStatus) this.backend.health.consecutiveFailures = 0;
    this.exchange.over();
  }

  #release(): void {
    this.backend.inflight -= 1;
    if (this.#probe) this.backend.health.endProbe();
  }
}
