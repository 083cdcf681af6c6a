import { buildSheet } from "@stoa/core";
import {
  encodeTyped,
  type Hash,
  type NodeMessages,
  openBidId,
  type OpenAuctionOpening,
  type SheetAnswer,
  signTyped,
} from "@stoa/protocol";
import type { Terms } from "../terms.ts";

type Auction = { auctionId: Hash; opening: OpenAuctionOpening };

/** Signs a bid: a sheet with the one answer, under an id that no other bid has, good until the task's deadline. */
export async function signBid(
  terms: Terms,
  { auctionId, opening }: Auction,
  number: number,
  answer: SheetAnswer,
): Promise<NodeMessages["auction.bid"]> {
  const expiresAt = BigInt(opening.task.order.deliverBy);
  const signed = await signSheet(terms, openBidId(auctionId, number), answer, { slots: 1, expiresAt });
  return { type: "auction.bid", auctionId, number, ...signed, answer };
}

/** Signs that the node bids no more in the auction. */
export async function signPass(
  terms: Terms,
  { auctionId, opening }: Auction,
  answer: SheetAnswer,
): Promise<NodeMessages["auction.pass"]> {
  const expiresAt = BigInt(Math.ceil(opening.hardEndAt / 1_000));
  const signed = await signSheet(terms, auctionId, answer, { slots: 0, expiresAt });
  return { type: "auction.pass", auctionId, ...signed, answer };
}

async function signSheet(
  terms: Terms,
  roundId: Hash,
  answer: SheetAnswer,
  { slots, expiresAt }: { slots: number; expiresAt: bigint },
): Promise<Pick<NodeMessages["auction.bid"], "sheet" | "signature">> {
  const { node, bond } = terms;
  const sheet = { roundId, node, slots, bond, answersRoot: buildSheet([answer]).root, expiresAt };
  const signature = await signTyped(terms.signer, terms.domain, "BidSheet", sheet);
  return { sheet: encodeTyped("BidSheet", sheet), signature };
}
