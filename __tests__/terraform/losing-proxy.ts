import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Stands before the emulator, and loses the first answer to an action of AWS's JSON protocol. */
export class LosingProxy {
  public static async start(endpoint: string, action: string): Promise<LosingProxy> {
    const proxy = new LosingProxy(new URL(endpoint), action);
    await new Promise<void>((resolve) => proxy.server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  /** How often the action came. */
  public calls = 0;
  private readonly server: Server;

  private constructor({ hostname, port }: URL, action: string) {
    this.server = createServer((incoming, outgoing) => {
      const isIt = String(incoming.headers["x-amz-target"]).endsWith(`.${action}`);
      if (isIt) this.calls += 1;
      const isLost = isIt && this.calls === 1;
      const { method, url: path, headers } = incoming;
      const forwarded = request({ hostname, port, method, path, headers, agent: false }, (answer) => {
        if (isLost) {
          outgoing.destroy();
          answer.resume();
          return;
        }
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      forwarded.on("error", () => outgoing.destroy());
      incoming.pipe(forwarded);
    });
  }

  public get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}
