import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { App } from "../../http/app.ts";
import { webPolicy } from "../../http/security-headers.ts";

const PAGES = join(import.meta.dirname, "..", "..", "pages");

const files = {
  "/auth/confirm-email": { file: "confirm-email.html", type: "text/html" },
  "/auth/reset-password": { file: "reset-password.html", type: "text/html" },
  "/auth/mail-link.js": { file: "mail-link.js", type: "text/javascript" },
  "/auth/oidc/callback": { file: "oidc-callback.html", type: "text/html" },
  "/auth/oidc-callback.js": { file: "oidc-callback.js", type: "text/javascript" },
};

/**
 * The pages that mailed links and other sites lead to. Opening one does nothing yet: whatever looks at links before
 * people do may.
 */
export function serveMailLinks(app: App): void {
  for (const [path, { file, type }] of Object.entries(files)) {
    const text = readFileSync(join(PAGES, file), "utf8");
    app.get(path, { schema: { hide: true } }, (_request, reply) =>
      reply
        .type(type)
        .header("cache-control", "no-cache")
        .header("content-security-policy", webPolicy(undefined))
        .send(text),
    );
  }
}
