import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Database } from "./database.js";
import { Problem } from "./problem.js";
import { TICKER_PATH } from "./routes.js";
import { healthy, problems } from "./schemas.js";

/** `/health` for whoever watches the container, and the description of the API. */
export function serviceRoutes(app: FastifyInstance, database: Database): void {
  app.get(
    "/health",
    {
      // asked every few seconds: logged only when something is wrong
      logLevel: "warn",
      schema: {
        operationId: "getHealth",
        summary: "Says whether the service and its database answer",
        description:
          "A database that another process has locked is not a failure: replacing the task would not unlock it.",
        response: { 200: healthy, ...problems({ 503: "The database cannot be used." }) },
      },
    },
    () => {
      try {
        return { status: "ok", database: database.probe() };
      } catch (error) {
        throw new Problem("database-unavailable", "The database does not answer.", {
          headers: { "retry-after": "5" },
          cause: error,
        });
      }
    },
  );

  app.get(
    "/openapi.json",
    {
      schema: {
        operationId: "getOpenApi",
        summary: "This document",
        response: { 200: { description: "OpenAPI 3.1.", type: "object", additionalProperties: true } },
      },
    },
    () => app.swagger(),
  );
}

/** Answers the methods that a path does not have with 405 instead of 404. To be called when all routes are there. */
export function refuseOtherMethods(app: FastifyInstance): void {
  for (const [url, allowed] of [
    ["/api/v1/data", ["GET", "HEAD"]],
    [TICKER_PATH, ["GET", "HEAD", "POST", "PUT", "DELETE"]],
    ["/health", ["GET", "HEAD"]],
    ["/openapi.json", ["GET", "HEAD"]],
  ] as const) {
    const allow = allowed.join(", ");
    const refuse = ({ method }: FastifyRequest): never => {
      const detail = `${method} is not possible here; possible: ${allow}.`;
      throw new Problem("method-not-allowed", detail, { headers: { allow } });
    };
    app.route({
      url,
      method: app.supportedMethods.filter((method) => !(allowed as readonly string[]).includes(method)),
      schema: { hide: true },
      // before anything is read of the body
      onRequest: refuse,
      handler: refuse,
    });
  }
}
