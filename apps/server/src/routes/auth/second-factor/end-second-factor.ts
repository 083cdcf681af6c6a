import { SecondFactorRequestSchema } from "@stoa/protocol";
import type { App } from "../../../http/app.ts";
import { callerOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

/** `POST /api/v1/auth/second-factor/end`: no second factor is asked for any more. */
export function endSecondFactor(app: App, { accounts }: HttpContext): void {
  app.post(
    "/auth/second-factor/end",
    { schema: { summary: "End the second factor", body: SecondFactorRequestSchema } },
    async (request, reply) => {
      await accounts.endSecondFactor(callerOf(request), request.body);
      return reply.code(204).send();
    },
  );
}
