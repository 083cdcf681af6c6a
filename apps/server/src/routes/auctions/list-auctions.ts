import { AuctionPageSchema, ListAuctionsQuerySchema } from "@stoa/protocol";
import { listAuctions as queryAuctions } from "@stoa/store";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { pageFilter, toPage } from "../../http/pagination.ts";
import { auctionSummary } from "./auction-view.ts";

/** `GET /api/v1/auctions`: open auctions, the newest first. Sealed ones are rounds: `/auctions/rounds`. */
export function listAuctions(app: App, { database }: HttpContext): void {
  app.get(
    "/auctions",
    {
      schema: {
        summary: "List open auctions",
        querystring: ListAuctionsQuerySchema,
        response: { 200: AuctionPageSchema },
      },
    },
    async ({ query }) => {
      const { capability, state, task } = query;
      const page = pageFilter(query);
      const rows = await queryAuctions(database, { capability, state, taskId: task, ...page });
      return toPage(rows, page.limit, auctionSummary, (row) => ({ at: row.openedAt, id: row.id }));
    },
  );
}
