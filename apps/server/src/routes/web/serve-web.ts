import { existsSync } from "node:fs";
import { join } from "node:path";
import staticFiles from "@fastify/static";
import { StoaError } from "@stoa/protocol";
import type { FastifyRequest } from "fastify";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { webPolicy } from "../../http/security-headers.ts";

/** A name that carries its content's hash never means anything else. */
const HASHED_NAME = /[.-][0-9A-Za-z_-]{8,}\.(js|css|woff2|svg|png)(\.br|\.gz)?$/;
const HASHED_FOLDER = /[\\/]assets[\\/]/;

/**
 * Serves the dashboard at `/`: files with hashed names for a year, the rest only after asking. Its screens have
 * addresses of their own, which the not-found handler answers with the page, see {@link wantsScreen}. Without a build of
 * it the API works all the same, and `/` says how to make one.
 */
export async function serveWeb(app: App, { webRoot, info, log }: HttpContext): Promise<void> {
  if (!existsSync(join(webRoot, "index.html"))) {
    log.warn({ webRoot }, "there is no dashboard: npm run build web makes it, and the next start serves it");
    app.get("/*", { schema: { hide: true } }, ({ url }) => {
      const hint = "the dashboard is not built (npm run build web)";
      throw new StoaError("not_found", `there is no GET ${url.split("?")[0]}; ${hint}`);
    });
    return;
  }
  await app.register(staticFiles, {
    root: webRoot,
    prefix: "/",
    cacheControl: false,
    // The build lays them beside what they compress.
    preCompressed: true,
    setHeaders(reply, path) {
      const immutable = HASHED_FOLDER.test(path) && HASHED_NAME.test(path);
      reply.header("cache-control", immutable ? "public, max-age=31536000, immutable" : "public, no-cache");
      reply.header("content-security-policy", webPolicy(info().rpcUrl));
    },
  });
}

/** Whether a browser asks for a screen of the dashboard, and not a program for something that is not there. */
export function wantsScreen({ method, url, headers }: FastifyRequest): boolean {
  const [path = ""] = url.split("?", 1);
  const isFile = /\.[a-z0-9]+$/i.test(path);
  return method === "GET" && !isFile && !path.startsWith("/api/") && (headers.accept ?? "").includes("text/html");
}
