import cors from "@fastify/cors";
import type { App } from "./app.ts";
import type { HttpContext } from "./http-context.ts";

/** What a page may read of an answer beside its body and the headers that browsers always show. */
const EXPOSED = [
  "accept-ranges",
  "content-range",
  "etag",
  "ratelimit-limit",
  "ratelimit-remaining",
  "ratelimit-reset",
  "retry-after",
  "upload-complete",
  "upload-limit",
  "upload-offset",
];
const MAX_AGE_SECONDS = 600;

/** Lets pages of named origins call the API; without any, browsers keep all others away. No cookie is ever involved. */
export async function addCors(app: App, { corsOrigins = [] }: Pick<HttpContext, "corsOrigins">): Promise<void> {
  if (corsOrigins.length === 0) return;
  await app.register(cors, {
    origin: corsOrigins,
    methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    exposedHeaders: EXPOSED,
    maxAge: MAX_AGE_SECONDS,
  });
}
