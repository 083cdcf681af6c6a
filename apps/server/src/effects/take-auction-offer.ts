import type { TakenOffer } from "@stoa/market";
import { decodeTyped, type Hash, type NodeId, type NodeMessages, StoaError } from "@stoa/protocol";
import type { EffectContext } from "./effect-context.ts";
import type { OpenAuctions } from "./run-open-auctions.ts";

export type OfferContext = Pick<EffectContext, "market" | "hub"> & { auctions: OpenAuctions };

/** Takes a node's bid in an open auction, or its pass, and tells it how the bidding stands. */
export async function takeAuctionOffer(
  { market, hub, auctions }: OfferContext,
  nodeId: NodeId,
  message: NodeMessages["auction.bid"] | NodeMessages["auction.pass"],
): Promise<void> {
  const { auctionId, signature, answer } = message;
  const number = message.type === "auction.bid" ? message.number : null;
  try {
    const sheet = decodeTyped("BidSheet", message.sheet);
    const taken = await market.placeOpenBid({ auctionId, node: nodeId, number, sheet, signature, answer });
    if (number !== null) tellStanding(hub, nodeId, auctionId, taken);
    auctions.consider();
  } catch (error) {
    if (!(error instanceof StoaError) || error.definition.kind !== "mistake") throw error;
    hub.send(nodeId, { type: "auction.rejected", auctionId, code: error.code, message: error.message });
    // Another bid was taken first: the node bids again once it knows which.
    if (error.code === "outbid") await auctions.tellLead(auctionId, nodeId);
  }
}

function tellStanding(
  hub: OfferContext["hub"],
  nodeId: NodeId,
  auctionId: Hash,
  { lead, endsAt, receipt, signature }: TakenOffer,
): void {
  if (!lead) return;
  const { number, node } = lead;
  const standing = { auctionId, lead: { number, node, price: lead.price.toString() }, endsAtMs: endsAt };
  if (node === nodeId) hub.send(nodeId, { type: "auction.led", ...standing, receipt, signature });
  else hub.send(nodeId, { type: "auction.outbid", ...standing });
}
