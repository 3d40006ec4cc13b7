#!/usr/bin/env bash
# undici 7.30.2 asks a proxy for a tunnel (CONNECT host:80) even if the URL is plain http. curl sends such a request in absolute
# form instead (GET http://host/path), and that is what proxies that allow CONNECT to port 443 only let through.
# A download or a service call over http that works with curl can so be refused by the same proxy.
# Seen with Node.js 20, undici 7.30.2 and its EnvHttpProxyAgent, HTTP_PROXY set, and curl:
#   undici: CONNECT service.internal:80
#   curl:   GET http://service.internal/
# The project's downloads use https, for which both ask for a tunnel.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund undici@7.30.2 > /dev/null

cat > proxy.mjs <<'JS'
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { once } from "node:events";
import { EnvHttpProxyAgent, fetch } from "undici";

let seen = "";
const proxy = createServer((request, response) => {
  seen = `${request.method} ${request.url}`;
  response.end("ok");
});
proxy.on("connect", ({ method, url }, socket) => {
  seen = `${method} ${url}`;
  socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
  socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"));
});
proxy.listen(0, "127.0.0.1");
await once(proxy, "listening");
const httpProxy = `http://127.0.0.1:${proxy.address().port}`;

await (await fetch("http://service.internal/", { dispatcher: new EnvHttpProxyAgent({ httpProxy, noProxy: "" }) })).text();
const undici = seen;
await new Promise((resolve) =>
  execFile("curl", ["--silent", "--noproxy", "", "--proxy", httpProxy, "http://service.internal/"], resolve),
);
console.log(`undici: ${undici}\ncurl:   ${seen}`);
proxy.close();
process.exit(undici === "CONNECT service.internal:80" && seen === "GET http://service.internal/" ? 0 : 1);
JS
timeout 60 node proxy.mjs
