import { ResetPasswordSchema } from "@stoa/protocol";
import type { App } from "../../../http/app.ts";
import type { HttpContext } from "../../../http/http-context.ts";

/** `POST /api/v1/auth/password/reset`: another password, by the mailed token. */
export function resetPassword(app: App, { accounts }: HttpContext): void {
  app.post(
    "/auth/password/reset",
    { schema: { summary: "Reset the password, and end all sessions", body: ResetPasswordSchema } },
    async (request, reply) => {
      await accounts.resetPassword(request.body.token, request.body.password);
      return reply.code(204).send();
    },
  );
}
