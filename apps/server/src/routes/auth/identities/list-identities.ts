import { IdentitiesSchema } from "@stoa/protocol";
import type { App } from "../../../http/app.ts";
import { callerOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

/** `GET /api/v1/auth/identities`: all that signs in to the account. */
export function listIdentities(app: App, { accounts }: HttpContext): void {
  app.get(
    "/auth/identities",
    { schema: { summary: "List what signs in to the account", response: { 200: IdentitiesSchema } } },
    (request) => accounts.listIdentities(callerOf(request)),
  );
}
