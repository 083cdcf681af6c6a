import rateLimit from "@fastify/rate-limit";
import { StoaError } from "@stoa/protocol";
import type { FastifyRequest } from "fastify";
import { Redis } from "ioredis";
import type { Logger } from "pino";
import type { App } from "./app.ts";
import type { HttpContext } from "./http-context.ts";

/** Requests one address may make a minute. */
export const ALL_PER_MINUTE = 12_000;
/** Sign-ins, refreshes and whatever else changes how an account is signed in to, one address may ask for a minute. */
export const SIGN_IN_PER_MINUTE = 120;
/** A request does not wait longer for its count. */
const REDIS_TIMEOUT_MS = 500;
const NAMESPACE = "stoa-requests-";

/**
 * Limits how often one address may call. The counts are this process's own, or those of all servers where a Redis keeps
 * them; while that is away nobody is held up. It runs before the sign-in is looked up, and covers unknown routes too.
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ for the headers
 */
export async function addRateLimits(
  app: App,
  { rateLimits = {}, settings, log }: Pick<HttpContext, "rateLimits" | "settings" | "log">,
): Promise<void> {
  const { all = ALL_PER_MINUTE, signIn = SIGN_IN_PER_MINUTE, redisUrl } = rateLimits;
  const redis = redisUrl === undefined ? undefined : connect(app, redisUrl, log);
  const options = {
    timeWindow: 60_000,
    keyGenerator: (request: FastifyRequest) => (isSignIn(request) ? `sign-in ${request.ip}` : request.ip),
    max(request: FastifyRequest) {
      const { requests_per_minute = all, sign_ins_per_minute = signIn } = settings.current();
      return isSignIn(request) ? sign_ins_per_minute : requests_per_minute;
    },
    errorResponseBuilder: (_request: unknown, { max, after }: { max: number; after: string }) =>
      new StoaError("too_many_requests", `more than ${max} requests a minute; try again in ${after}`),
  };
  await app.register(rateLimit, {
    global: false,
    enableDraftSpec: true,
    ...(redis && { redis, nameSpace: NAMESPACE, skipOnError: true }),
  });
  app.addHook("onRequest", app.rateLimit(options));
}

/** Connects for as long as the server is open; a Redis that is away is told once until it is back. */
function connect(app: App, url: string, log: Logger): Redis {
  const redis = new Redis(url, {
    connectTimeout: REDIS_TIMEOUT_MS,
    commandTimeout: REDIS_TIMEOUT_MS,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
  });
  let isTold = false;
  redis.on("error", (error: Error) => {
    if (!isTold) log.warn({ err: error }, "the Redis that counts requests is away: nobody is held up meanwhile");
    isTold = true;
  });
  redis.on("ready", () => {
    isTold = false;
  });
  app.addHook("onClose", async () => redis.disconnect());
  return redis;
}

function isSignIn(request: FastifyRequest): boolean {
  return request.method !== "GET" && (request.routeOptions.url ?? "").startsWith("/api/v1/auth/");
}
