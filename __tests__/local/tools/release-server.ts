import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A site that releases are downloaded from, on 127.0.0.1. */
export class ReleaseServer {
  public static async start(answer: Answer): Promise<ReleaseServer> {
    const server = new ReleaseServer(answer);
    await new Promise<void>((resolve) => server.server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  /** Paths that were asked for, and hosts that it was to connect to as a proxy. */
  public readonly asked: string[] = [];
  private readonly server: Server;

  private constructor(answer: Answer) {
    this.server = createServer((request, response) => {
      this.asked.push(request.url ?? "");
      answer(request, response);
    });
    // to a proxy every host is this one
    this.server.on("connect", ({ url = "" }, socket: Socket) => {
      this.asked.push(url);
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      this.server.emit("connection", socket);
    });
  }

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
