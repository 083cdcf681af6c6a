import { findUnfitText, isTooDeep, MAX_JSON_DEPTH, StoaError } from "@stoa/protocol";
import type { preValidationHookHandler } from "fastify";

/**
 * Refuses what no part of the market can take: JSON nested so deep that walking it could exhaust the stack, and text
 * that neither UTF-8 nor the database can hold (lone surrogates, the NUL character).
 */
export const refuseUnfitInput: preValidationHookHandler = (request, _reply, done) => {
  const { body, params, query, headers } = request;
  const isJson = headers["content-type"]?.includes("json") ?? false;
  if (isJson && isTooDeep(body)) {
    return done(new StoaError("invalid_request", `the body is nested more than ${MAX_JSON_DEPTH} levels deep`));
  }
  for (const [part, value] of Object.entries({ params, querystring: query, body: isJson ? body : undefined })) {
    const pointer = findUnfitText(value);
    if (pointer !== undefined) {
      return done(
        new StoaError("invalid_request", `${part} ${pointer}: the text has a NUL character or half a surrogate pair`, {
          details: { pointer },
        }),
      );
    }
  }
  done();
};
