import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "../../apps/discovery-client/__tests__/support/task.js";
import { listens } from "../../local/still-there";

/** A program between the caller and the tasks, as an internal load balancer is: one more hop. */
export interface Proxy {
  readonly name: string;
  readonly origin: string;
}

interface Program {
  readonly command: string;
  readonly args: (folder: string) => readonly string[];
  readonly configuration: (folder: string, port: number, tasks: readonly string[]) => string;
}

/** Both ask another task where one does not answer, after a second at most, as the clients beside them do. */
const PROGRAMS: Readonly<Record<string, Program>> = {
  nginx: {
    command: "nginx",
    args: (folder) => ["-p", folder, "-c", join(folder, "nginx.conf"), "-e", "stderr"],
    configuration: (folder, port, tasks) => `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr crit;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  upstream tasks {
    least_conn;
    ${tasks.map((task) => `server ${task} max_fails=1 fail_timeout=5s;`).join("\n    ")}
    keepalive 64;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://tasks;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_connect_timeout 1s;
      proxy_read_timeout 1s;
      proxy_next_upstream error timeout;
    }
  }
}
`,
  },
  haproxy: {
    command: "haproxy",
    args: (folder) => ["-db", "-q", "-f", join(folder, "haproxy.conf")],
    configuration: (_, port, tasks) => `
global
  maxconn 1024
  nbthread 1
defaults
  mode http
  balance leastconn
  timeout client 30s
  timeout connect 1s
  timeout server 1s
  retries 2
  option redispatch 1
  retry-on conn-failure empty-response response-timeout
  http-reuse always
frontend callers
  bind 127.0.0.1:${port}
  default_backend tasks
backend tasks
  option httpchk GET /
  default-server check inter 1s fall 2 rise 1
  ${tasks.map((task, index) => `server task${index} ${task}`).join("\n  ")}
`,
  },
};

/** Those proxies that are installed (Debian: `apt-get install nginx-light haproxy`), started for the tasks given. */
export class Proxies {
  public static async start(tasks: readonly string[]): Promise<Proxies> {
    const proxies = new Proxies();
    for (const [name, program] of Object.entries(PROGRAMS)) {
      if (spawnSync(program.command, ["-v"]).error) {
        process.stderr.write(`${name} is not installed and is left out\n`);
        continue;
      }
      await proxies.add(name, program, tasks);
    }
    return proxies;
  }

  public readonly all: Proxy[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), "bench-proxies-"));
  private readonly processes: ChildProcess[] = [];

  public async stop(): Promise<void> {
    for (const child of this.processes) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async add(name: string, program: Program, tasks: readonly string[]): Promise<void> {
    const port = await freePort(["127.0.0.1"]);
    writeFileSync(join(this.folder, `${name}.conf`), program.configuration(this.folder, port, tasks));
    this.processes.push(
      spawn(program.command, program.args(this.folder), { stdio: ["ignore", "ignore", "inherit"] }),
    );
    while (!(await listens("127.0.0.1", port))) await delay(50);
    this.all.push({ name, origin: `http://127.0.0.1:${port}` });
  }
}
