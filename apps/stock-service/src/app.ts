import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import swagger from "@fastify/swagger";
import Fastify, { LogController, type FastifyInstance } from "fastify";
import type { LogLevel } from "./configuration.js";
import type { Database } from "./database.js";
import { Problem, problemDocument, sendProblem, type ProblemName } from "./problem.js";
import { Quotes } from "./quotes.js";
import { dataRoutes } from "./routes.js";
import { FORMATS, SHARED_SCHEMAS } from "./schemas.js";
import { refuseOtherMethods, serviceRoutes } from "./service-routes.js";

export interface AppOptions {
  /** Closed with the app. */
  readonly database: Database;
  /** @default "info" */
  readonly logLevel?: LogLevel;
  /** Where the log's lines go. @default - standard output */
  readonly logStream?: { write(line: string): void };
}

/** Room for the largest batch, generously indented. */
const BODY_LIMIT = 512 * 1024;

/** A request's own id is taken over if nothing can be hidden in it. */
const REQUEST_ID = /^[\w.:/+=@-]{1,128}$/;

/**
 * The service, not yet listening.
 * @example
 * const app = await buildApp({ database: Database.open({ path: "/tmp/stock.db" }) });
 * await app.inject("/api/v1/data/TICKER_1");
 */
export async function buildApp({
  database,
  logLevel = "info",
  logStream,
}: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    logger: {
      level: logLevel,
      stream: logStream,
      base: { service: "stock-service" },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
    },
    genReqId: requestId,
    logController: new LogController({ requestIdLogLabel: "requestId" }),
    bodyLimit: BODY_LIMIT,
    // longer than callers keep an idle connection, so that none is closed just as it is used again
    keepAliveTimeout: 65_000,
    requestTimeout: 30_000,
    // when the app is closed the server has stopped already, see main.ts
    return503OnClosing: false,
    // longer than a ticker may be, so that the schema says what is wrong with a long one
    routerOptions: { maxParamLength: 500 },
    // what is sent is refused or taken as it is, never converted, cut or completed; but queries get their defaults
    ajv: {
      customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: true, formats: FORMATS },
    },
    frameworkErrors: sendProblem,
    clientErrorHandler: refuseConnection,
  });

  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler(({ method, url }) => {
    throw new Problem("unknown-path", `There is nothing at ${method} ${url.split("?", 1)[0] ?? ""}.`);
  });
  app.removeContentTypeParser("text/plain");
  app.addHook("onRequest", (request, reply, done) => {
    reply.header("x-request-id", request.id);
    done();
  });
  app.addHook("preValidation", (request, _reply, done) => {
    numberLimit(request.query);
    done();
  });
  app.addHook("onClose", () => database.close());

  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "stock-service", description: "Stock quotes.", version: "1.0.0" },
    },
    refResolver: {
      buildLocalReference: ({ $id }, _base, _fragment, index) =>
        typeof $id === "string" ? $id : `schema-${index}`,
    },
  });
  for (const schema of SHARED_SCHEMAS) app.addSchema(schema);
  dataRoutes(app, new Quotes(database));
  serviceRoutes(app, database);
  refuseOtherMethods(app);
  await app.ready();
  return app;
}

function requestId({ headers }: Pick<IncomingMessage, "headers">): string {
  const given = headers["x-request-id"];
  return typeof given === "string" && REQUEST_ID.test(given) ? given : randomUUID();
}

/** Queries are texts: `limit` is the one number in them. Nothing else is converted. */
function numberLimit(query: unknown): void {
  const values = query as { limit?: unknown };
  if (typeof values.limit === "string" && /^-?\d{1,15}$/.test(values.limit))
    values.limit = Number(values.limit);
}

/** Answers what is not even HTTP, or has not come in time. */
function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  const name: ProblemName =
    error.code === "ERR_HTTP_REQUEST_TIMEOUT"
      ? "request-timeout"
      : error.code === "HPE_HEADER_OVERFLOW"
        ? "headers-too-large"
        : "invalid-request";
  const problem = new Problem(name, "The request could not be read.");
  const body = problemDocument(problem);
  if (socket.writable) {
    socket.write(
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ""}\r\nContent-Type: application/problem+json\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  }
  socket.destroy(error);
}
