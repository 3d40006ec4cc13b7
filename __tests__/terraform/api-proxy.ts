import { createServer, request, Agent, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface ApiProxyOptions {
  /** A call whose first answer is lost, for example `ecs CreateService`. @default - none */
  readonly losesAnswerTo?: string;
}

/** Stands before the emulator and counts the calls of AWS's API that come through. */
export class ApiProxy {
  public static async start(endpoint: string, { losesAnswerTo }: ApiProxyOptions = {}): Promise<ApiProxy> {
    const proxy = new ApiProxy(new URL(endpoint), losesAnswerTo);
    await new Promise<void>((resolve) => proxy.server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  private readonly server: Server;
  private readonly agent = new Agent({ keepAlive: true });
  private calls = new Map<string, number>();

  private constructor(
    target: URL,
    private toLose: string | undefined,
  ) {
    this.server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        const body = Buffer.concat(chunks);
        const name = nameOf(incoming.method ?? "", incoming.url ?? "", incoming.headers, body);
        this.count(name);
        const isLost = name === this.toLose;
        if (isLost) this.toLose = undefined;
        const forwarded = request(
          {
            agent: this.agent,
            host: target.hostname,
            port: target.port,
            method: incoming.method,
            path: incoming.url,
            headers: incoming.headers,
          },
          (answer) => {
            if (isLost) {
              answer.resume();
              outgoing.destroy();
              return;
            }
            outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
            answer.pipe(outgoing);
          },
        );
        forwarded.on("error", () => outgoing.destroy());
        forwarded.end(body);
      });
    });
  }

  public get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The calls since it was last asked, by service and action. */
  public take(): ReadonlyMap<string, number> {
    const { calls } = this;
    this.calls = new Map();
    return calls;
  }

  public async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    this.agent.destroy();
    await closed;
  }

  private count(name: string): void {
    this.calls.set(name, (this.calls.get(name) ?? 0) + 1);
  }
}

/** For example `ecs CreateService`, `ec2 DescribeVpcs`, or `elasticfilesystem GET file-systems`. */
function nameOf(
  method: string,
  url: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: Buffer,
): string {
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(String(headers.authorization))?.[1] ?? "?";
  const target = headers["x-amz-target"];
  if (typeof target === "string") return `${service} ${target.slice(target.lastIndexOf(".") + 1)}`;
  const action = new URLSearchParams(body.toString("utf8")).get("Action");
  if (action !== null) return `${service} ${action}`;
  const [, , resource = ""] = (url.split("?")[0] ?? "").split("/");
  return `${service} ${method} ${resource}`;
}
