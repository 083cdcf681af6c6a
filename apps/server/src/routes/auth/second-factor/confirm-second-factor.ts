import { ConfirmSecondFactorSchema } from "@stoa/protocol";
import type { App } from "../../../http/app.ts";
import { callerOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

/** `POST /api/v1/auth/second-factor/confirm`: the second factor is asked for from now on. */
export function confirmSecondFactor(app: App, { accounts }: HttpContext): void {
  app.post(
    "/auth/second-factor/confirm",
    { schema: { summary: "Confirm the second factor by its first code", body: ConfirmSecondFactorSchema } },
    async (request, reply) => {
      await accounts.confirmSecondFactor(callerOf(request), request.body.code);
      return reply.code(204).send();
    },
  );
}
