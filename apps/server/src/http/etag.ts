import { createHash } from "node:crypto";
import type { App } from "./app.ts";

/** Gives JSON answers to GET an ETag, and answers 304 to a client that has it. Nothing is kept by caches without asking. */
export function addEtags(app: App): void {
  app.addHook("onSend", (request, reply, payload, done) => {
    const isGet = request.method === "GET" || request.method === "HEAD";
    if (!isGet || reply.statusCode !== 200 || typeof payload !== "string" || reply.hasHeader("etag"))
      return done(null, payload);
    const etag = `W/"${createHash("sha1").update(payload).digest("base64url")}"`;
    reply.header("etag", etag);
    if (!reply.hasHeader("cache-control")) reply.header("cache-control", "private, no-cache");
    if (request.headers["if-none-match"] !== etag) return done(null, payload);
    reply.code(304).removeHeader("content-length").removeHeader("content-type");
    done(null, null);
  });
}
