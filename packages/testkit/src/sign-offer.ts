import type { OpenedAuction, PlaceOpenBid } from "@stoa/market";
import { answersRoot } from "@stoa/core";
import { openBidId, type PassReason, passAnswer, type SheetAnswer, signTyped } from "@stoa/protocol";
import type { MarketFixture } from "./market-fixture.ts";
import type { FixtureNode } from "./sign-sheet.ts";

/** What a node says in an open auction: the price it would do the task for, royalty included, or why it bids no more. */
export type Offer = { number: number; price: bigint; bond?: bigint } | PassReason;

/** A node's signed offer in an open auction, ready to be placed. */
export async function signOffer(
  { terms, manifest, agentVersion }: Pick<MarketFixture, "terms" | "manifest" | "agentVersion">,
  { auctionId, opening }: OpenedAuction,
  { key }: FixtureNode,
  offer: Offer,
): Promise<PlaceOpenBid> {
  const { orderHash, order } = opening.task;
  const answer: SheetAnswer =
    typeof offer === "string"
      ? passAnswer(orderHash, offer)
      : {
          orderHash,
          agentVersion,
          ask: (offer.price - BigInt(manifest.royalty)).toString(),
          promisedSeconds: 30,
          reason: 0,
        };
  const isBid = typeof offer !== "string";
  const sheet = {
    roundId: isBid ? openBidId(auctionId, offer.number) : auctionId,
    node: key.address,
    slots: isBid ? 1 : 0,
    bond: (isBid ? offer.bond : undefined) ?? terms.minBond,
    answersRoot: answersRoot([answer]),
    expiresAt: BigInt(order.deliverBy),
  };
  return {
    auctionId,
    node: key.address,
    number: isBid ? offer.number : null,
    sheet,
    signature: await signTyped(key, terms.domain, "BidSheet", sheet),
    answer,
  };
}
