// What stands for a container image in the tests: a server that says who it is, and does what it is told.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import process from "node:process";
import { URL } from "node:url";

const { HOST, PORT, TMPDIR, DATA = "", IGNORE_SIGTERM } = process.env;

const deeds = {
  "/sick": () => writeFileSync(`${TMPDIR}/sick`, ""),
  "/write": (value) => writeFileSync(DATA, value),
  "/read": () => (existsSync(DATA) ? readFileSync(DATA, "utf8") : "nothing"),
};
createServer((request, response) => {
  const { pathname, search } = new URL(request.url, "http://web");
  const deed = deeds[pathname];
  if (deed) return response.end(String(deed(search.slice(1)) ?? ""));
  const { pid, argv, env } = process;
  response.end(
    JSON.stringify({
      pid,
      uid: process.getuid(),
      gid: process.getgid(),
      cwd: process.cwd(),
      argv: argv.slice(2),
      env,
    }),
  );
}).listen(Number(PORT), HOST, () => process.stdout.write(`listens on ${HOST}:${PORT}\n`));

process.on("SIGTERM", () => {
  process.stdout.write("SIGTERM\n");
  if (!IGNORE_SIGTERM) process.exit(0);
});
