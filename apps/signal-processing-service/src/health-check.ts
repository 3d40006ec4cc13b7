/**
 * The container's health check, `node dist/health-check.js`: exits with 0 if the service in the same container answers,
 * with 1 if not. An image without a shell or curl has this.
 */
import { get } from "node:http";

/** Shorter than the 5 seconds that ECS gives a check. */
const TIMEOUT_MS = 3000;

const listensOn = process.env.HOST ?? "0.0.0.0";
const host = { "0.0.0.0": "127.0.0.1", "::": "::1" }[listensOn] ?? listensOn;

const request = get({ host, port: process.env.PORT ?? 80, path: "/health" }, (response) => {
  response.resume();
  finish(response.statusCode === 200, `status ${response.statusCode}`);
});
request.on("error", (error) => finish(false, error.message));
setTimeout(() => finish(false, `no answer within ${TIMEOUT_MS} ms`), TIMEOUT_MS);

function finish(healthy: boolean, why: string): never {
  if (!healthy) console.error(why);
  process.exit(healthy ? 0 : 1);
}
