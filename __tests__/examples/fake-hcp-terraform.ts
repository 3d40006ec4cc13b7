import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export const TOKEN = "abcDEF123.atlasv1.thisMustNeverBePrinted";
const RUN = "run-CZcmD7eagjhyX0vN";

/** How this HCP Terraform behaves. */
export interface Behaviour {
  /** Statuses that the run has, one for each look at it; the last one stays. */
  readonly statuses: readonly string[];
  readonly uploadStatus?: number;
  readonly configurationStatus?: "uploaded" | "errored" | "pending";
  readonly isConfirmable?: boolean;
  readonly hasChanges?: boolean;
  /** The first look at the run is turned away with this. */
  readonly busy?: number;
  readonly createRunStatus?: number;
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Buffer;
}

/** As much of HCP Terraform's API as one run needs, on a loopback address. */
export class FakeHcpTerraform {
  public static async start(behaviour: Behaviour): Promise<FakeHcpTerraform> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new FakeHcpTerraform(server, behaviour);
  }

  public readonly requests: Request[] = [];
  private looks = 0;

  private constructor(
    private readonly server: Server,
    private readonly behaviour: Behaviour,
  ) {
    server.on("request", (request, response) => void this.answer(request, response));
  }

  public get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** `POST /api/v2/runs` and so on, in order. */
  public get calls(): string[] {
    return this.requests.map(({ method, path }) => `${method} ${path}`);
  }

  /** The body of the one request of that method and path. */
  public body(call: string): Buffer {
    const found = this.requests.find(({ method, path }) => `${method} ${path}` === call);
    if (found === undefined) throw new Error(`no ${call} among:\n${this.calls.join("\n")}`);
    return found.body;
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = "", url: path = "" } = request;
    const { authorization } = request.headers;
    this.requests.push({ method, path, authorization, body: Buffer.concat(chunks) });
    const [status, body] = this.handle(`${method} ${path.replace(/\?.*$/, "")}`, authorization);
    const headers: Record<string, string> = { "content-type": "application/vnd.api+json" };
    if (status === 429) headers["retry-after"] = "0";
    response.writeHead(status, headers).end(body === undefined ? "" : JSON.stringify(body));
  }

  private handle(call: string, authorization: string | undefined): [number, unknown?] {
    const { uploadStatus = 200, configurationStatus = "uploaded", createRunStatus = 201 } = this.behaviour;
    // whoever has the address may write there
    if (call === "PUT /upload/secret-address") return [uploadStatus];
    if (authorization !== `Bearer ${TOKEN}`) return [401, error("unauthorized")];
    const configuration = (status: string): unknown => ({
      data: {
        id: "cv-UYwHEakurukz85nW",
        attributes: {
          status,
          "upload-url": `${this.address}/upload/secret-address`,
          "error-message": status === "errored" ? "not a tar" : null,
        },
      },
    });
    switch (call) {
      case "GET /api/v2/organizations/my-organization/workspaces/trading-platform-production":
        return [200, { data: { id: "ws-noZcaGXsac6aZSJR" } }];
      case "POST /api/v2/workspaces/ws-noZcaGXsac6aZSJR/configuration-versions":
        return [201, configuration("pending")];
      case "GET /api/v2/configuration-versions/cv-UYwHEakurukz85nW":
        return [200, configuration(configurationStatus)];
      case "POST /api/v2/runs":
        return createRunStatus === 201
          ? [201, this.run("pending")]
          : [createRunStatus, error("unprocessable", "the workspace is locked")];
      case `GET /api/v2/runs/${RUN}`:
        return this.look();
      case `POST /api/v2/runs/${RUN}/actions/apply`:
        return [202];
    }
    return [404, error("not found")];
  }

  private look(): [number, unknown?] {
    const { statuses, busy } = this.behaviour;
    const look = this.looks++;
    if (busy !== undefined && look === 0) return [busy, error("too many requests")];
    return [200, this.run(statuses[Math.min(look, statuses.length - 1)] ?? "pending")];
  }

  private run(status: string): unknown {
    const { isConfirmable = true, hasChanges = true } = this.behaviour;
    return {
      data: {
        id: RUN,
        attributes: { status, "has-changes": hasChanges, actions: { "is-confirmable": isConfirmable } },
      },
      included: [
        {
          type: "plans",
          attributes: { "resource-additions": 3, "resource-changes": 1, "resource-destructions": 0 },
        },
      ],
    };
  }
}

function error(title: string, detail?: string): unknown {
  return { errors: [{ title, detail }] };
}
