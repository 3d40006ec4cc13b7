import type { AddressInfo } from "node:net";
import { createDiscoveryDispatcher } from "ecs-discovery-client";
import type { FastifyInstance } from "fastify";
import { buildApp } from "../src/app.js";
import { type Configuration, readConfiguration } from "../src/configuration.js";
import type { FakeStockService } from "./fake-stock-service.js";

/** Where tests of this service listen; stock-service is elsewhere on loopback. */
export const HOST = "127.0.0.4";

/** All that bodies of any answer may have; a test that looks for what is not there fails. */
export interface Body {
  readonly type: string;
  readonly detail: string;
  readonly requestId: string;
  readonly errors: readonly { readonly pointer: string }[];
  readonly parameters: Readonly<Record<string, number>>;
  readonly items: readonly { readonly close: number; readonly signals: readonly unknown[] }[];
  readonly counts: { readonly quotes: number; readonly buy: number; readonly sell: number };
  readonly openapi: string;
  readonly paths: Readonly<Record<string, { get: Operation }>>;
}

interface Operation {
  readonly parameters: readonly { readonly name: string }[];
  readonly responses: Readonly<Record<string, { content: object }>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly type: string | null;
  readonly text: string;
  readonly json: Body;
  readonly ms: number;
}

const running: Service[] = [];

/** The service on a real socket, with these fakes as the addresses that discovery finds. */
export class Service {
  public readonly logs: Record<string, unknown>[] = [];

  private constructor(
    public readonly app: FastifyInstance,
    logs: Record<string, unknown>[],
  ) {
    this.logs = logs;
  }

  public static async start(
    fakes: readonly Pick<FakeStockService, "address">[] | (() => Promise<never>),
    overrides: Partial<Configuration> = {},
  ): Promise<Service> {
    const logs: Record<string, unknown>[] = [];
    const configuration: Configuration = {
      ...readConfiguration({ STOCK_SERVICE_URL: "http://stock-service.trading-platform.local" }),
      requestTimeoutMs: 5000,
      attemptTimeoutMs: 1000,
      ...overrides,
    };
    const dispatcher = createDiscoveryDispatcher({
      headersTimeoutMs: configuration.attemptTimeoutMs,
      resolver:
        typeof fakes === "function"
          ? fakes
          : () => Promise.resolve(fakes.map(({ address: { address, port } }) => ({ address, port }))),
    });
    const app = await buildApp({
      configuration,
      dispatcher,
      logStream: { write: (line) => logs.push(JSON.parse(line) as Record<string, unknown>) },
    });
    await app.listen({ host: HOST, port: 0 });
    const service = new Service(app, logs);
    running.push(service);
    return service;
  }

  public get url(): string {
    return `http://${HOST}:${(this.app.server.address() as AddressInfo).port}`;
  }

  public async get(path: string, init: RequestInit = {}): Promise<Answer> {
    const begun = performance.now();
    const response = await fetch(`${this.url}${path}`, init);
    const text = await response.text();
    const type = response.headers.get("content-type");
    const json = (type?.includes("json") === true ? JSON.parse(text) : {}) as Body;
    const ms = performance.now() - begun;
    return { status: response.status, headers: response.headers, type, text, json, ms };
  }

  /** `GET /api/v1/signals/TICKER_1` with this query. */
  public signals(query: string, init?: RequestInit): Promise<Answer> {
    return this.get(`/api/v1/signals/TICKER_1?${query}`, init);
  }

  /** Ends every service that a test file has started, also those of tests that failed. */
  public static async stopAll(): Promise<void> {
    for (const { app } of running.splice(0)) {
      app.server.closeAllConnections();
      await app.close();
    }
  }
}

/** Waits until something is so; fails after ten seconds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  for (const end = Date.now() + 10_000; !condition();) {
    if (Date.now() > end) throw new Error(`not within 10 s: ${what}`);
    await sleep(10);
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
