import { ListAccountsQuerySchema, OverseenAccountPageSchema, parseAddress } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { pageFilter, toPage } from "../../http/pagination.ts";
import { overseenAccount } from "./require-account.ts";

/** `GET /api/v1/admin/accounts`: accounts, the newest first. */
export function listAccounts(app: App, { accounts }: HttpContext): void {
  app.get(
    "/admin/accounts",
    {
      schema: {
        summary: "List accounts",
        querystring: ListAccountsQuerySchema,
        response: { 200: OverseenAccountPageSchema },
      },
    },
    async ({ query }) => {
      const { address, role, suspended } = query;
      const page = pageFilter(query);
      const rows = await accounts.listAccounts({
        address: address && parseAddress(address),
        role,
        suspended,
        ...page,
      });
      return toPage(rows, page.limit, overseenAccount, (row) => ({ at: row.createdAt, id: row.id }));
    },
  );
}
