import { type AccountEntry, AccountEntryPageSchema, PageQuerySchema } from "@stoa/protocol";
import { type EntryRow, listEntries as queryEntries } from "@stoa/store";
import type { App } from "../../http/app.ts";
import { callerOf } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { pageFilter, toIso, toPage } from "../../http/pagination.ts";

/** `GET /api/v1/account/entries`: the ledger's entries that concern the caller, the newest first. */
export function listEntries(app: App, { database }: HttpContext): void {
  app.get(
    "/account/entries",
    {
      schema: {
        summary: "List the caller's ledger entries",
        querystring: PageQuerySchema,
        response: { 200: AccountEntryPageSchema },
      },
    },
    async (request) => {
      const page = pageFilter(request.query);
      const rows = await queryEntries(database, { owner: callerOf(request).address, ...page });
      return toPage(rows, page.limit, entryView, (row) => ({ at: row.postedAt, id: row.id }));
    },
  );
}

function entryView({ postingId, kind, account, amount, taskId, postedAt }: EntryRow): AccountEntry {
  return { postingId, kind, account, amount: amount.toString(), taskId, postedAt: toIso(postedAt) };
}
