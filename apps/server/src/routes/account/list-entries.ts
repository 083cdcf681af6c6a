import { type AccountEntry, AccountEntryPageSchema, PageQuerySchema } from "@stoa/protocol";
import { type EntryRow, listArchivedEntries, listEntries as queryEntries } from "@stoa/store";
import type { App } from "../../http/app.ts";
import { walletOf } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { archivedPart, pageFilter, toIso, toPage } from "../../http/pagination.ts";

/**
 * `GET /api/v1/account/entries`: the ledger's entries that concern the caller, the newest first. The last page says
 * which archives have older ones.
 */
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
      const owner = walletOf(request);
      const rows = await queryEntries(database, { owner, ...page });
      const shown = toPage(rows, page.limit, entryView, (row) => ({ at: row.postedAt, id: row.id }));
      // Asked after the entries are read: what is archived meanwhile is missing there.
      if (shown.nextCursor === null) return { ...shown, ...archivedPart(await listArchivedEntries(database, owner)) };
      return shown;
    },
  );
}

function entryView({ postingId, kind, account, amount, taskId, postedAt }: EntryRow): AccountEntry {
  return { postingId, kind, account, amount: amount.toString(), taskId, postedAt: toIso(postedAt) };
}
