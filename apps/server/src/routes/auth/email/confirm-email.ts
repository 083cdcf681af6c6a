import { ConfirmEmailSchema } from "@stoa/protocol";
import type { App } from "../../../http/app.ts";
import type { HttpContext } from "../../../http/http-context.ts";

/** `POST /api/v1/auth/email/confirm`: the address is its holder's, who can sign in by it now. */
export function confirmEmail(app: App, { accounts }: HttpContext): void {
  app.post(
    "/auth/email/confirm",
    { schema: { summary: "Confirm an e-mail address", body: ConfirmEmailSchema } },
    async (request, reply) => {
      await accounts.confirmEmail(request.body.token);
      return reply.code(204).send();
    },
  );
}
