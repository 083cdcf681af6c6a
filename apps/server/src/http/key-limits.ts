import { type RateTier, StoaError } from "@stoa/protocol";
import type { App } from "./app.ts";
import type { HttpContext } from "./http-context.ts";
import { ALL_PER_MINUTE } from "./rate-limits.ts";

/** Of what one address may ask, how much may be asked with a key of a tier, wherever it is used. */
const SHARES: Readonly<Record<RateTier, number>> = { low: 0.1, standard: 1, high: 4 };

/** Limits how often one API key may call, by its tier; it runs once it is known whose request it is. */
export function addKeyLimits(app: App, { rateLimits = {} }: Pick<HttpContext, "rateLimits">): void {
  const { all = ALL_PER_MINUTE } = rateLimits;
  const count = app.createRateLimit({
    timeWindow: 60_000,
    keyGenerator: ({ principal }) => `key ${principal?.key?.id}`,
    max: ({ principal }) => Math.ceil(all * SHARES[principal?.key?.tier ?? "standard"]),
  });
  app.addHook("onRequest", async (request, reply) => {
    if (!request.principal?.key) return;
    const counted = await count(request);
    if (counted.isAllowed) return;
    const { max, remaining, ttlInSeconds } = counted;
    reply.header("ratelimit-limit", max).header("ratelimit-remaining", remaining);
    reply.header("ratelimit-reset", ttlInSeconds);
    if (counted.isExceeded)
      throw new StoaError("too_many_requests", `more than ${max} requests a minute with a key of this tier`, {
        details: { retryAfterSeconds: ttlInSeconds },
      });
  });
}
