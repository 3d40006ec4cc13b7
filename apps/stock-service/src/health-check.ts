// The container's health check, with nothing but the image's own node: node dist/health-check.js
import { request } from "node:http";

/** Less than ECS gives the command, 5 seconds unless told otherwise. */
const TIMEOUT_MS = 4000;

const port = process.env.PORT ?? "80";
const listensOn = process.env.HOST ?? "0.0.0.0";
/** Where the program listens; all addresses of the container are asked by its own. */
const hostname = { "0.0.0.0": "127.0.0.1", "::": "::1" }[listensOn] ?? listensOn;
const end = (problem?: string): never => {
  if (problem !== undefined) process.stderr.write(`${problem}\n`);
  process.exit(problem === undefined ? 0 : 1);
};

setTimeout(() => end(`no answer within ${TIMEOUT_MS} ms`), TIMEOUT_MS);
request({ hostname, port, path: "/health" }, (response) =>
  end(response.statusCode === 200 ? undefined : `status ${response.statusCode ?? ""}`),
)
  .on("error", ({ message }) => end(message))
  .end();
