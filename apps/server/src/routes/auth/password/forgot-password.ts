import { ForgotPasswordSchema, MailSentSchema } from "@stoa/protocol";
import type { App } from "../../../http/app.ts";
import { clientOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

/** `POST /api/v1/auth/password/forgot`: a link to choose another password with, mailed to the account's address. */
export function forgotPassword(app: App, { accounts }: HttpContext): void {
  app.post(
    "/auth/password/forgot",
    {
      schema: {
        summary: "Ask for a mail to reset the password with",
        body: ForgotPasswordSchema,
        response: { 202: MailSentSchema },
      },
    },
    async (request, reply) => reply.code(202).send(await accounts.requestReset(request.body.email, clientOf(request))),
  );
}
