import { ListRoundsQuerySchema, RoundPageSchema } from "@stoa/protocol";
import { listRounds as queryRounds } from "@stoa/store";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { pageFilter, toPage } from "../../http/pagination.ts";
import { roundSummary } from "./round-view.ts";

/** `GET /api/v1/auctions/rounds`: rounds, the newest first. */
export function listRounds(app: App, { database }: HttpContext): void {
  app.get(
    "/auctions/rounds",
    { schema: { summary: "List rounds", querystring: ListRoundsQuerySchema, response: { 200: RoundPageSchema } } },
    async ({ query }) => {
      const { capability, state } = query;
      const page = pageFilter(query);
      const rows = await queryRounds(database, { capability, state, ...page });
      return toPage(rows, page.limit, roundSummary, (row) => ({ at: row.openedAt, id: row.id }));
    },
  );
}
