import { hashJson, StoaError } from "@stoa/protocol";
import { claimIdempotencyKey } from "@stoa/store";
import type { FastifyRequest } from "fastify";
import { callerOf } from "./authenticate.ts";
import type { HttpContext } from "./http-context.ts";

const MAX_KEY_LENGTH = 255;

/**
 * Remembers which body a request's Idempotency-Key came with first. What it guards is safe to send again by itself; the
 * key says so for clients, and catches another request under the same key.
 * @throws {StoaError} `invalid_request`, `idempotency_conflict`
 */
export async function claimKey({ database }: HttpContext, request: FastifyRequest): Promise<void> {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return;
  if (typeof key !== "string" || key.length === 0 || key.length > MAX_KEY_LENGTH) {
    throw new StoaError("invalid_request", `the Idempotency-Key must be one text of 1 to ${MAX_KEY_LENGTH} characters`);
  }
  const requestHash = hashJson(request.body);
  const { accountId } = callerOf(request);
  const first = await claimIdempotencyKey(database, { accountId, key, requestHash, now: Date.now() });
  if (first !== requestHash)
    throw new StoaError("idempotency_conflict", `the Idempotency-Key ${key} came with another request before`);
}
