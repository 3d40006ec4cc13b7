import type { Duplex } from "node:stream";
import { errors, type Dispatcher } from "undici";
import type { Backend } from "./backend.js";
import { FAILURE_STATUSES, failureOf, isRefusedStream, type Failure } from "./failure.js";
import type { Trial } from "./health.js";
import type { RequestController } from "./request-controller.js";
import type { Service } from "./service.js";
import type { Flow } from "./traffic.js";

type Headers = Parameters<NonNullable<Dispatcher.DispatchHandler["onResponseStart"]>>[2];

/** How an attempt went wrong, as far as it matters for another one. */
export interface AttemptFailure {
  readonly error: Error;
  readonly failure: Failure | undefined;
  /** The request was written to a connection, at least in part, and the server did not say that it left it alone. */
  readonly sent: boolean;
  /** The response began, so that the caller has some of it. */
  readonly responded: boolean;
}

/** The request that an attempt belongs to. */
export interface AttemptOwner {
  /** The caller's. */
  readonly handler: Dispatcher.DispatchHandler;
  readonly controller: RequestController;
  /** The request's body can be sent again. */
  readonly isReplayable: boolean;
  readonly isOver: boolean;
  attemptFailed(backend: Backend, attempt: AttemptFailure): void;
  /** There is nothing more to come. */
  over(): void;
}

/** One try to get a response from one address: tells its owner what comes, and the service how it went. */
export class Attempt implements Dispatcher.DispatchHandler, Flow {
  bytes = 0;
  isIdle = false;
  /** Begun while the address was out: as its probe, or in panic. */
  readonly #trial: Trial | undefined;
  #sent = false;
  #responded = false;
  #failureStatus = false;

  constructor(
    private readonly owner: AttemptOwner,
    private readonly service: Service,
    readonly backend: Backend,
    /** The attempt began; once there is a response, when that was measured last. */
    public since: number,
  ) {
    this.#trial = backend.health.begin(since);
    backend.traffic.begin();
  }

  measure(now: number): void {
    if (this.#responded) this.backend.traffic.measure(this, now);
  }

  /** undici calls this just before it writes the request: until then, nothing was sent. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.owner.isOver) {
      controller.abort(this.owner.controller.reason ?? new errors.RequestAbortedError());
      return;
    }
    this.#sent = true;
    this.owner.controller.attach(controller);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: Headers,
    statusMessage?: string,
  ): void {
    const now = performance.now();
    this.#responded = true;
    this.#failureStatus = FAILURE_STATUSES.has(statusCode);
    if (this.#failureStatus) this.#blame("status");
    else this.service.answered(this.backend, now, this.#trial);
    this.since = now;
    this.owner.handler.onResponseStart?.(this.owner.controller, statusCode, headers, statusMessage);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.bytes += chunk.length;
    this.owner.handler.onResponseData?.(this.owner.controller, chunk);
  }

  onResponseEnd(_controller: Dispatcher.DispatchController, trailers: Headers): void {
    this.#complete();
    this.owner.handler.onResponseEnd?.(this.owner.controller, trailers);
  }

  onRequestUpgrade(
    _controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: Headers,
    socket: Duplex,
  ): void {
    this.service.answered(this.backend, performance.now(), this.#trial);
    this.backend.traffic.upgrade(socket);
    this.#complete();
    this.owner.handler.onRequestUpgrade?.(this.owner.controller, statusCode, headers, socket);
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    const failure = failureOf(error, this.#sent);
    if (failure !== undefined && this.#isBackendsFault(failure)) this.#blame(failure);
    this.#release();
    this.owner.attemptFailed(this.backend, {
      error,
      failure,
      sent: this.#sent && !isRefusedStream(error),
      responded: this.#responded,
    });
  }

  /**
   * A broken upload looks like a reset, and a caller may lose patience with a response that is long. Idle streams are ended
   * by whoever keeps house: a limit on their age, or a drain that ends all of an address at once.
   */
  #isBackendsFault(failure: Failure): boolean {
    if (failure === "reset") return this.owner.isReplayable && !this.#isIdleNow();
    return failure !== "deadline" || !this.#responded;
  }

  #isIdleNow(): boolean {
    this.measure(performance.now());
    return this.isIdle;
  }

  #blame(failure: Failure): void {
    this.service.failed(this.backend, failure, this.since, this.#trial);
  }

  #complete(): void {
    this.#release();
    if (!this.#failureStatus) this.backend.health.consecutiveFailures = 0;
    this.owner.over();
  }

  #release(): void {
    this.backend.traffic.end(this);
    if (this.#trial !== undefined) this.backend.health.end(this.#trial);
  }
}
