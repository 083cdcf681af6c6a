import { PublishedAuctionSchema, StoaError } from "@stoa/protocol";
import { findAuctionRecord } from "@stoa/store";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { toIso } from "../../http/pagination.ts";
import { AuctionParamsSchema, requireAuction } from "./auction-view.ts";

/** `GET /api/v1/auctions/:id/record`: all that anyone needs to check a closed open auction again. */
export function showAuctionRecord(app: App, { database }: HttpContext): void {
  app.get(
    "/auctions/:id/record",
    {
      schema: {
        summary: "Read a closed open auction's public record",
        params: AuctionParamsSchema,
        response: { 200: PublishedAuctionSchema },
      },
    },
    async ({ params }) => {
      const auction = await requireAuction(database, params.id);
      const found = await findAuctionRecord(database, auction.id);
      if (!found) {
        throw new StoaError(
          "auction_open",
          `the auction ${auction.id} is open until ${toIso(auction.endsAt)}, or later when late bids come`,
        );
      }
      const supplements = found.supplements.map((supplement) => ({ ...supplement, madeAt: toIso(supplement.madeAt) }));
      return { auctionId: auction.id, outcomeHash: found.outcomeHash, record: found.record, supplements };
    },
  );
}
