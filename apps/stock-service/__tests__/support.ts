import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import SQLite from "libsql";
import type { FastifyInstance, LightMyRequestResponse } from "fastify";
import { buildApp, type AppOptions } from "../src/app.js";
import { pragma } from "../src/connection.js";
import { Database } from "../src/database.js";
import type { Quote } from "../src/quotes.js";

export const APP = join(__dirname, "..");
export const TICKER = "/api/v1/data/TICKER_1";

const undo: (() => void | Promise<void>)[] = [];

/** Ends and removes everything that the functions here have started and made. */
export async function cleanUp(): Promise<void> {
  for (const step of undo.splice(0).reverse()) await step();
}

/**
 * In memory where that is possible: SQLite does there all that it does on a disk, and tests need not wait for one. What
 * a killed process has written stays, as it does in the page cache.
 */
const TEMPORARY = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** A folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(TEMPORARY, "stock-service-"));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const temporaryFile = (): string => join(temporaryFolder(), "stock.db");

export interface TestApp {
  readonly app: FastifyInstance;
  readonly path: string;
  /** What was logged. */
  readonly lines: Record<string, unknown>[];
}

/** An app on a file of its own. */
export async function temporaryApp(
  options: Partial<AppOptions> & { path?: string; busyMs?: number } = {},
): Promise<TestApp> {
  const path = options.path ?? temporaryFile();
  const lines: Record<string, unknown>[] = [];
  const app = await buildApp({
    database: Database.open({ path, busyMs: options.busyMs }),
    logStream: { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
    ...options,
  });
  undo.push(() => app.close());
  return { app, path, lines };
}

/** A good quote, or one with something wrong in it. */
export const quote = (timestamp: string, more: Record<string, unknown> = {}): Quote => ({
  timestamp,
  open: 100,
  high: 102.5,
  low: 99.5,
  close: 101.25,
  volume: 1000,
  ...more,
});

/** Quotes of one minute after the other. */
export const minutes = (count: number, first = Date.UTC(2025, 0, 1)): Quote[] =>
  Array.from({ length: count }, (_, index) => quote(new Date(first + index * 60_000).toISOString()));

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- says what the test expects
export const json = <Body>(response: LightMyRequestResponse): Body => response.json<Body>();

/** All rows, read by another connection; also an integrity check. */
export function stored(path: string): unknown[] {
  const connection = new SQLite(path, { timeout: 5000 });
  try {
    expect(pragma(connection, "integrity_check")).toBe("ok");
    return connection.prepare("SELECT * FROM quotes ORDER BY ticker, timestamp").all();
  } finally {
    connection.close();
  }
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program of the app as a process of its own. */
export class Program {
  public readonly process: ChildProcess;
  public readonly finished: Promise<Finished>;
  #stdout = "";
  #stderr = "";

  public constructor(name: string, environment: Record<string, string>) {
    this.process = spawn(process.execPath, ["--import", "tsx", `src/${name}.ts`], {
      cwd: APP,
      env: { PATH: process.env.PATH, HOST: "127.0.0.1", PORT: "0", DRAIN_SECONDS: "0", ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.process.stdout?.on("data", (chunk) => (this.#stdout += String(chunk)));
    this.process.stderr?.on("data", (chunk) => (this.#stderr += String(chunk)));
    this.finished = once(this.process, "close").then(([code]) => ({
      code: code as number | null,
      stdout: this.#stdout,
      stderr: this.#stderr,
    }));
    undo.push(async () => {
      this.process.kill("SIGKILL");
      await this.finished;
    });
  }

  /** Where the service listens, as soon as it says so. */
  public async url(): Promise<string> {
    for (;;) {
      const [url] = /http:\/\/127\.[\d.]+:\d+/.exec(this.#stdout) ?? [];
      if (url !== undefined) return url;
      const chunk = this.process.stdout ? once(this.process.stdout, "data").then(() => undefined) : undefined;
      const finished = await Promise.race([chunk, this.finished]);
      if (finished) throw new Error(`ended with ${finished.code ?? "a signal"}: ${finished.stderr}`);
    }
  }
}

/** Starts the service and waits until it listens. */
export async function startService(
  environment: Record<string, string>,
): Promise<{ service: Program; url: string }> {
  const service = new Program("main", environment);
  return { service, url: await service.url() };
}

/** Sends quotes over a real socket; returns the status. */
export async function send(method: "POST" | "PUT", url: string, quotes: readonly Quote[]): Promise<number> {
  const response = await fetch(url, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ quotes }),
  });
  await response.arrayBuffer();
  return response.status;
}
