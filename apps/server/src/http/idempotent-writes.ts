import { hashJson, type Json, StoaError } from "@stoa/protocol";
import { claimIdempotencyKey, keepIdempotentAnswer, releaseIdempotencyKey } from "@stoa/store";
import type { FastifyRequest } from "fastify";
import type { App } from "./app.ts";
import type { HttpContext } from "./http-context.ts";
import { PROBLEM_TYPE } from "./problem.ts";

const MAX_KEY_LENGTH = 255;
/** A larger answer is not kept. */
const MAX_ANSWER_LENGTH = 1 << 20;
const WRITES = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/**
 * Answers a write that comes again under the same Idempotency-Key as it was answered the first time, without doing it
 * again. Keys are an account's own, and good for a day. What failed through no fault of the caller's may be tried again
 * under the same key. Answers that are not to be kept anywhere, new keys among them, are not kept here either.
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
export function addIdempotentWrites(app: App, { database, log }: Pick<HttpContext, "database" | "log">): void {
  app.decorateRequest("claimedKey", null);

  app.addHook("preHandler", async (request, reply) => {
    const key = keyOf(request);
    // What comes as bytes is known by its hash, and stored once whatever happens.
    if (key === null || !request.principal || Buffer.isBuffer(request.body) || isStream(request.body)) return;
    const { accountId } = request.principal;
    const requestHash = hashJson([request.method, request.url, (request.body ?? null) as Json]);
    const claim = await claimIdempotencyKey(database, { accountId, key, requestHash, now: Date.now() });
    if (claim.isOurs) {
      request.claimedKey = { accountId, key };
      return;
    }
    if (claim.requestHash !== requestHash)
      throw new StoaError("idempotency_conflict", `the Idempotency-Key ${key} came with another request before`);
    if (claim.answer === null)
      throw new StoaError("idempotency_in_progress", `the request under the Idempotency-Key ${key} is worked on`);
    const { status, body } = claim.answer;
    if (body === null && status !== 204)
      throw new StoaError(
        "idempotency_conflict",
        `the request under the Idempotency-Key ${key} was answered ${status} before, and the answer was not kept`,
      );
    reply.code(status).header("idempotency-replayed", "true");
    if (body !== null) reply.type(status >= 400 ? PROBLEM_TYPE : "application/json; charset=utf-8");
    return reply.send(body);
  });

  app.addHook("onSend", async ({ claimedKey }, reply, payload) => {
    if (claimedKey === null) return payload;
    const isKept = typeof payload === "string" && payload.length <= MAX_ANSWER_LENGTH && !isSecret(reply);
    const { statusCode: status } = reply;
    try {
      if (status >= 500 || status === 429) await releaseIdempotencyKey(database, claimedKey);
      else await keepIdempotentAnswer(database, { ...claimedKey, status, body: isKept ? payload : null });
    } catch (error) {
      // The write stands whatever becomes of its key.
      log.warn({ err: error }, "an answer could not be kept under its Idempotency-Key");
    }
    return payload;
  });
}

function keyOf({ method, headers }: FastifyRequest): string | null {
  const key = headers["idempotency-key"];
  if (key === undefined || !WRITES.has(method)) return null;
  if (typeof key !== "string" || key.length === 0 || key.length > MAX_KEY_LENGTH)
    throw new StoaError("invalid_request", `the Idempotency-Key must be one text of 1 to ${MAX_KEY_LENGTH} characters`);
  return key;
}

function isSecret(reply: { getHeader(name: string): unknown }): boolean {
  const caching = reply.getHeader("cache-control");
  return typeof caching === "string" && caching.includes("no-store");
}

function isStream(body: unknown): boolean {
  return typeof (body as { pipe?: unknown } | null)?.pipe === "function";
}
