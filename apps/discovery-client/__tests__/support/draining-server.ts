// A task that drains on SIGTERM, as a process of its own. Arguments: address, port, drainMs. Tells its parent of each
// request before it answers, and of its end.
import { createServer } from "node:http";
import process from "node:process";
import { drainOnSigterm } from "../../src/index.js";

const [address = "", port, drainMs] = process.argv.slice(2);
const tell = (message: object): void => void process.send?.(message);

const server = createServer((request, response) => {
  tell({ id: request.headers["x-id"] ?? "", method: request.method });
  const wait = Number(new URL(request.url ?? "/", "http://task").searchParams.get("wait"));
  request.resume().on("end", () => {
    if (wait > 0) response.write("begun ");
    setTimeout(() => response.end("done"), wait);
  });
});
server.keepAliveTimeout = 65_000;
const { finished } = drainOnSigterm(server, { drainMs: Number(drainMs) });
void finished.then(() => {
  tell({ cleanedUp: true });
  // the channel to the parent would keep the process
  process.disconnect();
});
server.listen(Number(port), address, () => tell({ listening: true }));
