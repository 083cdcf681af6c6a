import { AuctionSchema, type RoundId } from "@stoa/protocol";
import { listAwardsOfRound } from "@stoa/store";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { toIso } from "../../http/pagination.ts";
import { AuctionParamsSchema, auctionSummary, requireAuction } from "./auction-view.ts";

/** `GET /api/v1/auctions/:id`: how an open auction stands; a closed one says what it awarded. */
export function showAuction(app: App, { database }: HttpContext): void {
  app.get(
    "/auctions/:id",
    { schema: { summary: "Show an open auction", params: AuctionParamsSchema, response: { 200: AuctionSchema } } },
    async ({ params }) => {
      const auction = await requireAuction(database, params.id);
      if (auction.state === "open") return auctionSummary(auction);
      const awards = await listAwardsOfRound(database, auction.id as RoundId);
      return {
        ...auctionSummary(auction),
        awards: awards.map(({ hash, node, agentVersion, price, royalty, madeAt }) => ({
          awardHash: hash,
          node,
          agentVersion,
          price: price.toString(),
          royalty: royalty.toString(),
          madeAt: toIso(madeAt),
        })),
      };
    },
  );
}
