import type { Dispatcher } from "undici";
import { Attempt, type AttemptFailure, type AttemptOwner } from "./attempt.js";
import type { Backend } from "./backend.js";
import type { DiscoveryEvent } from "./discovery-event.js";
import { isRepeatable, isReplayable } from "./repeatable.js";
import { staysOpen } from "./stays-open.js";
import { RequestController } from "./request-controller.js";
import type { Service } from "./service.js";

/** The second and each further retry waits, so that a service that just restarts is not hit by all at once. */
const RETRY_DELAY_MS = { min: 5, max: 25 };

const NOBODY: ReadonlySet<Backend> = new Set();

export interface ExchangeProps {
  readonly options: Dispatcher.DispatchOptions;
  /** The caller's. */
  readonly handler: Dispatcher.DispatchHandler;
  readonly service: Service;
  readonly maxRetries: number;
  readonly emit: (event: DiscoveryEvent) => void;
  readonly onOver: (exchange: Exchange) => void;
}

/** One request of the caller, from look-up to response, over one or more attempts. */
export class Exchange implements AttemptOwner {
  readonly handler: Dispatcher.DispatchHandler;
  readonly isReplayable: boolean;
  readonly controller = new RequestController((reason) => this.#fail(reason));
  readonly #options: Dispatcher.DispatchOptions;
  readonly #service: Service;
  readonly #maxRetries: number;
  readonly #emit: ExchangeProps["emit"];
  readonly #onOver: ExchangeProps["onOver"];
  readonly #repeatable: boolean;
  readonly #tried = new Set<Backend>();
  #retries = 0;
  #retriesLeft: number;
  #timeouts = 0;
  #lookedUpAnew = false;
  #current: Attempt | undefined;
  #isOver = false;
  #pause: NodeJS.Timeout | undefined;

  constructor({ options, handler, service, maxRetries, emit, onOver }: ExchangeProps) {
    this.handler = handler;
    this.isReplayable = isReplayable(options.body);
    this.#options = options;
    this.#service = service;
    this.#maxRetries = maxRetries;
    this.#emit = emit;
    this.#onOver = onOver;
    this.#repeatable = isRepeatable(options);
    this.#retriesLeft = maxRetries;
  }

  start(): void {
    try {
      this.handler.onRequestStart?.(this.controller, {});
    } catch (error) {
      this.#fail(error as Error);
    }
    if (this.#isOver) return;
    // the clock is read once, as that costs more than all that is decided by it
    const now = performance.now();
    this.#service.budget.countRequest(now);
    const ready = this.#service.ready(now);
    if (ready === undefined) this.#begin(now);
    else
      void ready
        .then(() => this.#begin(performance.now()))
        .catch((error: unknown) => this.#fail(error as Error));
  }

  attemptFailed(backend: Backend, attempt: AttemptFailure): void {
    if (this.#isOver) return;
    this.controller.detach();
    this.#current = undefined;
    this.#tried.add(backend);
    if (this.#mayRepeat(attempt)) this.#repeat(backend, attempt);
    else this.#fail(attempt.error);
  }

  #repeat(from: Backend, attempt: AttemptFailure): void {
    if (this.#retriesLeft === 0) {
      // as nothing was sent, nothing is lost by a look whether DNS names others by now
      if (attempt.failure === "connect") this.#lookUpAnew(from, attempt);
      else this.#fail(attempt.error);
      return;
    }
    if (!this.#service.budget.takeRetry()) {
      this.#fail(attempt.error);
      return;
    }
    this.#retriesLeft -= 1;
    this.#retries += 1;
    if (this.#retries === 1) {
      this.#retry(from, attempt);
    } else {
      const { min, max } = RETRY_DELAY_MS;
      this.#pause = setTimeout(() => this.#retry(from, attempt), min + Math.random() * (max - min));
    }
  }

  /** Finds out whether the response is idle. */
  measure(now: number): void {
    this.#current?.measure(now);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** There is nothing more to come. */
  over(): void {
    this.#isOver = true;
    clearTimeout(this.#pause);
    this.#onOver(this);
  }

  abort(reason: Error): void {
    if (!this.#isOver) this.controller.abort(reason);
  }

  #begin(now: number): void {
    if (this.#isOver) return;
    const backend = this.#service.pick(now, this.#repeatable, staysOpen(this.#options));
    if (backend === undefined) this.#fail(new Error(`No address of ${this.#service.hostname} is known.`));
    else this.#attempt(backend, now);
  }

  #retry(from: Backend, attempt: AttemptFailure): void {
    const { error, failure } = attempt;
    // after a reset, often the end of an idle connection, the same address will do if there is no other
    const to =
      this.#service.pickAnother(this.#tried) ??
      (failure === "reset" ? this.#service.pickAnother(NOBODY) : undefined);
    if (to === undefined) {
      this.#lookUpAnew(from, attempt);
      return;
    }
    this.#emit({
      type: "retry",
      hostname: this.#service.hostname,
      method: this.#options.method,
      from: { address: from.address, port: from.port },
      to: { address: to.address, port: to.port },
      error,
      retry: this.#retries,
    });
    this.#attempt(to, performance.now());
  }

  /** There is no address left to try: once, the request waits for a look-up, and goes on if that brings another one. */
  #lookUpAnew(from: Backend, attempt: AttemptFailure): void {
    if (this.#lookedUpAnew || this.#maxRetries === 0) {
      this.#fail(attempt.error);
      return;
    }
    this.#lookedUpAnew = true;
    void this.#service.lookUpAnew().then(() => {
      if (this.#isOver) return;
      this.#retriesLeft = this.#maxRetries;
      if (this.#service.hasAnother(this.#tried)) this.#repeat(from, attempt);
      else this.#fail(attempt.error);
    });
  }

  #attempt(backend: Backend, now: number): void {
    const attempt = new Attempt(this, this.#service, backend, now);
    this.#current = attempt;
    try {
      backend.dispatch(this.#options, attempt);
    } catch (error) {
      attempt.onResponseError(undefined, error as Error);
    }
  }

  #mayRepeat({ failure, sent, responded }: AttemptFailure): boolean {
    if (responded || this.controller.aborted) return false;
    if (!sent) return failure !== undefined;
    if (!this.#repeatable) return false;
    if (failure === "reset") return true;
    // who let two addresses wait in vain asks for something slow: a third would be ejected for it as well
    return failure === "headers-timeout" && ++this.#timeouts === 1;
  }

  #fail(error: Error): void {
    if (this.#isOver) return;
    this.over();
    this.handler.onResponseError?.(this.controller, error);
  }
}
