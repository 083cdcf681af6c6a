import { type Session, SessionSchema } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import { callerOf } from "../../http/authenticate.ts";

/** `GET /api/v1/auth/session`: who the caller is, and what it may do. */
export function showSession(app: App): void {
  app.get(
    "/auth/session",
    { schema: { summary: "Who is signed in", response: { 200: SessionSchema } } },
    (request): Session => {
      const { accountId, address, roles, via, scopes } = callerOf(request);
      return {
        account: { id: accountId, address, roles: [...roles] },
        via,
        scopes: scopes === "all" ? scopes : [...scopes],
      };
    },
  );
}
