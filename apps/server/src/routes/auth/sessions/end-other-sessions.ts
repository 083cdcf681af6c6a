import type { App } from "../../../http/app.ts";
import { callerOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

/** `DELETE /api/v1/auth/sessions`: signs the account out everywhere but here. */
export function endOtherSessions(app: App, { accounts }: HttpContext): void {
  app.delete("/auth/sessions", { schema: { summary: "End all sessions but this one" } }, async (request, reply) => {
    await accounts.endOtherSessions(callerOf(request));
    return reply.code(204).send();
  });
}
