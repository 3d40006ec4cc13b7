import { createServer } from "node:http";
import process from "node:process";

/**
 * Serves `answer()` as text on HOST and PORT, with a line of JSON for each request, and ends on SIGTERM when what it has
 * begun is answered.
 */
export function serve(answer) {
  const log = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
  const { HOST: host = "0.0.0.0", PORT: port = "3000" } = process.env;
  const server = createServer((request, response) => {
    const started = process.hrtime.bigint();
    request.resume();
    Promise.resolve()
      .then(answer)
      .then(
        (text) => ({ status: 200, text }),
        (error) => ({ status: 502, text: error instanceof Error ? error.message : String(error) }),
      )
      .then(({ status, text }) => {
        response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
        const responseTime = Number(process.hrtime.bigint() - started) / 1e6;
        log({ msg: "request completed", res: { statusCode: status }, responseTime });
      });
  });
  server.listen({ host, port: Number(port) }, () => log({ msg: `listens on ${host}:${port}` }));
  process.once("SIGTERM", () => server.close());
}
