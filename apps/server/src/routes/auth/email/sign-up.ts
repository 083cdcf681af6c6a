import { EmailRequestSchema, MailSentSchema } from "@stoa/protocol";
import type { App } from "../../../http/app.ts";
import { clientOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

/** `POST /api/v1/auth/email/sign-up`: an account to be, once its address is confirmed. */
export function signUp(app: App, { accounts }: HttpContext): void {
  app.post(
    "/auth/email/sign-up",
    {
      schema: {
        summary: "Make an account with an e-mail address and a password",
        body: EmailRequestSchema,
        response: { 202: MailSentSchema },
      },
    },
    async (request, reply) => reply.code(202).send(await accounts.requestSignUp(request.body, clientOf(request))),
  );
}
