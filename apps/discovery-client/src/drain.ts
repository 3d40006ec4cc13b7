import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import process from "node:process";

export interface DrainOptions {
  /**
   * For how long requests are still served after SIGTERM, in milliseconds: the time in which callers may still hold the
   * task's address, that is the record's TTL (10 s) and a few seconds for Cloud Map to take the address out. ECS sends
   * SIGKILL after the container's `stopTimeout`, 30 s by default, so stay well below it.
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#container_definition_timeout
   * @default 15000
   */
  readonly drainMs?: number;
}

export interface Drain {
  /** Resolves once the last response is complete and every connection closed: the time to clean up. */
  readonly finished: Promise<void>;
  /** Stops listening for SIGTERM; a drain that has begun goes on. */
  remove(): void;
}

/**
 * Lets a task stop without a failed request. ECS sends SIGTERM at about the time at which it begins to take the address
 * out of DNS, and callers have cached it: who closes at once refuses them. So on SIGTERM this keeps serving for
 * `drainMs`, with `Connection: close`, that callers may turn elsewhere; then it closes idle connections, completes what
 * is in flight and lets the process come to its end. A second SIGTERM changes nothing.
 *
 * Call it before the server listens.
 * @throws TypeError if `drainMs` is not a whole number of milliseconds
 * @example
 * const server = http.createServer(app).listen(8080);
 * const { finished } = drainOnSigterm(server);
 * await finished; // now close database and dispatcher
 */
export function drainOnSigterm(server: Server, options: DrainOptions = {}): Drain {
  const drainMs = drainMsFrom("drainOnSigterm", options);
  const responses = new Set<ServerResponse>();
  const sockets = new Set<Socket>();
  let stage: "serving" | "draining" | "closing" = "serving";

  server.prependListener("request", (_request: IncomingMessage, response: ServerResponse) => {
    responses.add(response);
    if (stage !== "serving") announceClose(response);
    response.once("close", () => {
      responses.delete(response);
      if (stage === "closing") server.closeIdleConnections();
    });
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });

  const { promise: finished, resolve: finish } = deferred();

  const close = (): void => {
    stage = "closing";
    server.close(() => {
      process.removeListener("SIGTERM", onSigterm);
      finish();
    });
    server.closeIdleConnections();
    setImmediate(() => {
      // Node.js counts a connection that never carried a request as active, for up to a minute
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    });
  };
  const onSigterm = (): void => {
    if (stage !== "serving") return;
    stage = "draining";
    responses.forEach(announceClose);
    // one turn of the event loop later: requests that have arrived, and wait to be read, are not idle connections
    setTimeout(() => setImmediate(close), drainMs);
  };
  process.on("SIGTERM", onSigterm);
  return { finished, remove: () => void process.removeListener("SIGTERM", onSigterm) };
}

/** @throws TypeError if it is not a whole number of milliseconds */
export function drainMsFrom(caller: string, { drainMs = 15_000 }: DrainOptions): number {
  if (Number.isInteger(drainMs) && drainMs >= 0) return drainMs;
  throw new TypeError(
    `${caller}: drainMs is ${String(drainMs)}; it must be a whole number of milliseconds from 0. Left out, it is 15000.`,
  );
}

function announceClose(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader("Connection", "close");
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
