import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { EnvHttpProxyAgent, fetch, type Response } from "undici";
import type { Report } from "./report";

export interface DownloadOptions {
  readonly url: string;
  /** SHA-256 of the file, in hexadecimal. */
  readonly sha256: string;
  /** Path of the file to write. It must not exist. */
  readonly to: string;
  readonly report: Report;
  /** Milliseconds without an answer, or without a further byte, after which the download is given up. @default 30,000 */
  readonly patience?: number;
  readonly signal?: AbortSignal;
}

/**
 * Downloads a file and checks it. Proxies are taken from HTTPS_PROXY, HTTP_PROXY and NO_PROXY, and further certificate
 * authorities from NODE_EXTRA_CA_CERTS.
 *
 * @throws Error that says why there is no file, or why the file is not the right one; whoever calls removes the file then
 */
export async function download(options: DownloadOptions): Promise<void> {
  const { url, sha256, to, report, patience = 30_000, signal } = options;
  const stalled = new AbortController();
  // undici's own timeouts do not end the attempts to reach a host through a proxy that hangs up
  const timer = setTimeout(
    () => stalled.abort(new Error(`the server sent nothing for ${patience / 1000} s`)),
    patience,
  );
  const dispatcher = new EnvHttpProxyAgent();
  const ended = AbortSignal.any(signal ? [signal, stalled.signal] : [stalled.signal]);
  try {
    const response = await fetch(url, { dispatcher, signal: ended });
    const { ok, status, body } = response;
    if (!ok || body === null) throw new Error(`the server answered with status ${status}`);
    const found = await write(body, to, (bytes) => {
      timer.refresh();
      report.progress(bytes, lengthOf(response));
    });
    if (found !== sha256)
      throw new Error(
        `the file has the SHA-256 ${found}, not ${sha256}: it is not the one that was released`,
      );
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    const cause: unknown = stalled.signal.aborted ? stalled.signal.reason : error;
    throw new Error(`${url} could not be downloaded: ${reason(cause)}`, { cause });
  } finally {
    clearTimeout(timer);
    await dispatcher.destroy();
  }
}

/** Bytes of the body. NaN if the server does not say. */
function lengthOf({ headers }: Response): number {
  return Number(headers.get("content-length") ?? Number.NaN);
}

/** Writes a body to a file, tells after each chunk how many bytes there are, and returns the SHA-256 of all. */
async function write(body: ReadableStream, to: string, tell: (bytes: number) => void): Promise<string> {
  const hash = createHash("sha256");
  let bytes = 0;
  await pipeline(
    Readable.fromWeb(body),
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        bytes += chunk.length;
        tell(bytes);
        yield chunk;
      }
    },
    createWriteStream(to, { flags: "wx" }),
  );
  return hash.digest("hex");
}

function reason(error: unknown): string {
  const { code, message, cause } = error as NodeJS.ErrnoException & { readonly cause?: unknown };
  if (code === "ENOSPC") return "there is no space left on the disk";
  // undici wraps what happened: "fetch failed", "terminated"
  if (cause !== undefined) return reason(cause);
  return message === "" ? (code ?? String(error)) : message;
}
