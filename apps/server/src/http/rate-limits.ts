import rateLimit from "@fastify/rate-limit";
import { StoaError } from "@stoa/protocol";
import type { App } from "./app.ts";
import type { HttpContext } from "./http-context.ts";

/** Requests one address may make a minute. */
const ALL_PER_MINUTE = 12_000;
/** Sign-ins, refreshes and nonces one address may ask for a minute. */
const SIGN_IN_PER_MINUTE = 120;

/** Limits how often one address may call. The counts stay in this process. */
export async function addRateLimits(app: App, { rateLimits }: Pick<HttpContext, "rateLimits">): Promise<void> {
  app.addHook("onRoute", (route) => {
    const isSignIn = /^\/api\/v1\/auth\/(siwe\/|refresh)/.test(route.url);
    if (isSignIn) route.config = { ...route.config, rateLimit: { max: rateLimits?.signIn ?? SIGN_IN_PER_MINUTE, groupId: "sign-in" } };
  });
  const errorResponseBuilder = (_request: unknown, { max, after }: { max: number; after: string }) =>
    new StoaError("too_many_requests", `more than ${max} requests a minute; try again in ${after}`);
  await app.register(rateLimit, { global: false, timeWindow: 60_000, errorResponseBuilder });
  // As a hook of the whole app it runs before the sign-in is looked up, and covers unknown routes too.
  app.addHook("onRequest", app.rateLimit({ max: rateLimits?.all ?? ALL_PER_MINUTE, timeWindow: 60_000, errorResponseBuilder }));
}
