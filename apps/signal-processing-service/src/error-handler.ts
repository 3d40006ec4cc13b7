import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { CallerGone } from "./deadline.js";
import { PROBLEM_JSON, type Finding, Problem } from "./problem.js";
import { badRequest } from "./signal-query.js";

/** Answers every error with a problem document. */
export function answerErrors(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  // nobody reads the answer; 499 is what nginx calls this in its logs
  if (error instanceof CallerGone) return reply.code(499).send();
  const problem = toProblem(error);
  if (problem.status >= 500) request.log.error({ err: error }, "request failed");
  return answer(problem, request, reply);
}

export function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return answer(
    new Problem({
      status: 404,
      kind: "unknown-path",
      detail: `there is no ${request.method} at this path; see /openapi.json`,
    }),
    request,
    reply,
  );
}

function answer(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (problem.retryAfter !== undefined) reply.header("retry-after", problem.retryAfter);
  return reply
    .code(problem.status)
    .type(PROBLEM_JSON)
    .serializer(JSON.stringify)
    .send(problem.toDocument(request.id));
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { statusCode = 500, message, validation, validationContext } = error as FastifyError;
  if (validation) return badRequest(validation.map((item) => toFinding(item, validationContext)));
  // Fastify's own, such as for a path that is no URL
  if (statusCode >= 400 && statusCode < 500)
    return new Problem({ status: statusCode, kind: "invalid-request", detail: message });
  // an error of ours: what it says is for the logs
  return new Problem({
    status: 500,
    kind: "internal-error",
    detail: "something went wrong here; the log has it under the request's id",
  });
}

type SchemaError = NonNullable<FastifyError["validation"]>[number];

const PARTS = { params: "path", querystring: "query", headers: "header" } as const;

function toFinding(error: SchemaError, context: string | undefined): Finding {
  const { instancePath, keyword, params, message = "is wrong" } = error;
  const named = params.missingProperty ?? params.additionalProperty;
  const at = {
    in: PARTS[context as keyof typeof PARTS],
    pointer: `#${typeof named === "string" ? `/${named}` : instancePath}`,
  };
  if (keyword === "required") return { ...at, detail: "is missing" };
  if (keyword === "additionalProperties") return { ...at, detail: "is not known" };
  if (keyword === "enum") return { ...at, detail: `must be one of ${String(params.allowedValues)}` };
  return { ...at, detail: message };
}
