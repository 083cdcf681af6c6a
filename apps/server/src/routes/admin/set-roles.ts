import { OverseenAccountSchema, SetRolesSchema } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import { actorOf } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { AccountParamsSchema, overseenAccount, requireAccount } from "./require-account.ts";

/** `PUT /api/v1/admin/accounts/:id/roles`: gives an account its roles, and ends its sessions. */
export function setRoles(app: App, { accounts }: HttpContext): void {
  app.put(
    "/admin/accounts/:id/roles",
    {
      schema: {
        summary: "Set an account's roles",
        params: AccountParamsSchema,
        body: SetRolesSchema,
        response: { 200: OverseenAccountSchema },
      },
    },
    async (request) => {
      const { id } = request.params;
      await accounts.setRoles({ accountId: id, actor: actorOf(request), ...request.body });
      return overseenAccount(await requireAccount(accounts, id));
    },
  );
}
