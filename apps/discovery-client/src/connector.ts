import type { ConnectionOptions } from "node:tls";
import { buildConnector, errors } from "undici";

const failures = new WeakSet<Error>();

/** Whether the error comes from connecting, so that nothing can have been sent. */
export function isConnectFailure(error: Error): boolean {
  return failures.has(error);
}

/** @returns the error, known as one from connecting from now on */
export function asConnectFailure<E extends Error>(error: E): E {
  failures.add(error);
  return error;
}

/**
 * Connects to one address, whatever host the pool's URL names. Host header, TLS server name and certificate check thus
 * stay those of the URL, without a header being touched.
 *
 * undici's own connect timeout runs on a clock of half-second ticks and makes 500 ms nearly a second (lib/util/timers.js
 * in 7.30.2). Hence the exact timer here; undici's remains, to put an end to the socket.
 */
export function connectorTo(
  address: string,
  port: number,
  timeoutMs: number,
  tls: ConnectionOptions & { readonly allowH2?: boolean } = {},
): buildConnector.connector {
  const connect = buildConnector({ ...tls, timeout: timeoutMs });
  return (options, callback) => {
    let waiting = true;
    const settle: buildConnector.Callback = (...result) => {
      const [error, socket] = result;
      if (!waiting) {
        socket?.destroy();
        return;
      }
      waiting = false;
      clearTimeout(timer);
      if (error !== null) asConnectFailure(error);
      callback(...result);
    };
    const giveUp = (): void => {
      const message = `No connection to ${address}:${port} within ${timeoutMs} ms`;
      settle(new errors.ConnectTimeoutError(message), null);
    };
    // one turn of the event loop later: if it was busy, the connection may be there, and only not noticed yet
    const timer = setTimeout(() => setImmediate(giveUp), timeoutMs);
    try {
      connect({ ...options, hostname: address, port: String(port) }, settle);
    } catch (error) {
      settle(error as Error, null);
    }
  };
}
