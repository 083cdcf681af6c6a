import { ApiKeysSchema } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import { callerOf } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";

/** `GET /api/v1/auth/keys`: the caller's API keys, without the keys themselves. */
export function listKeys(app: App, { accounts }: HttpContext): void {
  app.get(
    "/auth/keys",
    { schema: { summary: "List API keys", response: { 200: ApiKeysSchema } } },
    async (request) => ({
      items: await accounts.listKeys(callerOf(request).accountId),
    }),
  );
}
