import type { OpenAuctionBody } from "@stoa/protocol";
import { nextAuctionState, openedAuction, type OpenAuctionState } from "./next-auction-state.ts";
import { offeredVersions, type OfferAction, readOffer } from "./read-offer.ts";

/** What an open auction is decided by. */
export type OpenAuctionInputs = Pick<OpenAuctionBody, "opening" | "versions" | "offers">;

/**
 * Goes through an auction's offers again, in their order.
 * @returns how it stood after the last, and every bid that was taken
 * @throws {StoaError} as {@link nextAuctionState} for an offer that the rules do not admit
 */
export function replayAuction({ opening, versions, offers }: OpenAuctionInputs): {
  state: OpenAuctionState;
  bids: Extract<OfferAction, { type: "bid" }>[];
} {
  const known = offeredVersions(versions);
  const bids: Extract<OfferAction, { type: "bid" }>[] = [];
  let state = openedAuction(opening);
  for (const offer of offers) {
    const action = readOffer(opening, known, offer, state.bids + 1);
    state = nextAuctionState(opening, state, action);
    if (action.type === "bid") bids.push(action);
  }
  return { state, bids };
}
