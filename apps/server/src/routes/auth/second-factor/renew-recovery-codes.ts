import { RecoveryCodesSchema, SecondFactorRequestSchema } from "@stoa/protocol";
import type { App } from "../../../http/app.ts";
import { callerOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

/** `POST /api/v1/auth/second-factor/recovery-codes`: other recovery codes; those before are worthless. */
export function renewRecoveryCodes(app: App, { accounts }: HttpContext): void {
  app.post(
    "/auth/second-factor/recovery-codes",
    {
      schema: {
        summary: "Make other recovery codes",
        body: SecondFactorRequestSchema,
        response: { 200: RecoveryCodesSchema },
      },
    },
    async (request, reply) => {
      const made = await accounts.renewRecoveryCodes(callerOf(request), request.body);
      return reply.header("cache-control", "no-store").send(made);
    },
  );
}
