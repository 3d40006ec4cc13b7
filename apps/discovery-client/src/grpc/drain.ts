import process from "node:process";
import type { Server } from "@grpc/grpc-js";
import { drainMsFrom, type Drain, type DrainOptions } from "../drain.js";

/**
 * `drainOnSigterm()` for a gRPC server: on SIGTERM it serves on for `drainMs`, in which callers find out that the address
 * is gone from DNS; then it takes no new calls, completes those under way, and closes. A stream that never ends keeps it
 * until ECS sends SIGKILL: `grpc.max_connection_age_ms` and `grpc.max_connection_age_grace_ms` of the server end it before.
 *
 * @throws TypeError if `drainMs` is not a whole number of milliseconds
 */
export function drainGrpcOnSigterm(server: Server, options: DrainOptions = {}): Drain {
  const drainMs = drainMsFrom("drainGrpcOnSigterm", options);
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  let isDraining = false;
  const onSigterm = (): void => {
    if (isDraining) return;
    isDraining = true;
    setTimeout(() => {
      server.tryShutdown(() => {
        process.removeListener("SIGTERM", onSigterm);
        finish();
      });
    }, drainMs);
  };
  process.on("SIGTERM", onSigterm);
  return { finished, remove: () => void process.removeListener("SIGTERM", onSigterm) };
}
