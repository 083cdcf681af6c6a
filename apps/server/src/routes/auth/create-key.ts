import { KeyRequestSchema, NewApiKeySchema } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import { callerOf } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";

/** `POST /api/v1/auth/keys`: a new API key, shown this once. */
export function createKey(app: App, { accounts }: HttpContext): void {
  app.post(
    "/auth/keys",
    { schema: { summary: "Make an API key", body: KeyRequestSchema, response: { 201: NewApiKeySchema } } },
    async (request, reply) => {
      const made = await accounts.createKey(callerOf(request).accountId, request.body);
      return reply.code(201).header("cache-control", "no-store").send(made);
    },
  );
}
