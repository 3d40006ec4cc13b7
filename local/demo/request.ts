import { request, type Agent } from "node:http";

export interface TaskRequest {
  readonly method?: "GET" | "PUT";
  readonly url: URL;
  /** Of the task that it goes to, whatever the URL's host. */
  readonly address: string;
  /** @default - a connection of its own */
  readonly agent?: Agent;
  /** Is sent as JSON. @default - none */
  readonly body?: unknown;
}

const TIMEOUT_MS = 15_000;

/** Sends a request to one task. @throws Error where it is not answered to the end, or not in time */
export function send({ method = "GET", url, address, agent, body }: TaskRequest): Promise<{
  readonly status: number;
  readonly body: string;
}> {
  const json = body === undefined ? undefined : JSON.stringify(body);
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(json ?? "") };
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        method,
        host: address,
        port: url.port || 80,
        path: url.pathname + url.search,
        agent: agent ?? false,
        timeout: TIMEOUT_MS,
        headers: { host: url.host, ...(json === undefined ? {} : headers) },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (text += chunk));
        response.on("error", reject);
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
      },
    );
    asked.on("timeout", () =>
      asked.destroy(new Error(`${url.href} did not answer in ${TIMEOUT_MS / 1000} s`)),
    );
    asked.on("error", reject);
    asked.end(json);
  });
}
