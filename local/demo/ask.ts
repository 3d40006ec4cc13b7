import { request } from "node:http";
import type { LocalPlatform } from "../platform/platform";

export interface Reply {
  readonly status: number;
  readonly body: string;
  /** Of the task that answered. */
  readonly address: string;
}

const TIMEOUT_MS = 15_000;

/** Sends a request to a URL whose host is a name of Cloud Map. @throws Error where there is no such name, or no answer */
export async function ask(
  platform: LocalPlatform,
  method: "GET" | "PUT",
  url: URL,
  body?: unknown,
): Promise<Reply> {
  const address = await addressOf(platform, url.hostname);
  const json = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        method,
        host: address,
        port: url.port || 80,
        path: url.pathname + url.search,
        agent: false,
        timeout: TIMEOUT_MS,
        headers: {
          host: url.host,
          ...(json === undefined
            ? {}
            : { "content-type": "application/json", "content-length": Buffer.byteLength(json) }),
        },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (text += chunk));
        response.on("error", reject);
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text, address }));
      },
    );
    asked.on("timeout", () =>
      asked.destroy(new Error(`${url.href} did not answer in ${TIMEOUT_MS / 1000} s`)),
    );
    asked.on("error", reject);
    asked.end(json);
  });
}

/** One of the addresses that DNS answers. */
export async function addressOf(platform: LocalPlatform, name: string): Promise<string> {
  const { status, lines } = await platform.dig(name, "A");
  const address = lines[0]?.split(/\s/).at(-1);
  if (address === undefined) throw new Error(`DNS has no address of ${name}: ${status}`);
  return address;
}
