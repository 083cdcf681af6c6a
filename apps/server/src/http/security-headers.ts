import type { App } from "./app.ts";

/** The web page loads from its own origin only; it may open the live stream there. */
export const WEB_CSP =
  "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/** An answer of the API is data: a browser that is led to it runs nothing. */
const API_CSP = "default-src 'none'; frame-ancestors 'none'";

/** Sets the headers that keep a browser from doing with an answer what it was not made for. */
export function addSecurityHeaders(app: App): void {
  app.addHook("onSend", (_request, reply, payload, done) => {
    reply.header("x-content-type-options", "nosniff");
    reply.header("referrer-policy", "no-referrer");
    reply.header("x-frame-options", "DENY");
    reply.header("cross-origin-opener-policy", "same-origin");
    reply.header("cross-origin-resource-policy", "same-origin");
    if (!reply.hasHeader("content-security-policy")) reply.header("content-security-policy", API_CSP);
    done(null, payload);
  });
}
