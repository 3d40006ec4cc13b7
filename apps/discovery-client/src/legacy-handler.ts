import type { Duplex } from "node:stream";
import { errors, type Dispatcher } from "undici";

/** The handler that undici's own `request()` and every `fetch()` up to undici 7 hand to a dispatcher. */
interface LegacyHandler {
  onConnect?(abort: (reason?: Error) => void, context: unknown): void;
  onUpgrade?(statusCode: number, headers: readonly Buffer[], socket: Duplex): void;
  onHeaders?(
    statusCode: number,
    headers: readonly Buffer[],
    resume: () => void,
    statusText?: string,
  ): boolean;
  onData?(chunk: Buffer): boolean;
  onComplete?(trailers: readonly Buffer[]): void;
  onError?(error: Error): void;
}

/**
 * Makes one kind of handler of the two that undici knows.
 *
 * undici's own adapter writes headers anew from parsed ones, and gives repeated ones as a list inside the list. The
 * `fetch` built into Node.js 20 (undici 6) takes that for one value: two `Set-Cookie` headers became `a=1,b=2`. Hence
 * the raw headers here, as they came.
 */
export function asHandler(handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
  return typeof handler.onRequestStart === "function" ? handler : adapt(handler as LegacyHandler);
}

function adapt(legacy: LegacyHandler): Dispatcher.DispatchHandler {
  return {
    onRequestStart(controller, context) {
      legacy.onConnect?.((reason) => controller.abort(reason ?? new errors.RequestAbortedError()), context);
    },
    onRequestUpgrade(controller, statusCode, _headers, socket) {
      legacy.onUpgrade?.(statusCode, raw(controller.rawHeaders), socket);
    },
    onResponseStart(controller, statusCode, _headers, statusMessage) {
      const resume = (): void => controller.resume();
      if (legacy.onHeaders?.(statusCode, raw(controller.rawHeaders), resume, statusMessage) === false) {
        controller.pause();
      }
    },
    onResponseData(controller, chunk) {
      if (legacy.onData?.(chunk) === false) controller.pause();
    },
    onResponseEnd(controller) {
      legacy.onComplete?.(raw(controller.rawTrailers));
    },
    onResponseError(_controller, error) {
      if (legacy.onError === undefined) throw error;
      legacy.onError(error);
    },
  };
}

/** undici's HTTP/1.1 client gives name and value in turn; the other forms of the type belong to HTTP/2. */
function raw(headers: Dispatcher.DispatchController["rawHeaders"]): readonly Buffer[] {
  return (headers ?? []) as Buffer[];
}
