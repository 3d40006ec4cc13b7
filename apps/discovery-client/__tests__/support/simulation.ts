import { errors, type Dispatcher } from "undici";
import { asConnectFailure } from "../../src/connector.js";
import { Discovery } from "../../src/discovery-dispatcher.js";
import type { DiscoveryEvent, DiscoveryOptions, Endpoint } from "../../src/index.js";
import { settingsFrom } from "../../src/settings.js";

export const NAME = "stock-service.trading.internal";

/** What can be wrong with a task. */
export type Fault = "refuses" | "vanished" | "frozen" | "resets" | "503";

const CONNECT_MS = 1;

/** A task that is none: no sockets, so that a clock that is not real governs all of it. */
class SimulatedTask {
  fault: Fault | undefined;
  served = 0;
  latencyMs = 5;
}

/** Tasks, DNS and the client, to be run on fake timers. */
export class Simulation {
  readonly tasks = new Map<string, SimulatedTask>();
  readonly events: DiscoveryEvent[] = [];
  readonly discovery: Discovery;
  /** What DNS names. */
  named: readonly string[] = [];
  dns: "answers" | "is silent" | "SERVFAIL" | "NXDOMAIN" | "hangs" = "answers";
  ttlMs = 1000;
  lookUps = 0;

  constructor(options: DiscoveryOptions) {
    const settings = settingsFrom({
      ...options,
      resolver: () => this.#lookUp(),
      onEvent: (event) => this.events.push(event),
    });
    this.discovery = new Discovery(settings, () => (address) => ({
      dispatch: (request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) => {
        this.#serve(address, request, handler, settings.connectTimeoutMs, settings.headersTimeoutMs);
        return true;
      },
      close: () => Promise.resolve(),
      destroy: () => Promise.resolve(),
    }));
  }

  task(address: string): SimulatedTask {
    const task = this.tasks.get(address) ?? new SimulatedTask();
    this.tasks.set(address, task);
    return task;
  }

  /** Resolves to the status, or rejects. A path of `/events` gets a response that never ends, until it is aborted. */
  send(path = "/", abortAfterMs?: number): Promise<number> {
    return new Promise((resolve, reject) => {
      let status = 0;
      this.discovery.dispatch(
        { origin: `http://${NAME}`, path, method: "GET" },
        {
          onRequestStart: (controller) => {
            if (abortAfterMs !== undefined)
              setTimeout(() => controller.abort(new Error("Enough")), abortAfterMs);
          },
          onResponseStart: (_controller, statusCode) => void (status = statusCode),
          onResponseEnd: () => resolve(status),
          onResponseError: (_controller, error) => {
            if (error.message === "Enough") resolve(status);
            else reject(error);
          },
        },
      );
    });
  }

  async #lookUp(): Promise<readonly Endpoint[]> {
    this.lookUps += 1;
    const { dns } = this;
    if (dns === "hangs") return new Promise(() => undefined);
    await wait(dns === "is silent" ? 2000 : 3);
    if (dns === "answers") return this.named.map((address) => ({ address, ttlMs: this.ttlMs }));
    const code = dns === "NXDOMAIN" ? "ENOTFOUND" : dns === "SERVFAIL" ? "ESERVFAIL" : "ETIMEOUT";
    throw Object.assign(new Error(`queryA ${code} ${NAME}`), { code });
  }

  #serve(
    address: string,
    { path }: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
    connectTimeoutMs: number,
    headersTimeoutMs: number,
  ): void {
    const task = this.task(address);
    let timer: NodeJS.Timeout;
    let isOver = false;
    const fail = (error: Error): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      handler.onResponseError?.(controller, error);
    };
    const controller: Dispatcher.DispatchController = {
      aborted: false,
      paused: false,
      reason: null,
      abort: (reason) => fail(reason),
      pause: () => undefined,
      resume: () => undefined,
    };
    const after = (ms: number, work: () => void): void => {
      timer = setTimeout(() => {
        if (!isOver) work();
      }, ms);
    };
    const isGone = (): boolean => task.fault === "refuses" || task.fault === "resets";
    const isSilent = (): boolean => task.fault === "frozen" || task.fault === "vanished";
    const answer = (): void => {
      if (isSilent()) {
        after(headersTimeoutMs - task.latencyMs, () => fail(new errors.HeadersTimeoutError()));
        return;
      }
      if (isGone()) {
        fail(new errors.SocketError("other side closed"));
        return;
      }
      task.served += 1;
      handler.onResponseStart?.(controller, task.fault === "503" ? 503 : 200, {}, "");
      if (path === "/events") {
        stream();
        return;
      }
      handler.onResponseData?.(controller, Buffer.from("body"));
      isOver = true;
      handler.onResponseEnd?.(controller, {});
    };
    const stream = (): void =>
      after(500, () => {
        if (isGone()) fail(new errors.SocketError("other side closed"));
        else stream();
      });
    after(CONNECT_MS, () => {
      if (task.fault === "refuses") {
        fail(
          asConnectFailure(
            Object.assign(new Error(`connect ECONNREFUSED ${address}`), { code: "ECONNREFUSED" }),
          ),
        );
        return;
      }
      if (task.fault === "vanished") {
        after(connectTimeoutMs, () => fail(asConnectFailure(new errors.ConnectTimeoutError())));
        return;
      }
      handler.onRequestStart?.(controller, {});
      after(task.latencyMs, answer);
    });
  }
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
