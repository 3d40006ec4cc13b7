// In the place of public.ecr.aws/ecs-sample-image/hello-server: greets with the name that NAME_SERVER answers.
import { Resolver } from "node:dns/promises";
import { request } from "node:http";
import process from "node:process";
import { serve } from "./server.mjs";

const { NAME_SERVER = "", DNS_SERVER } = process.env;
const TIMEOUT_MS = 3000;

/** The DNS server that was given, where this process has no `/etc/resolv.conf` of its own; as with TTL 0, it is asked each time. */
function lookup(hostname, options, callback) {
  const resolver = new Resolver({ timeout: TIMEOUT_MS });
  resolver.setServers([DNS_SERVER]);
  resolver.resolve4(hostname).then(
    (addresses) => {
      const found = addresses.map((address) => ({ address, family: 4 }));
      if (options.all) callback(null, found);
      else callback(null, found[0].address, 4);
    },
    (error) => callback(error),
  );
}

function ask(url) {
  return new Promise((resolve, reject) => {
    const options = { agent: false, timeout: TIMEOUT_MS, ...(DNS_SERVER ? { lookup } : {}) };
    const asked = request(url, options, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => (text += chunk));
      response.on("end", () =>
        response.statusCode === 200
          ? resolve(text.trim())
          : reject(new Error(`${url} answered ${response.statusCode}`)),
      );
    });
    asked.on("timeout", () => asked.destroy(new Error(`${url} did not answer in ${TIMEOUT_MS} ms`)));
    asked.on("error", reject);
    asked.end();
  });
}

serve(async () => `Hello (from ${process.env.HOST ?? "?"}), ${await ask(NAME_SERVER)}`);
