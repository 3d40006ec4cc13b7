import { Readable } from "node:stream";
import type { DiscoveryDispatcher } from "ecs-discovery-client";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Configuration } from "./configuration.js";
import { Deadline, TIMEOUT_HEADER } from "./deadline.js";
import { PARAMETERS, createIndicator } from "./indicators.js";
import { ENDPOINTS_SCHEMA, HEALTH_SCHEMA, SIGNALS_SCHEMA } from "./schemas.js";
import { writeSignals } from "./signal-document.js";
import { type SignalQuery, parametersFor } from "./signal-query.js";
import { StockClient } from "./stock-client.js";

interface SignalRequest {
  Params: { ticker: string };
  Querystring: SignalQuery;
  Headers: { [TIMEOUT_HEADER]?: number };
}

/** The service's paths. */
export function addRoutes(
  app: FastifyInstance,
  configuration: Configuration,
  dispatcher: DiscoveryDispatcher,
): void {
  const client = new StockClient({
    baseUrl: configuration.stockServiceUrl,
    dispatcher,
    bodyTimeoutMs: configuration.attemptTimeoutMs,
    pageSize: configuration.pageSize,
  });

  app.get<SignalRequest>(
    "/api/v1/signals/:ticker",
    { schema: SIGNALS_SCHEMA, preValidation: readNumbers },
    async (request, reply) => {
      const { query, params } = request;
      const parameters = parametersFor(query);
      const deadline = startDeadline(request, reply, configuration.requestTimeoutMs);
      const pages = client.quotes(
        { ticker: params.ticker, from: query.from, to: query.to },
        {
          deadline,
          requestId: request.id,
          onRetry: (failure) => request.log.warn({ err: failure }, "asking stock-service again"),
        },
      );
      const indicator = createIndicator(query.indicator, parameters);
      const head = { ticker: params.ticker, indicator: query.indicator, parameters };
      const pieces = writeSignals(head, pages, indicator, query.only);
      // whatever is wrong until here is told by a problem document, what goes wrong later by a broken connection
      const first = await pieces.next();
      const body = Readable.from(first.done ? [] : resume(first.value, pieces));
      // the reader may be the one who is too slow: nothing is being awaited then that could notice
      deadline.signal.addEventListener("abort", () => body.destroy(deadline.signal.reason as Error));
      return reply.type("application/json; charset=utf-8").send(body);
    },
  );

  // Alive means able to answer at all. Were stock-service's state part of it, its outage would make ECS replace every
  // task of this service as well, and the new ones would be no better.
  app.get("/health", { schema: HEALTH_SCHEMA, logLevel: "warn" }, () => ({ status: "ok" }));

  app.get("/api/v1/endpoints", { schema: ENDPOINTS_SCHEMA }, () => {
    const { hostname } = configuration.stockServiceUrl;
    return { hostname, endpoints: dispatcher.endpoints(hostname) };
  });

  app.get("/openapi.json", { schema: { hide: true } }, () => app.swagger());
}

/** Makes numbers of the texts that are numbers, plainly written; for the others the schema says what is wrong. */
function readNumbers(
  { query, headers }: FastifyRequest<SignalRequest>,
  _reply: unknown,
  done: () => void,
): void {
  convert(query as unknown as Record<string, unknown>, Object.keys(PARAMETERS));
  convert(headers, [TIMEOUT_HEADER]);
  done();
}

function convert(record: Record<string, unknown>, names: readonly string[]): void {
  for (const name of names) {
    const text = record[name];
    if (typeof text === "string" && /^-?\d{1,15}(\.\d{1,15})?$/.test(text)) record[name] = Number(text);
  }
}

/** The sooner of what the caller and what the service allows. It ends with the answer, or with the caller's connection. */
function startDeadline(
  request: FastifyRequest<SignalRequest>,
  reply: FastifyReply<SignalRequest>,
  limitMs: number,
): Deadline {
  const deadline = new Deadline(Math.min(limitMs, request.headers[TIMEOUT_HEADER] ?? Infinity));
  reply.raw.once("close", () => deadline.cancel());
  return deadline;
}

async function* resume<T>(first: T, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  yield first;
  yield* rest;
}
