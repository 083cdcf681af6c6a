import { BeginSecondFactorSchema, SecondFactorSetupSchema } from "@stoa/protocol";
import type { App } from "../../../http/app.ts";
import { callerOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

/** `POST /api/v1/auth/second-factor`: a secret for an authenticator app, and recovery codes. */
export function beginSecondFactor(app: App, { accounts }: HttpContext): void {
  app.post(
    "/auth/second-factor",
    {
      schema: {
        summary: "Begin with a second factor",
        body: BeginSecondFactorSchema,
        response: { 200: SecondFactorSetupSchema },
      },
    },
    async (request, reply) => {
      const setup = await accounts.beginSecondFactor(callerOf(request), request.body);
      return reply.header("cache-control", "no-store").send(setup);
    },
  );
}
