import { RefreshRequestSchema, SessionTokensSchema } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";

/** `POST /api/v1/auth/refresh`: the next pair of tokens; the old refresh token is dead. */
export function refreshSession(app: App, { accounts }: HttpContext): void {
  app.post(
    "/auth/refresh",
    { schema: { summary: "Renew a session", body: RefreshRequestSchema, response: { 200: SessionTokensSchema } } },
    ({ body }) => accounts.refresh(body.refreshToken),
  );
}
