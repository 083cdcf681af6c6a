import { ChangePasswordSchema } from "@stoa/protocol";
import type { App } from "../../../http/app.ts";
import { callerOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

/** `PUT /api/v1/auth/password`: another password, by the current one. */
export function changePassword(app: App, { accounts }: HttpContext): void {
  app.put(
    "/auth/password",
    { schema: { summary: "Change the password, and end the other sessions", body: ChangePasswordSchema } },
    async (request, reply) => {
      await accounts.changePassword(callerOf(request), request.body);
      return reply.code(204).send();
    },
  );
}
