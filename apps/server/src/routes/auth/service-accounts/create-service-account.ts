import { ServiceAccountRequestSchema, ServiceAccountSchema } from "@stoa/protocol";
import type { App } from "../../../http/app.ts";
import { callerOf } from "../../../http/authenticate.ts";
import type { HttpContext } from "../../../http/http-context.ts";

/** `POST /api/v1/auth/service-accounts`: an account for a program, which acts by keys of its own. */
export function createServiceAccount(app: App, { accounts }: HttpContext): void {
  app.post(
    "/auth/service-accounts",
    {
      schema: {
        summary: "Make a service account",
        body: ServiceAccountRequestSchema,
        response: { 201: ServiceAccountSchema },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await accounts.createServiceAccount(callerOf(request), request.body.name)),
  );
}
