import { randomUUID } from "node:crypto";
import swagger from "@fastify/swagger";
import { type DiscoveryDispatcher, createDiscoveryDispatcher } from "ecs-discovery-client";
import { type FastifyInstance, LogController, fastify } from "fastify";
import type { Configuration } from "./configuration.js";
import { answerErrors, answerNotFound } from "./error-handler.js";
import { addRoutes } from "./routes.js";

export interface AppOptions {
  readonly configuration: Configuration;
  /** Where requests to stock-service go. @default - the discovery client over DNS */
  readonly dispatcher?: DiscoveryDispatcher;
  /** Where the log's lines go. @default - standard output */
  readonly logStream?: { write(line: string): void };
}

/**
 * Longer than callers keep idle connections (undici 4 s, load balancers 60 s): it must be the client who closes them, or a
 * request may meet a connection that is just going away.
 */
const KEEP_ALIVE_MS = 65_000;

/** Put together, not listening yet. Closing it also closes the connections to stock-service. */
export async function buildApp({
  configuration,
  logStream,
  ...options
}: AppOptions): Promise<FastifyInstance> {
  const app = fastify({
    logger: {
      level: configuration.logLevel,
      stream: logStream,
      base: { service: "signal-processing-service" },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
    },
    genReqId: ({ headers }) => acceptableId(headers["x-request-id"]) ?? randomUUID(),
    logController: new LogController({ requestIdLogLabel: "requestId" }),
    keepAliveTimeout: KEEP_ALIVE_MS,
    // for a request to arrive in; the answer has its own deadline
    requestTimeout: 10_000,
    exposeHeadRoutes: false,
    // it is closed when its server has stopped already, see main.ts
    return503OnClosing: false,
    // longer than a ticker may be, so that the schema says what is wrong with a long one
    routerOptions: { maxParamLength: 500 },
    // What is misspelt must not be dropped as if it had not been given. Nor is anything converted: a text "Infinity" would
    // become a number that is below every maximum, as Ajv applies bounds to finite numbers alone.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, allErrors: true } },
    frameworkErrors: (error, request, reply) => void answerErrors(error, request, reply),
  });
  const dispatcher = options.dispatcher ?? discover(configuration, app);
  app.addHook("onClose", () => dispatcher.destroy());
  app.addHook("onRequest", async (request, reply) => void reply.header("x-request-id", request.id));
  app.setErrorHandler(answerErrors);
  app.setNotFoundHandler(answerNotFound);
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "signal-processing-service",
        version: "1.0.0",
        description: "Indicators and crossing signals.",
      },
    },
  });
  addRoutes(app, configuration, dispatcher);
  return app;
}

function discover(configuration: Configuration, app: FastifyInstance): DiscoveryDispatcher {
  return createDiscoveryDispatcher({
    dns: { servers: configuration.dnsServers },
    headersTimeoutMs: configuration.attemptTimeoutMs,
    // look-ups are the daily round, everything else is worth knowing
    onEvent: (event) =>
      app.log[event.type === "resolve" ? "debug" : "warn"]({ discovery: event }, event.type),
  });
}

/** A caller's id is taken over into logs and into a header of ours: short, and no characters that mean something there. */
function acceptableId(id: string | string[] | undefined): string | undefined {
  return typeof id === "string" && /^[\w.:/+=@-]{1,128}$/.test(id) ? id : undefined;
}
