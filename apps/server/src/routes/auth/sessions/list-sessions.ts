import { SignedInSessionsSchema } from "@stoa/protocol";
import type { App } from "../../../http/app.ts";
import { callerOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

/** `GET /api/v1/auth/sessions`: where the account is signed in. */
export function listSessions(app: App, { accounts }: HttpContext): void {
  app.get(
    "/auth/sessions",
    { schema: { summary: "List sessions", response: { 200: SignedInSessionsSchema } } },
    async (request) => ({
      items: await accounts.listSessions(callerOf(request)),
    }),
  );
}
