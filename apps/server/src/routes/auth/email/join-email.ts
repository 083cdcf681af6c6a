import { EmailRequestSchema, MailSentSchema } from "@stoa/protocol";
import type { App } from "../../../http/app.ts";
import { callerOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

/** `POST /api/v1/auth/email`: an e-mail address for the caller's account, once it is confirmed. */
export function joinEmail(app: App, { accounts }: HttpContext): void {
  app.post(
    "/auth/email",
    {
      schema: {
        summary: "Join an e-mail address to the account",
        body: EmailRequestSchema,
        response: { 202: MailSentSchema },
      },
    },
    async (request, reply) => reply.code(202).send(await accounts.requestEmail(callerOf(request), request.body)),
  );
}
