import { OverseenAccountSchema, ReasonSchema } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import { actorOf } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { AccountParamsSchema, overseenAccount, requireAccount } from "./require-account.ts";

/** `POST /api/v1/admin/accounts/:id/suspend` and `/restore`. */
export function suspendAccount(app: App, { accounts }: HttpContext): void {
  const verbs = { suspend: accounts.suspendAccount, restore: accounts.restoreAccount };
  for (const [verb, act] of Object.entries(verbs)) {
    app.post(
      `/admin/accounts/:id/${verb}`,
      {
        schema: {
          summary: `${verb === "suspend" ? "Suspend" : "Restore"} an account`,
          params: AccountParamsSchema,
          body: ReasonSchema,
          response: { 200: OverseenAccountSchema },
        },
      },
      async (request) => {
        const { id } = request.params;
        await act({ accountId: id, actor: actorOf(request), reason: request.body.reason });
        return overseenAccount(await requireAccount(accounts, id));
      },
    );
  }
}
