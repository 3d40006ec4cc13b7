// What stands for the image of a service that calls others: says hello, and calls whom it is told to.
import { Resolver } from "node:dns/promises";
import { createServer, request } from "node:http";
import { isIP } from "node:net";
import process from "node:process";
import { URL } from "node:url";

const { HOST, PORT, OTHER_PORT, DNS_SERVER } = process.env;

async function call({ searchParams }) {
  const [host, port] = ["host", "port"].map((name) => searchParams.get(name));
  let address = host;
  if (!isIP(host)) {
    const resolver = new Resolver();
    resolver.setServers([DNS_SERVER]);
    [address] = await resolver.resolve4(host);
  }
  return await new Promise((resolve, reject) => {
    const asked = request({ host: address, port, agent: false, timeout: 10_000 }, (response) => {
      let text = "";
      response.on("data", (chunk) => (text += chunk));
      response.on("end", () => resolve(text));
    });
    asked.on("timeout", () => asked.destroy(new Error("no answer")));
    asked.on("error", reject);
    asked.end();
  });
}

const server = (port) =>
  createServer((asked, response) => {
    const url = new URL(asked.url, "http://caller");
    if (url.pathname !== "/call") return response.end(`hello ${asked.socket.remoteAddress}`);
    call(url).then(
      (text) => response.end(text),
      (error) => response.end(error.code ?? error.message),
    );
  }).listen(Number(port), HOST);

server(PORT);
if (OTHER_PORT) server(OTHER_PORT);
process.on("SIGTERM", () => process.exit(0));
