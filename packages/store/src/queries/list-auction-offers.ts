import type { Address, Hash, SheetAnswer, Signature, WireTyped } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

/** One bid or pass of an open auction, as it was signed and receipted. */
export interface AuctionOfferRow {
  /** The bid's; null for a pass. */
  number: number | null;
  node: Address;
  royalty: bigint;
  at: number;
  sheet: WireTyped<"BidSheet">;
  signature: Signature;
  answer: SheetAnswer;
  receipt: Signature;
}

/** What nodes said in an open auction, in the order it was taken. */
export function listAuctionOffers(database: Queryable, auctionId: Hash): Promise<AuctionOfferRow[]> {
  return database.query<AuctionOfferRow>(
    `select number, node, royalty, at, sheet, signature, answer, receipt_signature as receipt
       from open_bids where auction_id = $1 order by position`,
    [auctionId],
  );
}
