import { ServiceAccountsSchema } from "@stoa/protocol";
import type { App } from "../../../http/app.ts";
import { callerOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

/** `GET /api/v1/auth/service-accounts`: the service accounts that the caller owns. */
export function listServiceAccounts(app: App, { accounts }: HttpContext): void {
  app.get(
    "/auth/service-accounts",
    { schema: { summary: "List service accounts", response: { 200: ServiceAccountsSchema } } },
    async (request) => ({
      items: await accounts.listServiceAccounts(callerOf(request)),
    }),
  );
}
