import { type ErrorCode, errorCodes, type Problem, StoaError } from "@stoa/protocol";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";

export const PROBLEM_TYPE = "application/problem+json";

/** Seconds a client should wait before it tries again what failed through no fault of its own. */
const RETRY_AFTER_SECONDS = 1;

/** What the framework refuses by itself, in our words. */
const frameworkCodes: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: "malformed_json",
  FST_ERR_CTP_EMPTY_JSON_BODY: "malformed_json",
  FST_ERR_CTP_BODY_TOO_LARGE: "too_large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "invalid_request",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "invalid_request",
  FST_ERR_BAD_URL: "not_found",
  FST_ERR_MAX_PARAM_LENGTH: "not_found",
};

/** The problem document (RFC 9457) of an error. */
export function toProblem(error: StoaError, requestId: string): Problem {
  const { status, title, remedy } = error.definition;
  return {
    type: error.docs,
    title,
    status,
    detail: error.message,
    code: error.code,
    remedy,
    instance: requestId,
    ...(error.details && { details: error.details }),
  };
}

/** An error as ours: what nobody foresaw becomes `internal`, and says nothing of what happened. */
export function toStoaError(error: unknown): StoaError {
  if (error instanceof StoaError) return error;
  const { code, statusCode, message } = error as Partial<FastifyError>;
  const known = code === undefined ? undefined : frameworkCodes[code];
  if (known) return new StoaError(known, message ?? errorCodes[known].title, { cause: error });
  if (error instanceof SyntaxError && statusCode === 400)
    return new StoaError("malformed_json", error.message, { cause: error });
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new StoaError(statusCode === 404 ? "not_found" : "invalid_request", message ?? "the request is not valid", {
      cause: error,
    });
  }
  return new StoaError("internal", "the request failed for a reason of ours", { cause: error });
}

/** Answers an error: the one place where errors become HTTP. */
export async function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const stoaError = toStoaError(error);
  const problem = toProblem(stoaError, request.id);
  if (problem.status >= 500) request.log.error({ err: error, code: stoaError.code }, "request failed");
  if (stoaError.definition.kind === "retry" && !reply.hasHeader("retry-after"))
    reply.header("retry-after", stoaError.details?.["retryAfterSeconds"] ?? RETRY_AFTER_SECONDS);
  if (problem.status === 401) reply.header("www-authenticate", "Bearer");
  return reply.status(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
}
