import type { App } from "./app.ts";

/**
 * The dashboard loads from its own origin only, makes no code out of text, and speaks to its own origin alone, and to
 * the chain where the market publishes an address of it.
 */
export function webPolicy(rpcUrl: string | undefined): string {
  const chain = rpcUrl !== undefined && URL.canParse(rpcUrl) ? ` ${new URL(rpcUrl).origin}` : "";
  return `default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'${chain}; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`;
}
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
