import rateLimit from "@fastify/rate-limit";
import { StoaError } from "@stoa/protocol";
import type { FastifyRequest } from "fastify";
import type { App } from "./app.ts";
import type { HttpContext } from "./http-context.ts";

/** Requests one address may make a minute. */
const ALL_PER_MINUTE = 12_000;
/** Sign-ins, refreshes and nonces one address may ask for a minute. */
const SIGN_IN_PER_MINUTE = 120;

/**
 * Limits how often one address may call. The counts stay in this process. It runs before the sign-in is looked up, and
 * covers unknown routes too.
 */
export async function addRateLimits(app: App, { rateLimits }: Pick<HttpContext, "rateLimits">): Promise<void> {
  const { all = ALL_PER_MINUTE, signIn = SIGN_IN_PER_MINUTE } = rateLimits ?? {};
  const options = {
    timeWindow: 60_000,
    keyGenerator: (request: FastifyRequest) => (isSignIn(request) ? `sign-in ${request.ip}` : request.ip),
    max: (request: FastifyRequest) => (isSignIn(request) ? signIn : all),
    errorResponseBuilder: (_request: unknown, { max, after }: { max: number; after: string }) =>
      new StoaError("too_many_requests", `more than ${max} requests a minute; try again in ${after}`),
  };
  await app.register(rateLimit, { global: false });
  app.addHook("onRequest", app.rateLimit(options));
}

function isSignIn(request: FastifyRequest): boolean {
  return /^\/api\/v1\/auth\/(siwe\/|refresh$)/.test(request.routeOptions.url ?? "");
}
