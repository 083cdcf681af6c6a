import type { App } from "../../http/app.ts";
import { callerOf } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";

/** `POST /api/v1/auth/sign-out`: ends the session. */
export function signOut(app: App, { accounts }: HttpContext): void {
  app.post("/auth/sign-out", { schema: { summary: "End the session" } }, async (request, reply) => {
    await accounts.signOut(callerOf(request));
    return reply.code(204).send();
  });
}
