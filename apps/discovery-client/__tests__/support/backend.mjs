// A task: an HTTP server in a process of its own, that can be killed and frozen. It tells its parent of each request
// before it answers. Arguments: address, port.
import { createServer } from "node:http";
import process from "node:process";
import { setTimeout } from "node:timers";
import { URL } from "node:url";

const [address, port] = process.argv.slice(2);

const server = createServer((request, response) => {
  process.send({ id: request.headers["x-id"] ?? "", method: request.method });
  const url = new URL(request.url, "http://task");
  const wait = Number(url.searchParams.get("wait") ?? 0);
  request.resume().on("end", () => {
    setTimeout(() => response.end(address), wait);
  });
});
server.keepAliveTimeout = 65_000;
server.listen(Number(port), address, () => process.send("listening"));
process.on("disconnect", () => process.exit());
