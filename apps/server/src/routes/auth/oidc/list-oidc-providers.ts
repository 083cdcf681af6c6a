import { OidcProvidersSchema } from "@stoa/protocol";
import type { App } from "../../../http/app.ts";
import type { HttpContext } from "../../../http/http-context.ts";

/** `GET /api/v1/auth/oidc`: the sites that people may sign in by. */
export function listOidcProviders(app: App, { accounts }: HttpContext): void {
  app.get(
    "/auth/oidc",
    { schema: { summary: "List the sites to sign in by", response: { 200: OidcProvidersSchema } } },
    () => ({ items: accounts.listOidcProviders() }),
  );
}
