import { existsSync } from "node:fs";
import staticFiles from "@fastify/static";
import { StoaError } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { WEB_CSP } from "../../http/security-headers.ts";

/** A name that carries its content's hash never means anything else. */
const HASHED_NAME = /[.-][0-9A-Za-z_-]{8,}\.(js|css|woff2|svg|png)$/;
const HASHED_FOLDER = /[\\/]assets[\\/]/;

/**
 * Serves the web page at `/`: files with hashed names for a year, the rest only after asking.
 * @throws {StoaError} `invalid_configuration` when the folder is not there
 */
export async function serveWeb(app: App, { webRoot }: HttpContext): Promise<void> {
  if (!existsSync(webRoot))
    throw new StoaError("invalid_configuration", `the web page's folder ${webRoot} does not exist`);
  await app.register(staticFiles, {
    root: webRoot,
    prefix: "/",
    cacheControl: false,
    setHeaders(reply, path) {
      const immutable = HASHED_FOLDER.test(path) && HASHED_NAME.test(path);
      reply.header("cache-control", immutable ? "public, max-age=31536000, immutable" : "public, no-cache");
      reply.header("content-security-policy", WEB_CSP);
    },
  });
}
