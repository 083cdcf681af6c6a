import { type AuctionBids, AuctionBidsSchema, passReasonOf } from "@stoa/protocol";
import { type AuctionOfferRow, listAuctionOffers } from "@stoa/store";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { toIso } from "../../http/pagination.ts";
import { unservedSentence } from "../tasks/unserved-sentences.ts";
import { AuctionParamsSchema, requireAuction } from "./auction-view.ts";

/** `GET /api/v1/auctions/:id/bids`: every bid and pass so far, public at once. */
export function showAuctionBids(app: App, { database }: HttpContext): void {
  app.get(
    "/auctions/:id/bids",
    {
      schema: {
        summary: "Show an open auction's bids",
        params: AuctionParamsSchema,
        response: { 200: AuctionBidsSchema },
      },
    },
    async ({ params }) => {
      const { id, opening } = await requireAuction(database, params.id);
      const offers = await listAuctionOffers(database, id);
      const heard = new Set(offers.map(({ node }) => node));
      return {
        auctionId: id,
        bids: offers.flatMap(bidView),
        passes: offers.filter(({ number }) => number === null).map(passView),
        silent: opening.asked.map(({ node }) => node).filter((node) => !heard.has(node)),
      };
    },
  );
}

function bidView({ number, node, royalty, answer, at }: AuctionOfferRow): AuctionBids["bids"] {
  if (number === null) return [];
  const { agentVersion, ask, promisedSeconds } = answer;
  const price = (BigInt(ask) + royalty).toString();
  return [{ number, node, agentVersion, ask, royalty: royalty.toString(), price, promisedSeconds, at: toIso(at) }];
}

function passView({ node, answer, at }: AuctionOfferRow): AuctionBids["passes"][number] {
  const reason = passReasonOf(answer.reason) ?? "unknown_reason";
  return { node, reason, sentence: unservedSentence(reason), at: toIso(at) };
}
